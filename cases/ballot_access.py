"""The door of the ballot box: a slip is sealed into it, and a closed box is opened once, by the machine that counts it.

Row-level security shows a slip to that machine alone, and only of a month that is over; the key of a box to whoever
takes calls while it takes slips, and to the machine afterwards (migrations/0005_walls_of_calls.py).
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from cases.ballots import CITY, FIELDS, Slip, box, month_of_slip, slip
from cases.models import Ballot
from wellbeing.vault import keys
from wellbeing.vault.documents import open_json, seal_json
from wellbeing.vault.envelope import DataKey, Place, SealError

log = logging.getLogger("wellbeing.ticker")
KIND = "ballots"


def sealed_slip(words: Mapping[str, Any], started: datetime, at: datetime) -> Ballot | None:
    """The unsaved slip of a call; None where the sheet holds nothing that is counted. What was not answered is written
    too, so that every envelope has one length."""
    said = slip(words)
    if not said:
        return None
    made = Ballot(month=month_of_slip(started, at), city=CITY)
    made.sealed = seal_json(_key(made.month), _place(made), {field: said.get(field) for field in FIELDS})
    return made


def closed_boxes() -> list[date]:
    """The months whose slips wait to be counted, the oldest first: those that the wall shows to the asker."""
    return list(Ballot.objects.order_by("month").values_list("month", flat=True).distinct())


def open_box(month: date) -> list[Slip]:
    """Every slip of a closed box. One that does not open (its key went with an older backup) is left out."""
    rows = list(Ballot.objects.filter(month=month))
    by_id = keys.load_for(row.sealed for row in rows)
    found: list[Slip] = []
    for row in rows:
        try:
            said = open_json(by_id[keys.id_of(row.sealed)], _place(row), bytes(row.sealed))
        except (KeyError, SealError):
            log.error("a slip of a ballot box does not open", extra={"codes": {"month": f"{month:%Y-%m}"}})
        else:
            found.append({field: answer for field, answer in said.items() if answer is not None})
    return found


def end_box(month: date) -> None:
    """Destroy the key of a closed box."""
    keys.destroy(KIND, box(month))


def _key(month: date) -> DataKey:
    """The box's key, made with its first slip. Two first ones at once make two: an envelope names its own."""
    try:
        return keys.load_key(KIND, box(month))
    except SealError:
        return keys.new_key(KIND, box(month), CITY)


def _place(row: Ballot) -> Place:
    return Place("cases.ballot", row.pk, "sealed", row.city)
