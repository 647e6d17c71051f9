"""The API by the wire, on real engines, through the same doors as the pages."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client, RequestFactory

from cases.models import Case
from tests.api.stage import Program, program
from tests.people.scenes import submitted, teacher, term
from tests.stage import acknowledged, actor, call, campaign, fresh, referred, staged
from wellbeing.access.actor import Actor, identity
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.api.actions import confirm_token, end_token
from wellbeing.api.endpoint import Asked, Endpoint
from wellbeing.api.gate import view_of
from wellbeing.api.models import ApiToken
from wellbeing.audit.models import Event
from wellbeing.errors import Forbidden
from wellbeing.ids import uuid7
from wellbeing.outbox.models import Notice
from wellbeing.people import actions as people
from wellbeing.people.models import Desk, PostKind, User
from wellbeing.workdays import now


def readings(act: str) -> list[dict[str, Any]]:
    """The facts of the recorded events of one kind, the oldest first."""
    with identity(Actor.machine("verify")):
        found = Event.objects.filter(act=act).order_by("at", "seq")
        return [json.loads(bytes(one.body))["facts"] for one in found]


def test_one_through_each_door(db: None) -> None:
    case = acknowledged()
    referral = referred(case)
    lin, zhou, chen, shen = program("lin"), program("zhou"), program("chen"), program("shen")

    (row,) = lin.get("cases").json()["items"]
    assert (row["reference"], row["name"], row["tier"]) == (case.reference, "小渔", "red")
    cover = zhou.get(f"cases/{case.reference}").json()
    assert cover["warning"]["acknowledged_by"] and {one["kind"] for one in cover["clocks"]} >= {"first_meeting"}
    assert zhou.get("board?tier=red").json()["items"][0]["reference"] == case.reference
    assert lin.get("calls/call-backs").json()["items"][0]["reference"] == case.reference
    assert lin.get("calls").json() == {"items": [], "next": None} == lin.get("calls/now").json() | {"next": None}

    before = len(readings("cases:file:opened"))
    opened = lin.get(f"cases/{case.reference}/file").json()
    assert {one["code"] for one in opened["sections"]} >= {"identity", "risk"} and opened["hidden"] == []
    told = readings("cases:file:opened")[before:]
    assert told and {one["by_token"] for one in told} == {str(lin.token.pk)}, "what a program opens names its token"

    assert zhou.get("referrals").json()["items"][0]["reference"] == referral.reference
    fang = program("fang")
    assert fang.get("referrals/waiting").json()["items"][0]["reference"] == referral.reference
    (packet,) = fang.get(f"referrals/{referral.reference}/packets").json()["items"]
    assert packet["purpose"] == "hospital" and packet["fields"]
    assert fang.get(f"cases/{case.reference}").status_code == 404
    told = readings("access:page:refused")  # as of a page: by what right, and by which token; not of which file
    assert told == [{"permission": P.CASE_SEE, "by_token": str(fang.token.pk)}]

    made, _roll = campaign("S1")
    assert chen.get("screenings/campaigns").json()["items"][0]["id"] == str(made.pk)
    (school,) = chen.get(f"screenings/campaigns/{made.pk}").json()["schools"]
    assert (school["code"], school["listed"], school["waiting"]) == ("xinghe", 1, "0")
    assert chen.get("screenings/flagged").json() == {"items": [], "next": None, "total": 0}

    term()
    filed = submitted("xinghe", teacher())
    assert shen.get("staffing/returns?state=submitted").json()["items"][0]["id"] == str(filed.pk)
    assert zhou.get(f"staffing/returns/{filed.pk}").json()["steps"] == ["confirm_return", "send_back_return"]
    assert shen.get("staffing/board?show=all").json()["items"]
    done = zhou.act("confirm_return", str(filed.pk))
    assert (done.status_code, fresh(filed).state) == (200, "confirmed")


def test_a_token_is_made_by_two_and_ends_with_its_day_its_post_or_a_click(db: None, wait: Any) -> None:
    lin = program("lin", days=2, confirmed=False)
    assert lin.get("cases").status_code == 401, "nobody has confirmed it"
    with pytest.raises(Forbidden):
        confirm_token(actor=actor("lin"), token=lin.token)
    an = actor("an")
    with identity(Actor.machine("ticker")):
        told = Notice.objects.get(kind="token_waits")
        assert told.desk_id in an.desks, "the second person need not look by chance"
    confirm_token(actor=an, token=lin.token)
    assert lin.get("cases").status_code == 200
    with identity(an):
        kept = ApiToken.objects.get()
        assert kept.used_at is not None and lin.word not in str(ApiToken.objects.values()), "only its hash is kept"
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT later")
        wait(days=3)
        assert lin.get("cases").status_code == 401, "its day is over"
        cursor.execute("ROLLBACK TO SAVEPOINT later")
    gao = program("gao")
    assert gao.get("cases").status_code == 200
    with identity(actor("sun")):
        post = kept_post(gao)
        people.end_post(actor=actor("sun"), post=post, last_day=None, because="调离")
    assert gao.get("cases").status_code == 401, "its post has ended"
    end_token(actor=actor("lin"), token_id=lin.token.pk)
    assert lin.get("cases").status_code == 401
    for header in ("", "Bearer", f"Basic {lin.word}", f"Bearer {lin.word[:-1]}é", "Bearer " + "x" * 47):
        answer = Client(HTTP_HOST="127.0.0.1").get("/api/v1/cases", headers={"Authorization": header})
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")


def kept_post(one: Program) -> Any:
    return ApiToken.objects.select_related("post__desk", "post__user").get(pk=one.token.pk).post


def test_a_scope_narrows_and_a_session_opens_nothing(db: None) -> None:
    case = call()
    narrow = program("lin", ["cases:read"])
    assert narrow.get("cases").status_code == 200
    refused = [narrow.act("raise_tier", case.reference), narrow.get("referrals"), narrow.get("no/such/address")]
    assert {(one.status_code, one.content) for one in refused} == {(404, refused[0].content)}
    signed_in = Client(HTTP_HOST="127.0.0.1")
    signed_in.force_login(User.objects.get(username="lin"))
    assert signed_in.get("/api/v1/cases").status_code == 401, "a cookie is no token"
    assert signed_in.get("/api/v1/openapi.json").json()["openapi"] == "3.1.0"
    assert Client(HTTP_HOST="127.0.0.1").get("/api/v1/openapi.json").status_code == 302
    described = narrow.get("openapi.json").json()
    assert described["paths"]["/actions/raise_tier/{target}"]["post"]["summary"] == "Raise the tier"
    chinese = narrow.get("openapi.json", **{"Accept-Language": "zh-CN"}).json()
    assert chinese["paths"]["/actions/raise_tier/{target}"]["post"]["summary"] == "调高等级"
    page = signed_in.get("/api/developers/").content.decode()
    assert "/api/v1/actions/raise_tier/{target}" in page and "cases:read" in page


def _covers(name: str, whose: str) -> None:
    """Today she sits at the desk of somebody else too."""
    sun = actor("sun")
    with identity(sun):
        asked = people.appoint(
            actor=sun,
            account=User.objects.get(username=name),
            desk=Desk.objects.get(pk=actor(whose).desks[0]),
            kind=PostKind.COVER,
            starts_on=now().date(),
            ends_on=now().date(),
            because="代班",
        )
    people.confirm_appointment(actor=actor("an"), appointment=asked, because="已核实")


def test_of_two_posts_a_program_has_one_also_behind_the_wall(db: None) -> None:
    """Zhou sits at Putuo's desk too: his token of Dinghai lists Dinghai, and the wall itself shows nothing else."""
    here, there = acknowledged(), call(division="330903")
    zhou = program("zhou")
    _covers("zhou", "ye")
    assert {one.reference for one in cases_of("zhou")} == {here.reference, there.reference}
    assert [one["reference"] for one in zhou.get("cases").json()["items"]] == [here.reference]
    assert zhou.get(f"cases/{there.reference}").status_code == 404
    with identity(actor("zhou").by_token(zhou.token.pk, zhou.token.post_id)):
        assert [one.reference for one in Case.objects.all()] == [here.reference]


