"""More states than the stage of the matrix has: there is one case and one referral, and many a form takes words only
before or after where these stand. Each route of which nothing was taken is asked where tests/visits.py finds its page,
and here, where it needs more than that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.urls import reverse

from cases import actions as cases
from cases.attachment import Attached
from cases.consent import Consent
from cases.models import Case, ScreeningFlag
from cases.paper_number import PaperKind, shown
from tests.cases.records_stage import checked
from tests.cases.test_campaigns import flagged
from tests.cases.test_consent import answer
from tests.cases.test_telling import TEACHER
from tests.cases.transfer_stage import ask
from tests.files import scan
from tests.referrals.triage_stage import submitted
from tests.registers.scenes import incident
from tests.stage import GREEN, RED, YELLOW, acknowledged, actor, call, managed
from tests.visits import STRANGER, Places
from wellbeing.access.actor import Actor, identity
from wellbeing.access.routes import routes
from wellbeing.ids import uuid7
from wellbeing.upload import Content

PEOPLE = 2  # who try one page


class Place(NamedTuple):
    """A page, who enters it, and what must stand in fields into which no words of a proof's own can be written."""

    address: str
    who: str
    given: dict[str, Any]


def further(places: Places, missed: Callable[[str], object]) -> Iterator[tuple[str, Place]]:
    """The places of each route of which something is still missed, one after the other as long as it is."""
    for _address, route in routes():
        name = str(route.name)
        if missed(name) and name in MORE:
            yield name, MORE[name]()
        asked = Counter[str]()
        for address, who in places.of(route) if missed(name) else ():
            if not missed(name):
                break
            asked[address] += who != STRANGER
            if who != STRANGER and asked[address] <= PEOPLE:
                yield name, Place(address, who, {})


def _at(name: str, *args: Any, who: str, **given: Any) -> Place:
    return Place(reverse(name, args=args), who, given)


def _asked() -> Place:
    case = managed(RED)
    ask(case)
    return _at("refuse_transfer", case.reference, who="ye")


def _refused() -> Place:
    case = acknowledged(YELLOW)
    answer(case, Consent.REFUSED)
    return _at("watch_at_home", case.reference, who="zhou")


def _flagged(number: str) -> Case:
    flagged(f"{number},000000001")
    with identity(Actor.machine("test")):
        return ScreeningFlag.objects.select_related("case").latest("pk").case


def _group() -> Place:
    students = [managed(words | {"about_kind": "student"}).reference for words in (YELLOW, RED)]
    return _at("log_group", who="chen", cases=students)


def _on_paper() -> Place:
    batch = cases.print_sheets(actor=actor("zhou"), kind=PaperKind.REFERRAL, count=1)
    return _at("enter_referral", who="zhou", paper=shown(batch.pk))


def _attached() -> Place:
    case, zhou = acknowledged(RED), actor("zhou")
    paper = cases.attach(
        actor=zhou, case=case, what=Attached.OTHER, content=Content("同意书.pdf", scan(b"One")), desk_id=zhou.desks[0]
    )
    address = f"{reverse('withdraw_attachment', args=[case.reference])}?entry={paper.entry_id}"
    return Place(address, "zhou", {"typed": case.reference})


MORE: dict[str, Callable[[], Place]] = {
    "agree_school": lambda: _at("agree_school", acknowledged(TEACHER).reference, who="zhou"),
    "break_glass": lambda: _at("break_glass", who="su", reference=call(by="gao").reference),
    "call_sheet": lambda: _at("call_sheet", uuid7(), who="lin"),  # an id that nobody has saved is a new sheet
    "close_case": lambda: _at("close_case", call(GREEN).reference, who="lin"),
    "decline_referral": lambda: _at("decline_referral", submitted(YELLOW).reference, who="zhou"),
    "enter_referral": _on_paper,
    "decide_flagged": lambda: _at("interviews", who="chen", cases=[str(_flagged("S8").pk)], decision="plan"),
    "interview": lambda: _at("interview", _flagged("S7").reference, who="chen"),
    "log_group": _group,
    "propose_answer": lambda: _at("propose_answer", checked().reference, who="zhou"),
    "raise_tier": lambda: _at("raise_tier", acknowledged(YELLOW).reference, who="zhou", to="red"),
    "refuse_transfer": _asked,
    "submit_referral": lambda: _at("submit_referral", managed().reference, who="chen"),
    "watch_at_home": _refused,
    "withdraw_attachment": _attached,
    "write_incident": lambda: _at("write_incident", incident().reference, who="zhou", kind="told", whom="guardian"),
}
