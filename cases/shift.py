"""The end of a shift: which reds and oranges are open, whether a note is owed, and what the last shifts left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.utils.translation import gettext_lazy as _

from cases.access import visible_cases
from cases.models import Case, Draft, PolicyVersion, ShiftNote
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.access.sound import sound
from wellbeing.people.models import User
from wellbeing.signin.sessions import at_work
from wellbeing.workdays import now

NO_NOTE = _("A red or an orange of yours is open, and no note of yours tells the next shift. Write it now.")


def open_danger(actor: Actor) -> list[Case]:
    """The open reds and oranges of the hotline that the actor sees, the gravest first."""
    rows = visible_cases(actor).filter(closed_at=None, tier__in=("red", "orange"), owner_desk_id__in=actor.desks)
    return sorted(sound(actor, rows.select_related("division")), key=lambda case: (case.tier != "red", case.tier_since))


def note_owed(actor: Actor) -> bool:
    """Whether the actor must leave a note before she signs out (PRACTICE.md 3.7): a red or an orange is open, as a case
    or as a sheet that she has not logged, and she has left none since the newest of them and within this shift."""
    if not may(actor, P.SHIFT_HAND_OVER):
        return False
    newest = _newest_danger(actor)
    if newest is None:
        return False
    return not _noted(actor, max(newest, now() - timedelta(hours=PolicyVersion.current().policy().shift_hours)))


def _newest_danger(actor: Actor) -> datetime | None:
    """Since when the newest open red or orange is there, as a case or as a sheet; None where there is none."""
    drafts = Draft.objects.filter(owner_id=actor.person, ended_at=None, flagged_at__isnull=False)
    flagged = [at for at in drafts.values_list("flagged_at", flat=True) if at]
    return max([case.tier_since for case in open_danger(actor)] + flagged, default=None)


def _noted(actor: Actor, since: datetime) -> bool:
    return ShiftNote.objects.filter(
        withdrawn_at=None, by_id=actor.person, desk_id__in=actor.desks, at__gte=since
    ).exists()


def note_missed(actor: Actor) -> bool:
    """Whether the actor went without a note, by an idle session or a closed browser: a red or an orange of hers is
    open, and no note of hers is younger."""
    if not may(actor, P.SHIFT_HAND_OVER):
        return False
    newest = _newest_danger(actor)
    return newest is not None and not _noted(actor, newest)


@dataclass(frozen=True, slots=True)
class Unsaid:
    """What a colleague who is gone left open without a note: how many reds and oranges, since when."""

    by: str
    count: int
    since: datetime


def unsaid(actor: Actor) -> list[Unsaid]:
    """The colleagues of the actor's hotline desk who are gone, whose red or orange is open, and whose last note does
    not tell of it. Names and counts: nobody gave her those cases, and the database tells her no more of them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT counsellor_id, cases, since FROM app_left_open()")
        left = cursor.fetchall()
    here = at_work({counsellor for counsellor, _cases, _since in left})
    by = User.objects.in_bulk({counsellor for counsellor, _cases, _since in left} - here)
    return [Unsaid(str(by[one]), count, since) for one, count, since in left if one in by]


def last_notes(actor: Actor, limit: int = 5) -> list[ShiftNote]:
    """The notes that were left at the actor's desks lately, the newest first, unopened."""
    since = now() - timedelta(hours=PolicyVersion.current().policy().notes_hours)
    rows = ShiftNote.objects.filter(withdrawn_at=None, desk_id__in=actor.desks, at__gte=since)
    return list(rows.select_related("by").order_by("-at")[:limit])
