"""Merge a concern (并案): what a teacher reported goes into the case that the student has already."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from cases import concern
from cases.access import Purpose, reveal_entry, writer
from cases.actions import _closing
from cases.actions._raising import raise_or_tell
from cases.actions._stubs import end_grants
from cases.actions.stop_contact import stop_contact
from cases.contact_access import stop_of, stopped
from cases.flow import CASE
from cases.models import Case, Channel, CloseReason, Entry, EntryKind, PolicyVersion, Section
from cases.sections import written_besides
from cases.tiers import Tier, higher, propose
from cases.transfer import End
from wellbeing.access.actor import Actor, identity
from wellbeing.access.machines import CONCERN
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.audit.record import record
from wellbeing.errors import Invalid
from wellbeing.workdays import now

GOES_ALONG = (EntryKind.CONCERN, EntryKind.TELLING)  # of a warned concern somebody must be told before it ends here


@action(P.CONCERN_MERGE)
def merge_concern(*, actor: Actor, case: Case, into: str) -> Outcome[Case]:
    """Seal the concern anew in the case of the reference `into`, which the actor works on, with who was told of it, and
    close its own case as a duplicate. The other case never stands below the concern's tier; several concerns count
    (policy).

    Invalid where there is no such case, where anything else was written meanwhile, and while a warning or whoever must
    be told is outstanding: that is done first, or danger would end in a drawer.
    """
    _closing.check_outstanding(case, "case")
    CASE.step(case.status, "close")
    if case.channel != Channel.CONCERN or written_besides(actor, case, GOES_ALONG):
        raise Invalid("into", _("More than a concern was written here: close it as a duplicate instead."))
    target = _target(actor, case, into)
    at = now()
    rows = list(Entry.objects.filter(case=case, kind__in=GOES_ALONG).order_by("at", "id"))
    for row in rows:
        words = {**reveal_entry(actor, case, row.pk, Purpose.CARE).words, "merged": case.reference}
        copy = writer(target).entry(Section(row.section), EntryKind(row.kind), words, actor=actor, at=row.at)
        # She reported it or told of it, whoever merges it, and where it came to they know who she is.
        copy.author_id, copy.desk_id = row.author_id, row.desk_id
        with identity(CONCERN):
            copy.save(force_insert=True)
    _keep_shut(case, target, actor)
    before = Tier(target.tier)
    raised = raise_or_tell(target, _tier(case, target, at), actor=actor, at=at)
    more = {"from": before, "to": Tier(target.tier)} if raised else {}
    record(stream=target.pk, act=P.CONCERN_MERGE, actor=actor, facts={"merged": case.pk, **more})
    _closing.end_work(case, at=at)
    _closing.close(case, CloseReason.DUPLICATE, at=at)
    end_grants(case, End.CLOSED, at=at)
    return Outcome(target, stream=case.pk, facts={"into": target.pk})


def _keep_shut(case: Case, target: Case, actor: Actor) -> None:
    """The flag of a concern whose file ends here goes on in the other one, also where that is another person's row."""
    if stop_of(case.person_id) is not None and stop_of(target.person_id) is None:
        stop_contact(actor=actor, case=target, because=stopped(actor, case) or "")


def _target(actor: Actor, case: Case, reference: str) -> Case:
    found = _closing.goes_on_in(actor, case, reference, P.CONCERN_MERGE, "into")
    if found is None:
        raise Invalid("into", _("None of your cases has this reference."))
    return found


def _tier(case: Case, target: Case, at: datetime) -> Tier:
    """What the target stands at, at least: the concern's tier, and what all the concerns about it call for."""
    policy = PolicyVersion.current().policy()
    since = at - timedelta(days=policy.concern_days)
    concerns = Entry.objects.filter(case=target, kind=EntryKind.CONCERN, at__gte=since).count()
    return higher(Tier(case.tier), propose(concern.facts((), concerns), policy).tier)
