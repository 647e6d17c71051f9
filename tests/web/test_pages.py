"""What every page carries and refuses: headers, cookies, sign-in, language, notices, errors; and no word in any log."""

from __future__ import annotations

import io
import json
import logging
import re
import sys
import types
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.test import Client
from django.urls import reverse
from django.utils.module_loading import import_string

from cases.actions import close_case
from tests.stage import GREEN, actor, call, scene, signed_in
from wellbeing.access.actor import Actor, identity
from wellbeing.access.permissions import P
from wellbeing.audit.models import Event
from wellbeing.audit.record import user_stream
from wellbeing.audit.tags import Tag
from wellbeing.demo.city import PASSWORD
from wellbeing.outbox import relay
from wellbeing.outbox.inbox import unread
from wellbeing.people.models import User
from wellbeing.settings.reports import CodesOnly


def test_pages_are_not_kept_and_load_nothing_foreign(db: None) -> None:
    answer = signed_in("zhou").get(reverse("board"))
    assert answer["Cache-Control"] == "no-store"
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "script-src 'self'" in policy and "unsafe" not in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    text = answer.content.decode()
    assert "<script>" not in text and " style=" not in text and " onclick=" not in text
    assert "//" not in text.replace("http://www.w3.org", "")


def test_another_name_is_refused_and_no_visitor_says_under_which_she_came(db: None) -> None:
    """A forged Host, and headers that only a proxy of ours may set: what a page says of its own address stays true."""
    chen, page = signed_in("chen"), reverse("concern_poster")
    for path in ("/", page, reverse("sign_in"), reverse("health"), "/nowhere/"):
        for host in ("evil.example", "127.0.0.1.evil.example", "127.0.0.1:80@evil.example", "evil.example:8000"):
            answer = chen.get(path, HTTP_HOST=host)
            assert (answer.status_code, "Location" in answer, b"evil" in answer.content) == (400, False, False), path
    link, forged = "http://127.0.0.1" + reverse("concern_door"), {"HTTP_X_FORWARDED_HOST": "evil.example"}
    assert link in chen.get(page).content.decode()
    told = chen.get(page, HTTP_X_FORWARDED_PROTO="https", HTTP_X_FORWARDED_PORT="8443", **forged).content.decode()
    assert link in told and "https://127" not in told and "evil" not in told


