"""Who is told of what the ticker cannot do: of it nothing rings or goes up by itself, so somebody looks herself."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from cases.models import Deadline, Draft, ScreeningBatch, Warning
from wellbeing.access.actor import identity
from wellbeing.access.machines import TICKER
from wellbeing.outbox.post import post
from wellbeing.people.desks import city_desk, system_desk, triage_desk
from wellbeing.workdays import now

log = logging.getLogger("wellbeing.ticker")


@dataclass(frozen=True, slots=True)
class _Told:
    """A desk or a person, and where her notice leads: nowhere where she may not see it."""

    desk: int | None = None
    user: int | None = None
    target: str = ""


def tell_stuck(row: Any) -> None:
    """Say that a clock or a warning of a case, a sheet, or a screening file cannot be moved, once a day; anything else
    stands in the log alone. Never raises."""
    try:
        with identity(TICKER):
            if isinstance(row, Deadline | Warning):
                county = _Told(desk=triage_desk(row.case.division_id).pk, target=f"case:{row.case.reference}")
                _tell("clock_stuck", row.case.pk, row.case.tier, [county, _city()])
            elif isinstance(row, Draft):
                owner = _Told(user=row.owner_id, target=f"draft:{row.pk.hex}")
                above = [_Told(desk=row.with_desk_id, target=owner.target)] if row.with_desk_id else []
                _tell("draft_stuck", row.pk, row.tier, [owner, _Told(desk=row.desk_id), *above, _city()])
            elif isinstance(row, ScreeningBatch):
                whose = [_Told(desk=row.desk_id), _Told(user=row.made_by_id), _Told(desk=_county(row))]
                mends = system_desk()
                files = [_Told(one.desk, one.user, "screenings") for one in whose]
                _tell("screening_stuck", row.pk, "", [*files, _Told(desk=mends.pk if mends else None)])
    except Exception:
        log.exception("nobody could be told of what is stuck", extra={"codes": {"row": row.pk}})


def _tell(kind: str, about: object, tier: str, told: list[_Told]) -> None:
    first: dict[tuple[int | None, int | None], _Told] = {}
    for one in told:
        first.setdefault((one.desk, one.user), one)
    for one in first.values():
        if one.desk or one.user:
            key = f"{kind}:{about}:{one.desk or ''}:{one.user or ''}:{now().date()}"
            post(kind=kind, desk_id=one.desk, user_id=one.user, target=one.target, tier=tier, dedupe_key=key)


def _city() -> _Told:
    return _Told(desk=city_desk().pk)


def _county(batch: ScreeningBatch) -> int:
    return triage_desk(batch.division_id).pk