def test_what_was_granted_to_a_person_of_two_posts_is_no_programs(db: None) -> None:
    """Lin's call is hers by her own grant. Once she serves at Putuo's desk too, her program of the hotline would show
    what she was granted there: it has no more than the desk, at the doors and behind the wall; she has what she had."""
    mine, lin = call(), program("lin")
    assert lin.get(f"cases/{mine.reference}").status_code == 200
    _covers("lin", "ye")
    assert [one.reference for one in cases_of("lin")] == [mine.reference]
    assert lin.get(f"cases/{mine.reference}").status_code == 404
    assert lin.get("cases").json()["items"] == []
    by = actor("lin").by_token(lin.token.pk, lin.token.post_id)
    with identity(by):
        assert not Case.objects.exists() and not may(by, P.CASE_SEE, mine)
    with identity(actor("lin")):
        assert may(actor("lin"), P.CASE_SEE, mine)


def test_a_key_makes_a_write_happen_once(db: None) -> None:
    lin, key = program("lin"), uuid7()
    sheet = {"name": "小帆", "thoughts": "active", "narrative": "不想活", "division": "330902"}
    first = lin.act("take_call", key=key, **sheet)
    again = lin.act("take_call", key=key, **sheet)
    assert first.status_code == 200 and first.content == again.content and len(cases_of("lin")) == 1
    other = lin.act("take_call", key=key, **sheet, age=15)
    assert (other.status_code, other.json()["state"]) == (409, "done")
    reference = first.json()["result"]["reference"]
    assert lin.act("raise_tier", reference, key=key, to="red").status_code == 409, "the key of something else"
    zhou, key = program("zhou"), uuid7()
    done = zhou.act("acknowledge", reference, key=key, seen="red")
    assert done.json()["result"]["id"] == first.json()["result"]["id"]
    assert zhou.act("acknowledge", reference, key=key, seen="red").content == done.content
    late = zhou.act("acknowledge", reference, seen="red")
    assert (late.status_code, late.json()["state"], late["Content-Type"]) == (
        409,
        "acknowledged",
        "application/problem+json",
    )
    assert late.json()["reference"] == reference and late.json()["standing"] == "Acknowledged"
    closing, key = program("lin"), uuid7()
    quiet = call({"caller_kind": "peer", "name": "小满", "narrative": "想找人说说话"})
    ended = closing.act("close_case", quiet.reference, key=key, reason="no_concern")
    assert ended.status_code == 200 and closing.get(f"cases/{quiet.reference}").status_code == 404
    assert closing.act("close_case", quiet.reference, key=key, reason="no_concern").status_code == 200, (
        "the first answer again"
    )
    assert closing.act("close_case", quiet.reference, reason="no_concern").status_code == 404


