"""Who is told of what the ticker cannot do: of it nothing rings or goes up by itself, so somebody looks herself. At red
whoever is on duty there is told outside the page as well."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cases.actions import _notices
from cases.models import Case, Deadline, Draft, PolicyVersion, ScreeningBatch, Warning
from cases.tiers import Tier
from wellbeing.access.actor import identity
from wellbeing.access.machines import TICKER
from wellbeing.outbox.post import post
from wellbeing.people.desks import NoDesk, city_desk, system_desk, triage_desk
from wellbeing.people.models import Desk
from wellbeing.rota.duty import on_duty
from wellbeing.workdays import now

log = logging.getLogger("wellbeing.ticker")


@dataclass(frozen=True, slots=True)
class _Told:
    """A desk or a person, and where her notice leads: nowhere where she may not see it."""

    desk: Desk | None = None
    user: int | None = None
    target: str = ""


def tell_stuck(row: Any) -> None:
    """Say that a clock or a warning of a case, a sheet, or a screening file cannot be moved, once a day; anything else
    stands in the log alone. Never raises."""
    try:
        with identity(TICKER):
            if isinstance(row, Deadline | Warning):
                _tell_case(row.case)
            elif isinstance(row, Draft):
                owner = _Told(user=row.owner_id, target=f"draft:{row.pk.hex}")
                above = [_Told(desk=row.with_desk, target=owner.target)] if row.with_desk else []
                _tell("draft_stuck", row.pk, row.tier, [owner, _Told(desk=row.desk), *above, *_city()])
            elif isinstance(row, ScreeningBatch):
                whose = [_Told(desk=row.desk), _Told(user=row.made_by_id), *_county(row.division_id)]
                files = [_Told(one.desk, one.user, "screenings") for one in whose]
                _tell("screening_stuck", row.pk, "", [*files, _Told(desk=system_desk())])
    except Exception:
        log.exception("nobody could be told of what is stuck", extra={"codes": {"row": row.pk}})


def tell_case_stuck(case: UUID) -> None:
    """The same for whatever else follows the clocks of a case: its referral. Never raises."""
    try:
        with identity(TICKER):
            _tell_case(Case.objects.get(pk=case))
    except Exception:
        log.exception("nobody could be told of what is stuck", extra={"codes": {"row": case}})


def _tell_case(case: Case) -> None:
    _tell("clock_stuck", case.pk, case.tier, [*_county(case.division_id, f"case:{case.reference}"), *_city()])


def _tell(kind: str, about: object, tier: str, told: list[_Told]) -> None:
    first: dict[tuple[int | None, int | None], _Told] = {}
    for one in told:
        first.setdefault((one.desk.pk if one.desk else None, one.user), one)
    day = f"{now().date()}:{tier}"  # what has risen since is told again on the same day, and outside the page
    for one in first.values():
        for ring in _rings(one, tier):
            inside = ring.channel == _notices.IN_APP
            post(
                kind=kind,
                desk_id=ring.desk_id,
                user_id=ring.user_id,
                target=one.target if inside else "",
                tier=tier if inside or PolicyVersion.current().policy().notice_colour else "",
                channel=ring.channel,
                dedupe_key=f"{kind}:{about}:{ring.desk_id or ''}:{ring.user_id or ''}:{ring.channel}:{day}",
            )


def _rings(one: _Told, tier: str) -> list[_notices.Ring]:
    if one.desk is None:
        return [_notices.Ring(_notices.IN_APP, user_id=one.user)] if one.user else []
    page = _notices.Ring(_notices.IN_APP, desk_id=one.desk.pk)
    if tier != Tier.RED:
        return [page]
    rings = _notices.desk_rings(one.desk, on_duty(one.desk.pk), Tier.RED, PolicyVersion.current().policy())
    return [page, *(ring for ring in rings if ring.channel != _notices.IN_APP)]


def _city() -> list[_Told]:
    try:
        return [_Told(desk=city_desk())]
    except NoDesk:  # whoever else there is to tell is told
        return []


def _county(division: str, target: str = "") -> list[_Told]:
    try:
        return [_Told(desk=triage_desk(division), target=target)]
    except NoDesk:
        return []
