"""Watch at home (居家看护): what a guardian who refuses signs where no danger stands (PRACTICE.md 4.4)."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.access import writer
from cases.actions import _clocks
from cases.clocks import ClockKind
from cases.consent import danger, refused
from cases.contact_access import check_contact
from cases.models import Case, ConsentRecord, Entry, EntryKind, Section
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import acts_at
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.people.models import Desk
from wellbeing.workdays import now


@action(P.CONSENT_RECORD)
def watch_at_home(*, actor: Actor, case: Case, words: Mapping[str, Any], desk_id: int | None = None) -> Outcome[Entry]:
    """Seal the plan (`words`: watch, signs, contacts), end the second talk and ask for a contact by policy's time.

    The tier is not lowered by it. Raises Invalid while danger stands, without a refusal, or for an empty plan.
    """
    last = ConsentRecord.newest(case.pk)
    if last is None or not refused(last.outcome):
        raise Invalid("watch", _("The guardian has not refused; there is nothing to watch in place of a referral."))
    if danger(case.tier):
        raise Invalid("watch", _("While danger stands a watch at home is not enough: bring help, or report."))
    if not str(words.get("watch") or "").strip():
        raise Invalid("watch", _("Write who watches, and how."))
    check_contact(actor, case, "watch")
    desk = Desk.objects.get(pk=desk_id or acts_at(actor, P.CONSENT_RECORD, case))
    entry = writer(case).entry(Section.GUARDIAN, EntryKind.HOME_WATCH, words, actor=actor, at=now(), desk_id=desk.pk)
    entry.save(force_insert=True)
    _clocks.stop(case, ClockKind.SECOND_TALK)
    _clocks.start(case, desk, ClockKind.HOME_WATCH)
    return Outcome(entry, stream=case.pk, facts={"kind": ClockKind.HOME_WATCH})
