"""The demo's terms: one that is locked, one that runs with a return in every state; and centres at every stage."""

from __future__ import annotations

from datetime import date, timedelta

from wellbeing.access.actor import Actor, identity
from wellbeing.demo.city import SCHOOLS, DemoSchool
from wellbeing.people.centre_items import YES_OR_NO, CentreItem
from wellbeing.people.flow import CentreState, ReturnState
from wellbeing.people.models import (
    CentreLine,
    Organisation,
    ReturnedTeacher,
    StaffingReturn,
    StandardCentre,
    Term,
    User,
)
from wellbeing.people.returned import Qualification
from wellbeing.people.staffing import Pupils, required
from wellbeing.workdays import now

LAST = ("2025-2026学年第二学期", date(2026, 2, 24), date(2026, 7, 3))
THIS = ("2026-2027学年第一学期", date(2026, 9, 1), date(2027, 1, 29))
LAPSED = ("waiyu",)  # did not report last term
STATES = {  # this term; everybody else is confirmed
    "xinghe": ReturnState.DRAFT,
    "liedao": ReturnState.DRAFT,
    "waiyu": ReturnState.DRAFT,
    "bailang": ReturnState.RETURNED,
    "qingyu": ReturnState.SUBMITTED,
    "jinsha": ReturnState.SUBMITTED,
    "penghai": ReturnState.SUBMITTED,
}
BECAUSE = "T201 的资格证已过有效期,请核对后重新提交。"
PAPERS = (Qualification.DEGREE, Qualification.B, Qualification.A, Qualification.C)
CENTRES = {
    "dinghai-centre": (CentreState.STANDARD, 10),
    "putuo-centre": (CentreState.SUBMITTED, 10),
    "daishan-centre": (CentreState.DRAFT, 6),
}
THERE = {CentreItem.AREA: 86, CentreItem.ROOMS: 5, CentreItem.WEEKLY_HOURS: 12, CentreItem.PART_TIME: 3}
EVIDENCE = "平面图与现场照片(示例)"
SIGNED_ON = date(2026, 6, 18)


def load_returns() -> int:
    """Load both terms and the centres once; again without effect. Returns how many returns were made."""
    with identity(Actor.machine("demo")):
        if Term.objects.exists():
            return 0
        made = _term(LAST, locked=True) + _term(THIS, locked=False)
        _centres()
        return made


def _term(term: tuple[str, date, date], *, locked: bool) -> int:
    name, first_day, last_day = term
    at = now()
    row = Term.objects.create(
        name=name, first_day=first_day, last_day=last_day, opened_at=at, locked_at=at if locked else None
    )
    schools = {one.code: one for one in Organisation.objects.filter(code__in=[one.code for one in SCHOOLS])}
    returns = StaffingReturn.objects.bulk_create(
        StaffingReturn(
            term=row,
            school_id=schools[one.code].pk,
            division_id=one.division,
            stage=one.stage,
            enrolment=one.enrolment,
            boarding=one.boarding,
            because=BECAUSE if not locked and one.code == "bailang" else "",
            short=_short(one) if locked and one.code not in LAPSED else None,
            moved_at=at,
            moved_by=User.objects.filter(username="zhou").first() if one.division == "330902" else None,
        )
        for one in SCHOOLS
    )
    ReturnedTeacher.objects.bulk_create(
        ReturnedTeacher(
            staffing_return=made,
            number=number,
            full_time=full,
            fte=fte,
            qualification=PAPERS[place % len(PAPERS)],
            valid_until=None if place % len(PAPERS) == 0 else last_day + timedelta(days=700),
            weekly_hours=8 if full else 4,
            leave_from=first_day if leave else None,
            supervision_hours=6,
            training_hours=12,
        )
        for made, one in zip(returns, SCHOOLS, strict=True)
        for place, (number, full, fte, leave) in enumerate(one.staff)
    )
    for made, one in zip(returns, SCHOOLS, strict=True):
        made.state = _state(one, locked)  # last: the lines of a return that is locked cannot be written
    StaffingReturn.objects.bulk_update(returns, ["state"])
    return len(returns)


def _state(one: DemoSchool, locked: bool) -> ReturnState:
    if locked:
        return ReturnState.LAPSED if one.code in LAPSED else ReturnState.LOCKED
    return STATES.get(one.code, ReturnState.CONFIRMED)


def _short(one: DemoSchool) -> bool:
    wanted = required(Pupils(one.stage, one.enrolment))[0]
    return wanted > sum(full and fte == 1 and not leave for _number, full, fte, leave in one.staff)


def _centres() -> None:
    at = now()
    for code, (state, items) in CENTRES.items():
        organisation = Organisation.objects.get(code=code)
        standard = state == CentreState.STANDARD
        centre = StandardCentre.objects.create(
            organisation=organisation,
            division_id=organisation.division_id,
            state=state,
            signed_on=SIGNED_ON if standard else None,
            moved_at=at,
        )
        CentreLine.objects.bulk_create(
            CentreLine(
                centre=centre,
                item=item,
                actual=1 if item in YES_OR_NO else THERE.get(item, 2),
                evidence=EVIDENCE,
                inspected_on=SIGNED_ON - timedelta(days=3) if standard else None,
            )
            for item in list(CentreItem)[:items]
        )
