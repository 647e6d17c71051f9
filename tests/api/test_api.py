"""The API end to end: by the wire, on real engines, through the same doors as the pages."""

from __future__ import annotations

from django.test import Client

from tests.api.stage import program
from tests.stage import call


def test_smoke(db: None) -> None:
    case = call()
    lin = program("lin")
    for place in ("token", "cases", f"cases/{case.reference}", f"cases/{case.reference}/file", "board", "calls", "calls/now", "calls/call-backs", "referrals", "referrals/waiting", "openapi.json"):
        answer = lin.get(place)
        print(place, answer.status_code, answer.content[:600].decode())
    zhou = program("zhou")
    for place in ("screenings/campaigns", "screenings/flagged", "staffing/terms", "staffing/returns", "staffing/centres", "staffing/centres/dinghai-centre"):
        answer = zhou.get(place)
        print(place, answer.status_code, answer.content[:300].decode())
    print(program("shen").get("staffing/board").content[:300])
    answer = zhou.act("acknowledge", case.reference)
    print(answer.status_code, answer.content.decode())
    answer = zhou.act("acknowledge", case.reference)
    print(answer.status_code, answer.content.decode())
    answer = lin.act("take_call", name="小帆", thoughts="active", narrative="不想活", division="330902")
    print(answer.status_code, answer.content.decode())
    answer = lin.act("take_call", nam="小帆")
    print(answer.status_code, answer.content.decode())
    assert 0
