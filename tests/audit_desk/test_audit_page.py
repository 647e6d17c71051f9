"""The audit administrator finds who did what, page by page; she reads references, and no word of any case."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from cases import actions
from cases.access import Purpose, open_case, reveal
from cases.models import Section
from cases.nearness import nearness
from cases.search import find
from cases.telling import How, Told, Whom
from tests.stage import RED, acknowledged, actor, call, scene
from wellbeing.access.actor import Actor, identity
from wellbeing.access.permissions import P
from wellbeing.audit.models import Event
from wellbeing.audit.record import user_stream
from wellbeing.audit.sequencer import seal
from wellbeing.audit.tags import Tag
from wellbeing.audit.verify import remember, verify
from wellbeing.audit_desk import trail
from wellbeing.people.models import User
from wellbeing.workdays import now

MACHINE = Actor.machine("verify")


def jian() -> Client:
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(username="jian"))
    return client


def test_the_page_says_in_words_whether_the_record_is_whole_and_what_is_unusual(db: None, wait: Any) -> None:
    client, case = jian(), call()
    assert client.get("/").headers["Location"] == reverse("audit")
    page = client.get(reverse("audit")).content.decode()
    assert "尚无外部见证" in page and "从未全面核验" in page
    lin = actor("lin")
    with identity(lin):
        for _ in range(5):
            find(lin, "没有这个人")
        reveal(lin, open_case(lin, case.reference), Section.values, Purpose.CARE)
    seal()
    with identity(MACHINE):
        remember(verify())
    page = client.get(reverse("audit")).content.decode()
    assert "已封存" in page and "已全面核验，未发现问题" in page and "多次查找无结果" in page and str(lin.name) in page
    wait(days=8)
    page = client.get(reverse("audit")).content.decode()
    assert "已有一周未全面核验" in page and "多次查找无结果" not in page


def test_searching_by_person_case_action_and_time(db: None, monkeypatch: Any) -> None:
    stage, client, lin = scene(), jian(), actor("lin")
    words = [str(word) for word in RED.values() if not str(word).isascii()]
    assert words
    with identity(lin):
        reveal(lin, open_case(lin, stage.case.reference), Section.values, Purpose.CARE)

    def rows(**asked: str) -> list[tuple[str, str]]:
        page = client.post(reverse("audit"), asked).content.decode()
        assert not any(word in page for word in words)
        return re.findall(
            r'<td data-label="[^"]*"><span>([^<]*?) ?<.*?<td data-label="[^"]*">(.*?)</td>', page, re.DOTALL
        )

    everything = rows()
    assert len(everything) >= 7 and "查询了审计记录" in {act for act, _reference in rows()}  # her own search is in it
    hers = rows(person="lin")
    assert len(hers) >= 2 and all(stage.case.reference in reference for _act, reference in hers)
    opened = rows(person="林晓", act=Tag.READ_FILE, reference=stage.case.reference.lower())
    assert len(opened) == 1 and stage.case.reference in opened[0][1]
    assert len(rows(reference=stage.referral.reference)) >= 3
    assert rows(person="nobody") == rows(reference="ZS-0000-0000") == []
    late = (now() + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    assert rows(since=late) == [] and len(rows(until=late)) >= len(everything)
    refused = client.post(reverse("audit"), {"since": late, "until": "2026-01-01T00:00"})
    assert refused.status_code == 422 and client.post(reverse("audit"), {"act": "x"}).status_code == 422

    monkeypatch.setattr(trail, "PAGE", 3)
    page, seen = client.post(reverse("audit"), {"reference": stage.case.reference}), []
    for _ in range(20):
        seen += [row["line"].id for row in page.context["rows"]]
        if not page.context["more"]:
            break
        last = page.context["last"]
        more = {"reference": stage.case.reference, "after_at": last.at.isoformat(), "after_id": last.id}
        page = client.post(reverse("audit"), more)
    with identity(MACHINE):
        wanted = Event.objects.filter(stream=stage.case.pk).order_by("-at", "-id").values_list("id", flat=True)
        assert seen == list(wanted)
        mine = Event.objects.filter(stream=user_stream(actor("jian").id), act=Tag.AUDIT_SEARCHED).order_by("seq")
        facts = [json.loads(bytes(one.body))["facts"] for one in mine]
    assert [stage.case.pk.hex in str(one).replace("-", "") for one in facts][-1] and "林晓" not in str(facts)


def test_what_waits_for_a_second_person_is_not_told_as_done(db: None) -> None:
    case, client = acknowledged(RED), jian()
    actions.tell(actor=actor("zhou"), case=case, whom=Whom.GUARDIAN, told=Told.TOLD, how=How.PHONE, words={})
    actions.close_case(actor=actor("zhou"), case=case, reason="graduated", note="毕业离校")
    page = client.post(reverse("audit"), {"act": P.CASE_CLOSE}).context["rows"]
    assert [row["act_text"] for row in page] == ["提出结案：待第二人签字"]
    actions.confirm_lowering(actor=actor("luo"), case=case)
    page = client.post(reverse("audit"), {"act": P.LOWERING_CONFIRM}).context["rows"]
    assert [row["act_text"] for row in page] == ["第二人已签字确认"]


def test_what_is_probed_is_told_and_what_was_not_looked_through_too(db: None, monkeypatch: Any) -> None:
    fang = Client(HTTP_HOST="127.0.0.1")
    fang.force_login(User.objects.get(username="fang"))
    for n in range(31):
        assert fang.get(reverse("case", args=[f"ZS-2222-22{n:02}"])).status_code == 404
    page = jian().get(reverse("audit"))
    (one,) = page.context["anomalies"]
    assert (one["count"], one["who"]) == (31, str(User.objects.get(username="fang"))) and page.context["since"] is None
    monkeypatch.setattr(trail, "MOST", 5)
    page = jian().get(reverse("audit"))
    assert page.context["anomalies"] == [] and page.context["since"] and "只查看了" in page.content.decode()


def test_nobody_else_reads_events_and_she_reads_nothing_else(db: None) -> None:
    case = call()
    with identity(actor("jian")):
        assert Event.objects.filter(stream=case.pk).exists() and not type(case).objects.exists()
    for name in ("an", "sun", "shen", "gao", "mallory"):
        with identity(actor(name)):
            assert not Event.objects.exists(), name


@given(st.sampled_from(["林晓", " 林晓 ", "林晓（本人）", "陈卓"]))
def test_a_name_is_near_when_it_is_ones_own(name: str) -> None:
    reader = Actor(1, "林晓(热线)")
    assert bool(nearness(reader, {"name": name}, staff=False)) == ("林晓" in name)
    assert nearness(reader, {}, staff=True) == {}


def test_opening_a_colleagues_or_the_own_file_leaves_a_code(db: None) -> None:
    lin = actor("lin")
    gao = str(User.objects.get(username="gao")).partition("(")[0]
    own, theirs = call({**RED, "name": "林晓"}), call({**RED, "name": gao, "caller_kind": "teacher"})
    near = {}
    for case in (own, theirs, call()):
        with identity(lin):
            reveal(lin, case, Section.values, Purpose.CARE)
        with identity(lin):
            event = Event.objects.filter(stream=case.pk, act=Tag.READ_FILE).order_by("-seq")[0]
            near[case.pk] = json.loads(bytes(event.body))["facts"].get("near")
    assert list(near.values()) == ["own", "colleague" if theirs.school_apart else None, None]