def cases_of(name: str) -> list[Case]:
    who = actor(name)
    with identity(who):
        return list(Case.objects.all())


def test_what_is_wrong_is_said_as_on_the_page_and_in_the_language_of_the_request(db: None) -> None:
    case, lin = call(), program("lin")
    address = f"/api/v1/actions/lower_tier/{case.reference}"
    chen = program("zhou")
    said = chen.ask("POST", address, {"to": "orange"}, **{"Accept-Language": "zh-CN,en;q=0.5"})
    assert said.status_code == 422 and said["Content-Language"] == "zh-hans"
    assert said.json()["errors"] == [{"field": "because", "detail": ["此项必填。"]}]
    assert chen.ask("POST", address, {"to": "orange"}).json()["errors"][0]["detail"] == ["This field is required."]
    wrong = lin.act("take_call", nme="小帆").json()["errors"]
    assert wrong == [{"field": "nme", "detail": ["There is no such field."]}]
    for fields in ({"name": {"deep": 1}}, {"name": "\0"}, {"name": "\ud800"}, {"age": 1e400}, {"key": str(uuid7())}):
        assert lin.ask("POST", "/api/v1/actions/take_call", fields).status_code in (400, 422), fields
    headers = {**lin.shown(), "Idempotency-Key": str(uuid7())}
    wire = Client(HTTP_HOST="127.0.0.1")
    sent = {
        400: {"data": b"[1]", "content_type": "application/json"},
        413: {"data": b'{"name": "' + b"x" * 300_000 + b'"}', "content_type": "application/json"},
        415: {"data": b"name=x", "content_type": "application/x-www-form-urlencoded"},
    }
    for status, body in sent.items():
        assert wire.post("/api/v1/actions/take_call", headers=headers, **body).status_code == status
    without = {name: value for name, value in headers.items() if name != "Idempotency-Key"}
    answer = wire.post("/api/v1/actions/take_call", data={}, content_type="application/json", headers=without)
    assert answer.json()["errors"][0]["field"] == "Idempotency-Key"
    assert wire.delete("/api/v1/cases", headers=headers)["Allow"] == "GET, HEAD"
    assert lin.get("cases?" + "&limit=2" * 1_001).status_code == 422, "more than anybody sends is no fault of ours"
    assert len(cases_of("lin")) == 1


