"""Repeated calls: counted for the tier, under a key of the quarter, without saying who."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from itertools import chain
from typing import Any
from uuid import uuid4

from django.urls import reverse

from cases import actions
from cases.models import Call, Case
from cases.outlived import end_old_indexes
from cases.repeats import BITS, caller_index, calls_since, quarter, seen
from tests.cases.review_stage import strangers
from tests.exchange.stage import rang, seated
from tests.rota.scenes import shift
from tests.stage import actor, call, desk, signed_in
from wellbeing.access.actor import Actor, identity
from wellbeing.audit.models import Event
from wellbeing.audit.tags import Tag
from wellbeing.ids import uuid7
from wellbeing.outbox.models import Notice
from wellbeing.people.models import Role
from wellbeing.vault.keys import forget
from wellbeing.vault.models import NamedKey
from wellbeing.workdays import TIMEZONE, now

WORDS = {"caller_kind": "self", "name": "海风"}


def test_the_third_call_within_a_week_is_at_least_blue(wait: Any) -> None:
    tiers = []
    for _ in range(3):
        tiers.append(call(WORDS | {"caller_number": "0580-0000001"}).tier)
        wait(days=2)
    assert tiers == ["green", "green", "blue"]
    wait(days=8)
    assert call(WORDS | {"caller_number": "0580-0000001"}).tier == "green"


def test_who_is_typing_is_told_what_saving_will_count(db: None) -> None:
    """Red would be proposed by an answer; the third call of a number alone makes blue, and a call counts itself once."""
    lin, number, pk = signed_in("lin"), WORDS | {"caller_number": "0580-0000001"}, uuid7()
    told = lambda **more: lin.post(reverse("call_proposal"), number | more).content.decode()  # noqa: E731
    call(number, by="gao")
    assert "is-green" in told() and looks() == 0
    lin.post(reverse("call_sheet", args=[pk]), number | {"key": str(pk), "goes_on": "1"})
    assert "is-green" in told(key=str(pk)), "it is the second still"
    assert "is-blue" in told() and looks() == 1  # another sheet would be the third, and to be told so is a look
    assert call(number).tier == "blue"


def looks() -> int:
    return len(said())


def said() -> list[dict[str, Any]]:
    """What the events of looks at a caller say, in their order."""
    with identity(Actor.machine("test")):
        events = Event.objects.filter(act=Tag.READ_CALLER).order_by("at", "seq")
        return [json.loads(bytes(event.body))["facts"] for event in events]


def test_the_index_is_short_changes_with_the_quarter_and_ends_after_the_next(wait: Any) -> None:
    first = datetime(now().year + 1, 1, 10, tzinfo=TIMEZONE)
    wait(seconds=(first - now()).total_seconds())
    march, april = (first.replace(month=month) for month in (3, 4))
    number, *more = (f"0580-{tail:07}" for tail in range(2, 7))
    marks = [[caller_index(one, at) for one in (number, *more)] for at in (march, april)]
    assert marks[0] != marks[1]  # of several numbers: one alone keeps its mark once in 2,048 quarters
    assert all(mark is not None and len(mark) * 8 >= BITS and len(mark) == 2 for mark in chain(*marks))
    assert caller_index("没有", march) is None
    call(WORDS | {"caller_number": number})
    wait(days=165)  # the end of the next quarter: the key is still there
    end_old_indexes()
    forget()
    with identity(actor("gao")):
        assert calls_since(number, first + timedelta(days=1), 7) == 1
    wait(days=20)
    assert end_old_indexes() >= 1
    with identity(actor("gao")):  # that a destroyed key finds nothing again: tests/vault/test_blind_index.py
        kept = set(NamedKey.objects.filter(period__gt="").values_list("period", flat=True))  # keys are made for good
        assert quarter(april) in kept and quarter(march) not in kept
        assert caller_index(number, first) is None


def test_a_colleague_learns_how_often_and_sees_no_call(db: None) -> None:
    call(WORDS | {"caller_number": "0580-0000003"})
    with identity(actor("gao")):
        assert calls_since("05800000003", now() + timedelta(minutes=1), 7) == 1
        assert calls_since("", now(), 7) == 0
        assert not Call.objects.exists()


def test_a_name_is_hinted_at_among_ones_own_and_a_number_leads_to_whom_to_ask(db: None) -> None:
    lin, gao = signed_in("lin"), signed_in("gao")
    number = {"caller_number": "0580-0000003"}
    case = call(WORDS | number)
    call({"name": "海 风"})
    call({"name": "海风"}, by="gao")
    call({"name": "海风铃"})

    def told(who: Any, **given: Any) -> str:
        return str(who.post(reverse("caller_seen"), given).content.decode())

    # by the name: one's own cases, however it is spaced; a colleague's is not counted, nor one letter, nor this call itself
    pk = uuid7()
    actions.take_call(actor=actor("lin"), call=actions.CallSheet(words=WORDS), draft=pk, goes_on=True)
    text = told(lin, name="海风", key=pk)
    assert "2 例未结个案" in text and case.reference in text and "海" not in text.replace("海上", "")
    assert "1 例未结个案" in told(gao, name="海风")
    assert told(lin, name="海").strip() == told(signed_in("su"), name="海风").strip() == ""
    assert {"opened": 4, "hits": 2} in said(), "how many covers were opened, and never a word of them"

    # by the number: a way to one's own; a colleague's is not shown, and may be asked about
    ask = reverse("ask_about_caller")
    assert case.reference in told(lin, **number) and ask not in told(lin, **number)
    text = told(gao, **number)
    assert case.reference not in text and ask in text
    sent = number | {"key": str(uuid4())}
    for _twice in range(2):
        assert "已询问" in gao.post(ask, sent).content.decode()
    assert "无人可问" in lin.post(ask, number | {"key": str(uuid4())}).content.decode()
    with identity(Actor.machine("test")):
        asked = Notice.objects.filter(kind__in=("caller_here", "caller_consult")).values_list(
            "kind", "user_id", "target"
        )
        assert set(asked) == {
            ("caller_here", actor("lin").id, f"case:{case.reference}"),
            ("caller_consult", None, "live_desks"),
        }
        assert len(asked) == 2


def test_answering_counts_as_on_duty_and_the_look_says_whether_it_was(db: None) -> None:
    number = {"caller_number": "0580-0000003"}
    call(WORDS | number)

    def looked() -> tuple[Any, bool]:
        page = signed_in("gao").post(reverse("caller_seen"), number).content.decode()
        return [one["on_duty"] for one in said() if "calls" in one][-1], "不在值班表" in page

    assert looked() == (True, False), "a desk without a rota is always on duty"
    shift("lin", by="su", at=desk("hotline", Role.HOTLINE_COUNSELLOR))
    assert looked() == (False, True), "and is told all the same"
    seated(who="gao", ago=timedelta(hours=1))
    rang("now", ended=False, ago=timedelta(minutes=1))
    assert looked() == (True, False)


def test_nobody_but_who_answers_calls_may_ask(db: None) -> None:
    """Nor in SQL; the city's duty desk may count, because it finishes a sheet that came up to it."""
    call(WORDS | {"caller_number": "0580-0000003"})
    number, soon = "0580-0000003", now() + timedelta(minutes=1)
    assert calls_since(number, soon, 7) == 0
    asked = {}
    for name in ("lin", "su", "he", "zhou", "chen", "fang", "shen", "mallory"):
        with identity(actor(name)):
            asked[name] = (calls_since(number, soon, 7), seen(number, soon, 7).calls)
    assert asked == dict.fromkeys(asked, (0, 0)) | {"lin": (1, 1), "su": (1, 1), "he": (1, 0)}


