"""Ask that a home may be reached again; a second person allows it."""

from django.utils.translation import gettext_lazy as _

from cases.access import writer
from cases.actions import _notices
from cases.models import Case, ContactStop, EntryKind, Section
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid, WrongState
from wellbeing.outbox.post import post
from wellbeing.people.desks import triage_desk
from wellbeing.workdays import now


@action(P.CONTACT_ALLOW)
def ask_contact(*, actor: Actor, case: Case, because: str, desk_id: int | None = None) -> Outcome[ContactStop]:
    """Seal why contact is safe again, and tell whoever else works on the case. Invalid without a reason, WrongState
    where no flag stands on this case or somebody has asked already."""
    at = now()
    if not because.strip():
        raise Invalid("because", _("Write why contact is safe again: the second person judges by it."))
    stop = ContactStop.objects.select_for_update().filter(case=case, lifted_at=None).first()
    if stop is None or stop.asked_at is not None:
        raise WrongState(case.status, "ask_contact")
    words = {"because": because.strip()}
    entry = writer(case).entry(Section.GUARDIAN, EntryKind.CONTACT, words, actor=actor, at=at, desk_id=desk_id)
    entry.save(force_insert=True)
    stop.asked_by_id, stop.asked_at = actor.person, at
    stop.save(update_fields=["asked_by", "asked_at"])
    key, target = f"contact_asked:{stop.pk}:{at.timestamp():.0f}", f"case:{case.reference}"
    county = triage_desk(case.division_id).pk
    for user, desk in _notices.working(case, P.CONTACT_ALLOW, but=actor, also={county}):
        to = f"{user or ''}:{desk or ''}"
        post(kind="contact_asked", user_id=user, desk_id=desk, target=target, tier=case.tier, dedupe_key=f"{key}:{to}")
    return Outcome(stop, stream=case.pk, facts={"asked": True})