def test_missing_and_forbidden_are_the_same_to_the_byte(db: None) -> None:
    case = acknowledged()
    referral, batch = referred(case), staged().batch
    gao, ye = program("gao"), program("ye")

    def whole(answer: Any) -> tuple[int, bytes, dict[str, str]]:
        return answer.status_code, answer.content, dict(answer.items())

    pairs = [
        (gao.get(f"cases/{case.reference}"), gao.get("cases/ZS-2222-2222")),
        (gao.get(f"cases/{case.reference}/file"), gao.get("cases/ZS-2222-2222/file")),
        (ye.get(f"referrals/{referral.reference}"), ye.get("referrals/ZZ-2222-2222")),
        (ye.get(f"screenings/campaigns/{batch.pk}"), ye.get(f"screenings/campaigns/{uuid7()}")),
        (ye.act("acknowledge", case.reference), ye.act("acknowledge", "ZS-2222-2222")),
        (ye.act("receive", referral.reference), ye.act("no_such_act", "x")),
    ]
    for forbidden, missing in pairs:
        assert forbidden.status_code == 404 and whole(forbidden) == whole(missing)
    assert len({one.content for pair in pairs for one in pair}) == 1
    assert forbidden["Cache-Control"] == "no-store" and not forbidden.cookies


def test_a_fault_of_ours_answers_as_a_problem_too_without_a_word_of_it(db: None) -> None:
    def breaks(asked: Asked) -> None:
        raise RuntimeError("小渔")

    broken = Endpoint("api_broken", "broken", P.CASE_LIST, breaks, "", {}, "cases")
    lin = program("lin")
    request = RequestFactory().get("/api/v1/broken", headers=lin.shown())
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT asked")
        answer = view_of(broken)(request)
        cursor.execute("ROLLBACK TO SAVEPOINT asked")
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert "小渔" not in answer.content.decode()


def test_pages_go_on_behind_their_last_row_and_a_cursor_fits_one_list(db: None) -> None:
    made = [call({"caller_kind": "self", "name": f"小{n}"}).reference for n in range(5)]
    lin, found, after = program("lin"), [], ""
    while True:
        page = lin.get(f"cases?limit=2&after={after}").json()
        found += [one["reference"] for one in page["items"]]
        after = page["next"]
        if after is None:
            break
        last = after
    assert found == made[::-1]
    for query in (
        f"referrals?after={last}",
        "cases?after=x",
        "cases?limit=0",
        "cases?limit=101",
        "cases?who=x",
        "board?tier=black",
    ):
        assert lin.get(query).status_code == 422, query


def test_a_token_has_a_rate_of_its_own(db: None, settings: Any, wait: Any) -> None:
    settings.API_PER_MINUTE, settings.API_BURST = 6, 3
    lin, su = program("lin"), program("su")
    assert [lin.get("token").status_code for _time in range(4)] == [200, 200, 200, 429]
    slowed = lin.get("token")
    assert slowed["Retry-After"] == "10" and slowed.json()["status"] == 429
    assert su.get("token").status_code == 200
    wait(seconds=10)
    assert [lin.get("token").status_code for _time in range(2)] == [200, 429]
    wait(days=-1)  # the clock is set back: nobody waits for a day
    assert [lin.get("token").status_code for _time in range(2)] == [200, 429]