def test_every_answer_carries_its_headers_and_the_last_one_clears_the_browser(db: None) -> None:
    zhou, nobody = signed_in("zhou"), Client(HTTP_HOST="127.0.0.1")
    answers = {
        "page": zhou.get(reverse("board")),
        "part": zhou.get(reverse("board_rows"), HTTP_HX_REQUEST="true"),
        "not found": zhou.get("/nowhere/"),
        "forbidden": zhou.get(reverse("oversight")),
        "refused": zhou.post(reverse("search")),
        "to sign in": nobody.get(reverse("board")),
        "part to sign in": nobody.get(reverse("notices"), HTTP_HX_REQUEST="true"),
        "sign in": nobody.get(reverse("sign_in")),
        "wrong": nobody.post(reverse("sign_in"), {"username": "x", "password": "y"}),
        "health": nobody.get(reverse("health")),
        "method": zhou.post(reverse("account")),
        "export": signed_in("shen").get(reverse("annual_export", args=[2026, "csv"])),
        "sign out": zhou.post(reverse("sign_out")),
    }
    wanted = {
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    for name, answer in answers.items():
        assert {header: answer.headers.get(header) for header in wanted} == wanted, name
        assert "camera=()" in answer["Permissions-Policy"] and "microphone=()" in answer["Permissions-Policy"], name
        assert "default-src 'none'" in answer["Content-Security-Policy"], name
    assert answers["sign out"]["Clear-Site-Data"] == '"cache", "storage"'
    assert zhou.get(reverse("board")).status_code == 302


def test_a_file_and_the_way_to_https_are_as_narrow_as_a_page(db: None, settings: Any) -> None:
    """A drawing that is opened by itself is a page; and both are answered before any view."""
    settings.SECURE_SSL_REDIRECT = settings.WHITENOISE_USE_FINDERS = True
    nobody = Client(HTTP_HOST="127.0.0.1")
    drawn = nobody.get(static("web/lamp.svg"), secure=True)
    led, refused = nobody.get(reverse("sign_in")), Client(HTTP_HOST="evil.example").get(reverse("sign_in"))
    assert (drawn.status_code, led.status_code, refused.status_code) == (200, 301, 400)
    for answer in (drawn, led, refused):
        assert "default-src 'none'" in answer["Content-Security-Policy"] and "camera=()" in answer["Permissions-Policy"]


def test_a_page_that_looks_like_a_file_is_not_found_and_never_kept(db: None) -> None:
    zhou, case = signed_in("zhou"), call()
    for address in (reverse("board"), reverse("account"), reverse("case", args=[case.reference])):
        for ending in ("a.css", "a.js", ";a.css", "%0aa.css", "../../static/web/live.js"):
            answer = zhou.get(address + ending)
            assert answer.status_code in (301, 404), ending
            assert answer["Cache-Control"] == "no-store"
    assert zhou.get("/static/web/nothing.css").status_code == 404


def test_an_address_that_only_takes_a_form_says_so_and_leads_on(db: None) -> None:
    answer = signed_in("lin").get(reverse("guide"))  # reloaded, or reached by the way back
    assert answer.status_code == 405 and answer.templates[0].name == "web/refused.html"
    assert f'href="{reverse("home")}"' in answer.content.decode()


def test_cookies_are_secure_in_production() -> None:
    import os
    import subprocess
    import sys

    names = "SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE SESSION_COOKIE_HTTPONLY SECURE_SSL_REDIRECT SECURE_HSTS_SECONDS"
    code = f"from django.conf import settings as s; print(*[bool(getattr(s, n)) for n in {names.split()!r}], s.SESSION_COOKIE_NAME)"
    env = {
        **os.environ,
        "DEMO": "0",
        "PLAIN_HTTP": "0",
        "SECOND_FACTOR": "required",
        "DJANGO_SETTINGS_MODULE": "wellbeing.settings",
    }
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True"] * 5 + ["__Host-session"]


def test_passwords_are_argon2_and_there_is_no_superuser(db: None) -> None:
    from django.db import IntegrityError, transaction

    from wellbeing.settings import PASSWORD_HASHERS

    (hasher,) = map(import_string, PASSWORD_HASHERS)  # of the product; the suite's own is a cheap one
    cost = hasher().decode(hasher().encode("x", "saltsaltsalt"))
    assert cost["algorithm"] == "argon2" and cost["variety"] == "argon2id"
    assert cost["memory_cost"] >= 19_456 and cost["time_cost"] >= 2  # OWASP ASVS 5.0, appendix C
    assert User.objects.get(username="lin").password.startswith("argon2$argon2id$")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_superuser("root", password=PASSWORD)


def test_signing_in_and_out(db: None) -> None:
    client = Client(HTTP_HOST="127.0.0.1")
    wrong = client.post(reverse("sign_in"), {"username": "lin", "password": "wrong"})
    unknown = client.post(reverse("sign_in"), {"username": "nobody", "password": "wrong"})
    assert wrong.status_code == unknown.status_code == 422
    right = client.post(reverse("sign_in"), {"username": "lin", "password": PASSWORD, "next": "https://elsewhere/"})
    assert right["Location"] == "/"
    assert client.get(reverse("case_list")).status_code == 200
    client.post(reverse("sign_out"))
    assert client.get(reverse("case_list")).status_code == 302


def test_an_idle_session_ends_and_polling_does_not_keep_it(db: None) -> None:
    client = signed_in("zhou")
    client.get(reverse("board"))
    session = client.session
    session["worked_at"] -= settings.SESSION_IDLE_SECONDS - 60
    session.save()
    before = client.session["worked_at"]
    client.get(reverse("board_rows"))
    assert client.session["worked_at"] == before
    session = client.session
    session["worked_at"] -= 70
    session.save()
    assert client.get(reverse("board")).status_code == 302


def test_a_form_without_its_token_is_refused(db: None) -> None:
    client = Client(HTTP_HOST="127.0.0.1", enforce_csrf_checks=True)
    client.force_login(User.objects.get(username="lin"))
    assert client.post(reverse("new_call"), {}).status_code == 403


def test_chinese_first_and_english_through_the_switch(db: None) -> None:
    client = Client(HTTP_HOST="127.0.0.1", HTTP_ACCEPT_LANGUAGE="en")
    assert 'lang="zh-hans"' in client.get(reverse("sign_in")).content.decode()
    client.post(reverse("language"), {"language": "en", "next": "/sign-in/"})
    assert 'lang="en"' in client.get(reverse("sign_in")).content.decode()


def test_a_notice_is_put_away_by_its_desk_alone(db: None) -> None:
    case = call()
    relay.sweep()
    with identity(actor("zhou")):
        (item,) = unread(actor("zhou"))
    address = reverse("notice_seen", args=[item.pk])
    assert signed_in("ye").post(address)["Location"] == "/"
    seen = signed_in("zhou").post(address)
    assert seen["Location"] == reverse("case", args=[case.reference])
    assert case.reference not in signed_in("luo").get(reverse("notices")).content.decode()


def test_an_address_with_a_zero_byte_is_not_found(db: None) -> None:
    zhou = signed_in("zhou")
    assert [zhou.get(a).status_code for a in ("/cases/%00/", "/referrals/x%00y/", "/referrals/link/%00/")] == [404] * 3


def test_a_bad_sheet_keeps_what_was_typed_beside_its_error(db: None) -> None:
    words = {"name": "小渔", "age": "many", "narrative": "她说", "key": "0192a3b4-0000-7000-8000-000000000000"}
    answer = signed_in("lin").post(reverse("new_call"), words)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "小渔" in text and "她说" in text and 'value="many"' in text


def test_health_names_what_stands_still(db: None) -> None:
    from wellbeing.outbox import heartbeat

    client = Client(HTTP_HOST="127.0.0.1")
    answer = client.get(reverse("health"))
    assert answer.status_code == 503
    assert json.loads(answer.content)["still"] == ["ticker", "worker"]
    for name in heartbeat.NAMES:
        heartbeat.beat(name)
    assert client.get(reverse("health")).status_code == 200


def test_a_page_that_stays_open_learns_that_a_machine_stands_still(db: None) -> None:
    """A board stays open for long: what its frame says of machines must not be of the moment when it was opened."""
    from wellbeing.outbox import heartbeat

    zhou, place = signed_in("zhou"), '<div id="disturbance"'
    for name in heartbeat.NAMES:
        heartbeat.beat(name)
    assert f"{place}></div>" in zhou.get(reverse("board")).content.decode()

    def asked() -> str:
        return zhou.get(reverse("notices"), headers={"HX-Request": "true"}).content.decode()

    assert f'{place} hx-swap-oob="true"></div>' in asked()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE outbox_heartbeat SET beat_at = beat_at - interval '1 minute' WHERE name = 'ticker'")
    assert f'{place} hx-swap-oob="true"><aside class="strip is-red"' in asked()
    assert zhou.get(reverse("notices")).content.decode().count(place) == 1, "as a page of its own it has one place"


def test_an_undeclared_route_answers_nobody(db: None, settings: object) -> None:
    from django.urls import path

    from wellbeing.access.routes import check_routes

    urls = types.ModuleType("undeclared_urls")
    from wellbeing import urls as real

    urls.urlpatterns = [*real.urlpatterns, path("open/", lambda request: HttpResponse("open"))]  # type: ignore[attr-defined]
    urls.handler404 = real.handler404  # type: ignore[attr-defined]
    sys.modules["undeclared_urls"] = urls
    settings.ROOT_URLCONF = "undeclared_urls"  # type: ignore[attr-defined]
    assert signed_in("zhou").get("/open/").status_code == 404
    assert [error.id for error in check_routes(None)] == ["access.E001"]


def test_no_word_of_a_case_reaches_a_log_or_a_title(db: None, caplog: pytest.LogCaptureFixture) -> None:
    from wellbeing.settings.reports import CodesOnly

    sink = io.StringIO()
    handler = logging.StreamHandler(sink)
    handler.setFormatter(CodesOnly())
    logging.getLogger().addHandler(handler)
    try:
        stage: SimpleNamespace = scene()
        client = signed_in("zhou")
        for name in ("case", "case_file", "lower_tier"):
            text = client.get(reverse(name, args=[stage.case.reference])).content.decode()
            assert "小渔" not in text.split("</title>")[0]
        client.raise_request_exception = False
        try:
            raise ValueError("小渔 said")
        except ValueError:
            logging.getLogger("wellbeing").exception(
                "it broke for %s", "小渔", extra={"codes": {"case": stage.case.pk}}
            )
        assert client.get("/", HTTP_HOST="xiaoyu.example").status_code == 400  # Django's message is the fault's text
    finally:
        logging.getLogger().removeHandler(handler)
    assert "it broke" in sink.getvalue() and "ValueError" in sink.getvalue() and "DisallowedHost" in sink.getvalue()
    assert "小渔" not in sink.getvalue() and "xiaoyu" not in sink.getvalue()


def test_who_asked_for_what_is_not_hers_is_recorded_and_missing_looks_like_forbidden(db: None) -> None:
    case, chen = call(), signed_in("ye")
    assert chen.get(reverse("oversight")).status_code == 404
    for reference in (case.reference, "ZS-2222-2222"):
        assert chen.get(reverse("case", args=[reference])).status_code == 404
    with identity(Actor.machine("verify")):
        mine = Event.objects.filter(stream=user_stream(actor("ye").id), act=Tag.REFUSED).order_by("seq")
        refused = [json.loads(bytes(one.body))["facts"] for one in mine]
    assert refused == [{"permission": permission} for permission in (P.FIGURES_SEE, P.CASE_SEE, P.CASE_SEE)]


def test_an_unexpected_error_tells_its_visitor_nothing_and_the_log_whose_it_was(db: None, settings: Any) -> None:
    from django.urls import path

    from wellbeing import urls as real
    from wellbeing.access.routes import requires

    @requires(P.ACCOUNT_KEEP)
    def breaks(request: HttpRequest, word: str) -> HttpResponse:
        raise ValueError(f"小渔\n{word}")

    urls = types.ModuleType("breaking_urls")
    urls.urlpatterns = [*real.urlpatterns, path("breaks/<str:word>/", breaks, name="breaks")]  # type: ignore[attr-defined]
    urls.handler404, urls.handler500 = real.handler404, real.handler500  # type: ignore[attr-defined]
    sys.modules["breaking_urls"] = urls
    settings.ROOT_URLCONF = "breaking_urls"
    sink = io.StringIO()
    handler = logging.StreamHandler(sink)
    handler.setFormatter(CodesOnly())
    logging.getLogger().addHandler(handler)
    client = signed_in("zhou")
    client.raise_request_exception = False
    try:
        answer = client.get("/breaks/灯塔/")
        forged = Client(HTTP_HOST="127.0.0.1", enforce_csrf_checks=True)
        assert forged.post("/sign-in/?灯塔", {"username": "小渔"}).status_code == 403
        for route in ("board", "notices"):  # nothing else stands still
            assert signed_in("zhou").get(reverse(route)).status_code == 200
    finally:
        logging.getLogger().removeHandler(handler)
    assert (
        answer.status_code == 500
        and "小渔" not in answer.content.decode()
        and "Traceback" not in answer.content.decode()
    )
    assert answer["Cache-Control"] == "no-store"
    broke, refused, entered = (json.loads(line) for line in sink.getvalue().splitlines())
    assert "小渔" not in sink.getvalue() and "灯塔" not in sink.getvalue()
    assert broke["at"].endswith("+00:00") and broke["logger"] == "django.request" and broke["error"] == "ValueError"
    assert (broke["route"], broke["person"], broke["status"]) == ("breaks", actor("zhou").id, 500)
    assert any("test_pages.py" in place for place in broke["where"])
    assert refused["logger"] == "django.security.csrf" and refused["route"] == "sign_in"
    # whoever entered, by what right and where; what a page asks again and again besides leaves no line
    assert (entered["message"], entered["route"], entered["person"]) == ("entered", "board", actor("zhou").id)
    assert entered["codes"]["permission"] == P.BOARD_SEE


TYPED = {
    "key": "0192d0c4-0000-7000-8000-000000000001",
    "narrative": "她说<灯塔>下面很安静",
    "topics": ["emotion", "sleep"],
}


def test_an_expired_session_loses_nothing_that_was_typed(db: None) -> None:
    client = Client(HTTP_HOST="127.0.0.1")
    answer = client.post("/cases/calls/new/", TYPED, HTTP_ORIGIN="http://127.0.0.1")
    page = answer.content.decode()
    assert answer.status_code == 403 and "再次提交" in page and "在新窗口登录" in page
    assert "在别处被结束" in page  # not only by idling: her leave, her password, another device
    assert page.count('name="topics"') == 2 and "她说&lt;灯塔&gt;下面很安静" in page and TYPED["key"] in page


def test_an_expired_form_loses_nothing_that_was_typed(db: None) -> None:
    client = Client(HTTP_HOST="127.0.0.1", enforce_csrf_checks=True)
    client.force_login(User.objects.get(username="lin"))
    answer = client.post("/cases/calls/new/", TYPED, HTTP_ORIGIN="http://127.0.0.1")
    assert answer.status_code == 403 and "表单已过期" in answer.content.decode()
    assert "她说&lt;灯塔&gt;下面很安静" in answer.content.decode()


@pytest.mark.parametrize("origin", ["http://elsewhere.example", "null", ""])
def test_a_form_from_elsewhere_is_never_offered_again(db: None, origin: str) -> None:
    client = Client(HTTP_HOST="127.0.0.1", enforce_csrf_checks=True)
    client.force_login(User.objects.get(username="lin"))
    answer = client.post("/cases/calls/new/", TYPED, **({"HTTP_ORIGIN": origin} if origin else {}))
    assert answer.status_code == 403 and "灯塔" not in answer.content.decode()


def test_what_was_typed_while_the_case_closed_is_given_back_and_missing_looks_like_forbidden(db: None) -> None:
    case, zhou = call(GREEN), signed_in("zhou")
    words = {"key": TYPED["key"], "kind": "session", "situation": "她说<灯塔>下面很安静", "held_at": "2026-11-28T05:00"}

    def sent(client: Client, reference: str, **more: Any) -> str:
        answer = client.post(reverse("log_session", args=[reference]), words, **more)
        assert answer.status_code == 404
        return answer.content.decode().replace(
            reference, ""
        )  # in the address that the switch of language leads back to

    close_case(actor=actor("lin"), case=case, reason="no_concern")
    ours = {"HTTP_ORIGIN": "http://127.0.0.1"}
    page = sent(zhou, case.reference, **ours)
    assert "没有保存" in page and "她说&lt;灯塔&gt;下面很安静" in page
    assert TYPED["key"] not in page and words["held_at"] not in page
    assert _bare(page) == _bare(sent(zhou, "ZS-2222-2222", **ours))
    for origin in ({"HTTP_ORIGIN": "http://elsewhere.example"}, {}):
        assert "灯塔" not in sent(zhou, case.reference, **origin)


def _bare(page: str) -> str:
    """A page without the mark that each answer has of its own against forged forms."""
    return re.sub(r'(name="csrfmiddlewaretoken" value|nonce)="[^"]*"', "", page)
