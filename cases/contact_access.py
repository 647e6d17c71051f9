"""Whether a home may be reached: the flag "do not contact", on any case of the person, and why it was set.

A machine looks, because a hospital prints papers for a case that it does not see, and because the flag counts for every
file of the person, also one that the asker does not know of.
"""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from cases.access import Purpose, reveal_entry
from cases.models import Case, ContactStop
from wellbeing.access.actor import Actor, identity
from wellbeing.access.machines import CONTACT
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.errors import Forbidden, Invalid
from wellbeing.moments import absolute


def stop_of(person: UUID) -> ContactStop | None:
    """The flag that stands on a case of the person, the oldest where there are several."""
    with identity(CONTACT):
        rows = ContactStop.objects.filter(case__person_id=person, lifted_at=None).select_related("set_by", "asked_by")
        return rows.order_by("set_at").first()


def by_its_keys(case: UUID) -> Case:
    """A case that the asker need not see: its own key, its person's and its division, and nothing else of it."""
    with identity(CONTACT):
        return Case.objects.only("pk", "person_id", "division_id").get(pk=case)


def stopped(actor: Actor, case: Case) -> str | None:
    """One sentence for the worker: that nobody may reach person or home, who set it, when, and why as far as the actor
    may read it (recorded as a reading); None where nothing stands in the way."""
    stop = stop_of(case.person_id)
    if stop is None:
        return None
    if stop.case_id != case.pk:
        return _("Do not contact the person or the home. Another desk that works with this person has set this.")
    said = _("Do not contact the person or the home: {who} has set this on {day}.").format(
        who=stop.set_by, day=absolute(stop.set_at)
    )
    why = _reason(actor, case, stop)
    return said + (" " + _("The reason: {why}").format(why=why) if why else "")


def may_follow(actor: Actor, case: Case, stop: ContactStop | None, name: str) -> bool:
    """Whether a button about contact makes sense now: set where it does not stand, asked where nobody has, decided by
    another; True for every other button."""
    mine = stop if stop and stop.case_id == case.pk else None
    return {
        "stop_contact": mine is None,
        "ask_contact": mine is not None and mine.asked_at is None,
        "allow_contact": mine is not None and mine.asked_at is not None and mine.asked_by_id != actor.id,
    }.get(name, True)


def check_contact(actor: Actor, case: Case, field: str) -> None:
    """Invalid, with that sentence, for what would reach a home that must not be reached."""
    sentence = stopped(actor, case)
    if sentence:
        raise Invalid(field, sentence)


def _reason(actor: Actor, case: Case, stop: ContactStop) -> str:
    if stop.entry_id is None or not may(actor, P.FILE_READ, case):
        return ""
    try:
        return str(reveal_entry(actor, case, stop.entry_id, Purpose.CARE).words.get("because", ""))
    except Forbidden:
        return ""
