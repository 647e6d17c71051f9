"""The end of a shift: no red or orange is left without a note to the next."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from cases import actions
from cases.drafts import DraftKind
from cases.shift import note_owed
from tests.stage import GREEN, RED, actor, call, signed_in
from wellbeing.access.actor import Actor, identity
from wellbeing.demo.city import PASSWORD
from wellbeing.ids import uuid7
from wellbeing.vault.models import DataKeyRow


def owed(name: str) -> bool:
    with identity(actor(name)):
        return note_owed(actor(name))


def test_nobody_signs_out_past_an_open_red_without_a_note(wait: Callable[..., None]) -> None:
    lin = signed_in("lin")
    call(GREEN)
    assert not owed("lin") and lin.post(reverse("sign_out"))["Location"] == reverse("sign_in")
    case, lin = call(), signed_in("lin")
    assert owed("lin") and not owed("gao") and not owed("zhou"), "of her own desk's cases, at the hotline"
    assert lin.post(reverse("sign_out"))["Location"] == reverse("shift")
    page = lin.get(reverse("shift")).content.decode()
    assert case.reference in page and 'action="/sign-out/"' not in page.split("<main")[1]
    assert lin.post(reverse("shift"), {"text": " ", "key": "0192a3b4-0000-7000-8000-000000000000"}).status_code == 422
    words = {"text": "小渔的母亲在路上\n十点再打", "key": "0192a3b4-0000-7000-8000-000000000001"}
    assert lin.post(reverse("shift"), words).status_code == 302
    assert not owed("lin")
    gao = signed_in("gao").get(reverse("shift")).content.decode()
    assert "小渔的母亲在路上" in gao and case.reference not in gao, "the note, and no grant on the case"
    assert "林晓" in signed_in("gao").get(reverse("new_call")).content.decode()
    for outside in ("zhou", "he", "chen"):
        assert signed_in(outside).get(reverse("shift")).status_code == 404
        with identity(actor(outside)):
            assert not DataKeyRow.objects.filter(owner_kind="note").exists()
    with identity(Actor.machine("ticker")):
        assert not DataKeyRow.objects.filter(owner_kind="note").exists()
    assert lin.post(reverse("sign_out"))["Location"] == reverse("sign_in")
    wait(hours=13)
    assert owed("lin"), "a note counts for one shift"


def test_who_went_without_a_note_is_asked_when_she_comes_back_and_the_next_shift_is_told(
    wait: Callable[..., None],
) -> None:
    call(GREEN)
    assert came("lin") == "/"
    lin, _case = signed_in("lin"), call()
    lin.get(reverse("new_call"))
    assert "没有留下交接记录" not in signed_in("gao").get(reverse("new_call")).content.decode(), "she is at work"
    wait(hours=2)  # her session was idle for too long
    for page in ("new_call", "shift"):
        told = signed_in("gao").get(reverse(page)).content.decode()
        assert (
            "林晓" in told
            and "没有留下交接记录" in told
            and "ZS-" not in told.split("没有留下交接记录")[0].split("林晓")[-1]
        )
    assert came("lin") == reverse("shift") and came("lin", next=reverse("call_backs")) == reverse("call_backs")
    actions.hand_over_shift(actor=actor("lin"), text="一例红色")
    assert came("lin") == "/"
    wait(hours=2)
    assert "没有留下交接记录" not in signed_in("gao").get(reverse("shift")).content.decode()


def came(name: str, **more: str) -> str:
    """Where somebody lands who signs in."""
    browser = Client(HTTP_HOST="127.0.0.1")
    return browser.post(reverse("sign_in"), {"username": name, "password": PASSWORD, **more})["Location"]


def test_a_newer_red_asks_for_a_newer_note(wait: Callable[..., None]) -> None:
    call()
    actions.hand_over_shift(actor=actor("lin"), text="一例红色")
    assert not owed("lin")
    wait(minutes=5)
    call()
    assert owed("lin")
    actions.hand_over_shift(actor=actor("lin"), text="两例红色")
    wait(minutes=1)
    sheet = uuid7()
    actions.save_draft(actor=actor("lin"), draft_id=sheet, kind=DraftKind.CALL, words=RED, base=0)
    assert owed("lin"), "a red sheet that is not logged counts too"
    page = signed_in("lin").get(reverse("shift")).content.decode()
    assert f'class="btn btn-danger" href="{reverse("draft", args=[sheet])}"' in page, "and is one press away"
    assert "btn-danger" not in signed_in("gao").get(reverse("shift")).content.decode()
