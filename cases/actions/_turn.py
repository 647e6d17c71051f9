"""The turn of an action that writes beside a case without working on it: an opening, an asking, a review, a hold."""

from __future__ import annotations

from uuid import UUID

from cases.models import Case
from wellbeing.access.actor import identity
from wellbeing.access.machines import TURNS


def in_turn(case: UUID) -> str:
    """Wait until nobody else changes the case, and keep others from it until the transaction ends; its status then.

    Taken before anything is written: a row that points to the case waits for it only at the commit, when its event
    holds the head of the case's trail already, and whoever works on the case waits for that head. Neither would end.
    """
    with identity(TURNS):
        status: str = Case.objects.select_for_update(of=("self",)).values_list("status", flat=True).get(pk=case)
    return status
