"""Whether a home may be reached: the flag "do not contact", on any case of the person, and why it was set.

A machine looks, because a hospital prints papers for a case that it does not see, and because the flag counts for every
file of the person, also one that the asker does not know of.
"""

from __future__ import annotations

from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from cases.access import Purpose, reveal_entry
from cases.models import Case, ContactStop
from wellbeing.access.actor import Actor, identity
from wellbeing.access.machines import CONTACT
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.errors import Forbidden, Invalid
from wellbeing.moments import absolute

# Files of one person that minimum hand-overs made: each has a person's row of its own, and machines alone know of them.
# What stood when a file went, went along and may have been lifted there since; what was set later is told both ways.
_STOP = """
WITH RECURSIVE hers (person, since) AS (
  SELECT %s::uuid, '-infinity'::timestamptz
  UNION SELECT near.person, near.since FROM hers CROSS JOIN LATERAL (
    SELECT opened.person_id, '-infinity'::timestamptz FROM cases_case went
      JOIN cases_successor s ON s.case_id = went.id JOIN cases_case opened ON opened.id = s.opened_id
      WHERE went.person_id = hers.person
    UNION ALL SELECT went.person_id, s.at FROM cases_case opened
      JOIN cases_successor s ON s.opened_id = opened.id JOIN cases_case went ON went.id = s.case_id
      WHERE opened.person_id = hers.person
  ) near (person, since)
)
SELECT stop.case_id FROM cases_contactstop stop JOIN cases_case c ON c.id = stop.case_id
JOIN hers ON hers.person = c.person_id AND stop.set_at > hers.since
WHERE stop.lifted_at IS NULL ORDER BY stop.set_at LIMIT 1
"""


def stop_of(person: UUID) -> ContactStop | None:
    """The flag that stands on a file of the person, the oldest where there are several: also on one that a minimum
    hand-over opened from hers, and on the one that hers was opened from where it was set there since."""
    with identity(CONTACT), connection.cursor() as cursor:
        cursor.execute(_STOP, [person])
        found = cursor.fetchone()
        rows = ContactStop.objects.filter(case_id=found[0], lifted_at=None) if found else ContactStop.objects.none()
        return rows.select_related("set_by", "asked_by").order_by("set_at").first()


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
