"""The end of a shift: which reds and oranges are open, whether a note is owed, and what the last shifts left."""

from __future__ import annotations

from datetime import timedelta

from cases.access import visible_cases
from cases.models import Case, Draft, PolicyVersion, ShiftNote
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.workdays import now


def open_danger(actor: Actor) -> list[Case]:
    """The open reds and oranges of the hotline that the actor sees, the gravest first."""
    rows = visible_cases(actor).filter(closed_at=None, tier__in=("red", "orange"), owner_desk_id__in=actor.desks)
    return sorted(rows.select_related("division"), key=lambda case: (case.tier != "red", case.tier_since))


def note_owed(actor: Actor) -> bool:
    """Whether the actor must leave a note before she signs out (PRACTICE.md 3.7): a red or an orange is open, as a case
    or as a sheet that she has not logged, and she has left none since the newest of them and within this shift."""
    if not may(actor, P.SHIFT_HAND_OVER):
        return False
    drafts = Draft.objects.filter(owner_id=actor.person, ended_at=None, flagged_at__isnull=False)
    flagged = [at for at in drafts.values_list("flagged_at", flat=True) if at]
    danger = [case.tier_since for case in open_danger(actor)] + flagged
    if not danger:
        return False
    since = max(now() - timedelta(hours=PolicyVersion.current().policy().shift_hours), *danger)
    return not ShiftNote.objects.filter(by_id=actor.person, desk_id__in=actor.desks, at__gte=since).exists()


def last_notes(actor: Actor, limit: int = 5) -> list[ShiftNote]:
    """The notes that were left at the actor's desks lately, the newest first, unopened."""
    since = now() - timedelta(hours=PolicyVersion.current().policy().notes_hours)
    rows = ShiftNote.objects.filter(desk_id__in=actor.desks, at__gte=since)
    return list(rows.select_related("by").order_by("-at")[:limit])