def test_every_look_is_recorded_and_one_too_many_gets_no_hint_and_stops_no_call(
    db: None, wait: Any, settings: Any
) -> None:
    settings.LOOKS_PER_MINUTE = 4
    lin, gao, number = signed_in("lin"), signed_in("gao"), WORDS | {"caller_number": "0580-0000001"}
    for by in ("gao", "su"):
        call(number, by=by)
    hint = lambda who, **more: who.post(reverse("caller_seen"), number | {"name": ""} | more).content.decode()  # noqa: E731
    blue = lambda: "is-blue" in lin.post(reverse("call_proposal"), number).content.decode()  # noqa: E731
    other = next(strangers(number["caller_number"]))
    assert hint(lin, caller_number=other).strip() == "" and looks() == 1  # nobody knows this one: a look too
    assert hint(lin, caller_number="").strip() == "" and looks() == 1
    assert "以前来电" in hint(lin) and "以前来电" in hint(lin) and blue() and looks() == 4
    with identity(Actor.machine("test")):
        bodies = [bytes(one.body).decode() for one in Event.objects.filter(act=Tag.READ_CALLER)]
    assert not any("0000001" in body or other[5:] in body for body in bodies)
    assert "暂不提示" in (told := hint(lin)) and "以前来电" not in told
    assert not blue() and looks() == 4  # nor by what is proposed while typing
    assert "以前来电" in hint(gao)  # her colleague goes on
    pk = uuid7()
    logged = lin.post(reverse("call_sheet", args=[pk]), number | {"key": str(pk), "division": "330902"})
    assert logged.status_code == 302
    with identity(actor("lin")):
        assert Case.objects.get().tier == "blue"  # saving counts as ever
    wait(seconds=61)
    assert "以前来电" in hint(lin)
