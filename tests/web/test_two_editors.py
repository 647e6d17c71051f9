"""Two people fill in the same thing: whoever comes second sees both texts, and replaces nothing that she has not seen.

Every action that replaces what stands has its page here (`filled_from`); one that is missing fails.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
from django.urls import reverse

import wellbeing.urls  # noqa: F401  every page, and so every action, is known then
from referrals import actions as referrals
from tests.api.stage import program
from tests.people.scenes import filed, posted, term
from tests.people.test_centres import filled
from tests.referrals.test_times import ahead
from tests.registers.scenes import hotline_year
from tests.stage import YELLOW, acknowledged, actor, managed, referred, signed_in
from wellbeing.action import REGISTRY
from wellbeing.people import actions as people
from wellbeing.people.desks import counsellor_posts
from wellbeing.people.models import Role
from wellbeing.workdays import TIMEZONE, now

pytestmark = pytest.mark.django_db


def _return() -> Any:
    term()
    return filed("xinghe").pk


def _submitted_centre() -> str:
    people.submit_centre(actor=actor("zhou"), centre=filled())
    return "dinghai-centre"


class Case(NamedTuple):
    """The page, what it is of, who is first and second, the field that both change, and what either writes there."""

    route: str
    of: Callable[[], Any]
    one: str
    other: str
    field: str
    theirs: Any
    mine: Any


def _offered() -> str:
    referral = referred()
    referrals.receive(actor=actor("fang"), referral=referral)
    return referral.reference


def _two_counsellors() -> str:
    posted("second", "xinghe", Role.SCHOOL_COUNSELLOR)
    return acknowledged().reference


def _post(place: int) -> Callable[[], str]:
    """One of the counsellors who may manage a case of Dinghai."""
    return lambda: str(counsellor_posts("330902")[place].pk)


def _time(hours: int) -> Callable[[], str]:
    return lambda: f"{ahead(hours=hours).astimezone(TIMEZONE):%Y-%m-%dT%H:%M}"


# A file of many returns is compared with those that it names: tests/people/test_import_roster.py
OTHERWISE = {"import_roster"}
CASES = (
    Case("assign_manager", _two_counsellors, "zhou", "luo", "manager", _post(0), _post(1)),
    Case("propose_times", _offered, "fang", "fang", "at", _time(30), _time(50)),
    Case("plan_safety", lambda: acknowledged().reference, "zhou", "luo", "signs", "不回消息", "整夜不睡"),
    Case("plan_return", lambda: managed(YELLOW).reference, "chen", "zhou", "advice", "减半作业", "固定同伴"),
    Case("flag_groups", lambda: managed(YELLOW).reference, "chen", "zhou", "note", "奶奶照看", "父母去世"),
    Case("renew_letter", lambda: referred().reference, "zhou", "luo", "summary", "夜间来电", "计划明确"),
    Case("fill_return", _return, "chen", "chen", "enrolment", "843", "851"),
    Case("fill_centre", lambda: "dinghai-centre", "zhou", "luo", "area_evidence", "照片一", "合同七号"),
    Case("inspect_centre", _submitted_centre, "shen", "shen", "seen", ["area"], ["rooms"]),
    Case("fill_year", lambda: hotline_year().year, "su", "su", "seats", "3", "4"),
    Case("change_staffing_policy", lambda: 1, "shen", "shen", "primary_pupils", "900", "1100"),
)


def test_every_action_that_replaces_stands_here() -> None:
    replacing = {name for name, one in REGISTRY.items() if "filled_from" in inspect.signature(one.run).parameters}
    assert replacing == {one.route for one in CASES} | OTHERWISE


def filled_in(page: Any) -> dict[str, Any]:
    """What a browser would send of a page's form as it stands."""
    form, sent = page.context["form"], dict[str, Any]()
    for bound in form:
        value = bound.value()
        shown = ("on" if value else None) if isinstance(value, bool) else bound.field.widget.format_value(value)
        if shown not in (None, "", [], [""]):
            sent[bound.html_name] = shown[0] if isinstance(shown, list) and bound.widget_type == "select" else shown
    return sent | {"because": "试行"} if "because" in form.fields else sent


@pytest.mark.parametrize("case", CASES, ids=lambda one: one.route)
def test_whoever_comes_second_sees_both_and_a_second_press_replaces(case: Case, wait: Any) -> None:
    address, one, other = reverse(case.route, args=[case.of()]), signed_in(case.one), signed_in(case.other)
    wait(seconds=1)  # one test is one transaction, and its moments are alike
    early, late = one.get(address), other.get(address)  # both have it before them
    theirs, typed = (text() if callable(text) else text for text in (case.theirs, case.mine))
    assert one.post(address, filled_in(early) | {case.field: theirs}).status_code == 302

    mine = filled_in(late) | {case.field: typed}
    refused = other.post(address, mine)
    page, form = refused.content.decode(), refused.context["form"]
    assert refused.status_code == 409 and form[case.field].value() == typed, "what was typed stands in the form"
    assert form.meanwhile.who == str(actor(case.one).name) and isinstance(form.meanwhile.at, datetime)
    (row,) = [row for row in form.meanwhile.rows if row[0] == form[case.field].label]
    assert all(text and text in page for text in row[1:]) and row[1] != row[2], "both texts beside each other"
    assert not any(re.search(r"\dT\d", text) for text in row[1:]), "a moment as people write it"
    assert f"{form.meanwhile.who} 在此期间作了修改" in page and "以我的内容替换" in page
    assert filled_in(other.get(address)).get(case.field) != typed, "nothing was replaced"
    wait(seconds=1)

    again = mine | {"filled_from": form["filled_from"].value(), "key": form["key"].value()}
    assert other.post(address, again).status_code == 302
    assert filled_in(one.get(address))[case.field] == typed
    assert other.post(address, mine | {"key": uuid4()}).status_code == 409, "an old page stays an old page"


def test_a_program_is_refused_alike_and_told_what_to_read() -> None:
    case, zhou = acknowledged(), program("zhou")
    assert zhou.act("plan_safety", case.reference, signs="不回消息").status_code == 200
    refused = zhou.act("plan_safety", case.reference, signs="整夜不睡")
    said = refused.json()
    assert (refused.status_code, said["state"], said["reference"]) == (409, "newer", case.reference)
    assert said["by"] == actor("zhou").name and datetime.fromisoformat(said["at"]) <= now()
    seen = {"filled_from": said["filled_from"]}
    assert zhou.act("plan_safety", case.reference, signs="整夜不睡", **seen).status_code == 200


def test_a_machine_and_an_act_within_another_replace_without_a_form() -> None:
    made = hotline_year()
    assert hotline_year(made.year, seats=5).seats == 5
