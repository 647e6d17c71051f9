"""Record the special groups (特殊群体) that a student belongs to: all of them at once, sealed."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.access import writer
from cases.actions import _clocks
from cases.actions._raising import raise_to
from cases.clocks import ClockKind
from cases.groups import Group, confirm_at
from cases.models import Case, Entry, EntryKind, PolicyVersion, Section
from cases.queues import standing
from cases.tiers import Facts, Tier, propose
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.people.models import Desk
from wellbeing.workdays import TIMEZONE, now


@action(P.GROUPS_FLAG)
def flag_groups(
    *,
    actor: Actor,
    case: Case,
    groups: Sequence[Group],
    filled_from: str | None = None,
    life_event: bool = False,
    note: str = "",
    confirm_by: date | None = None,
    desk_id: int | None = None,
) -> Outcome[Entry]:
    """Write the groups as they stand now; the newest entry counts. A flag with a hard event is at least blue, a flag
    alone is no tier (PRACTICE.md 7). Until they are confirmed anew a clock of the desk runs, by the end of the quarter
    or of the term.

    Invalid for a closed case, Newer when a colleague has written them since the form was filled.
    """
    if case.status == "closed":
        raise Invalid("groups", _("The case is closed."))
    standing(case, EntryKind.GROUPS).still(filled_from, "flag_groups")
    at, policy = now(), PolicyVersion.current().policy()
    again = confirm_at(at, confirm_by).astimezone(TIMEZONE) - timedelta(seconds=1)  # still on its last day
    words = {
        "groups": [str(group) for group in groups],
        "life_event": "yes" if life_event else "",
        "note": note,
        "confirm_by": again.date().isoformat() if groups else "",
    }
    made = writer(case).entry(Section.GUARDIAN, EntryKind.GROUPS, words, actor=actor, at=at, desk_id=desk_id)
    made.save(force_insert=True)
    _clocks.stop(case, ClockKind.CONFIRM_GROUPS)
    if groups:
        keeper = Desk.objects.get(pk=desk_id or case.owner_desk_id)
        _clocks.start(case, keeper, ClockKind.CONFIRM_GROUPS, at=at, due=again)
    found = propose(Facts(special_group=bool(groups), life_event=life_event), policy)
    rules = frozenset(reason.rule for reason in found.reasons)
    before = Tier(case.tier)
    facts: dict[str, Any] = {"groups": len(groups)}
    if raise_to(case, found.tier, actor=actor, at=at, rules=rules):
        facts |= {"from": before, "to": found.tier}
    return Outcome(made, stream=case.pk, facts=facts)
