"""Sessions: an outage is no ended session; they are seen and ended by their owner, and end by themselves."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.contrib.sessions.backends.base import UpdateError
from django.db import OperationalError, connection
from django.urls import reverse

from tests.signin.people import browser, give_password
from wellbeing.signin.sessions import SessionStore, device_of, handle, kept_as


def test_a_dead_server_is_no_ended_session(committed: SimpleNamespace) -> None:
    session = SessionStore()
    session["a"] = 1
    session.save(must_create=True)
    with psycopg.connect(committed.superuser_url, autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename = 'wellbeing_app'",
            [committed.name],
        )
    session["a"] = 2
    with pytest.raises(OperationalError):
        session.save()
    connection.close()
    assert SessionStore(session.session_key)["a"] == 1


def test_an_ended_session_cannot_be_saved(db: None) -> None:
    session = SessionStore()
    session.save(must_create=True)
    SessionStore(session.session_key).delete()
    with pytest.raises(UpdateError):
        session.save()


WINDOWS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
)


def test_its_owner_sees_and_ends_sessions(db: None) -> None:
    desk, home, stranger = browser(HTTP_USER_AGENT=WINDOWS), browser(), browser()
    for client, name in ((desk, "lin"), (home, "lin"), (stranger, "gao")):
        give_password(client, name)
    page = desk.get(reverse("account")).content.decode()
    assert "Chrome · Windows" in page and page.count('name="session"') == 1
    assert f'action="{reverse("sign_out")}"' in page
    keys = {client.session.session_key for client in (desk, home, stranger)}
    assert len(keys) == 3 and {len(key) for key in keys} == {32}  # of 36 letters: 165 bits
    assert home.session.session_key not in page  # it would be as good as the password
    theirs, ours = (handle(kept_as(one.session.session_key)) for one in (stranger, home))
    assert desk.post(reverse("end_session"), {"session": theirs}).status_code == 404
    assert desk.post(reverse("end_session"), {"session": ours}).status_code == 302
    assert home.get(reverse("account"))["Location"] == "/sign-in/"
    give_password(home, "lin")
    desk.post(reverse("end_session"))  # all others
    assert home.get(reverse("account"))["Location"] == "/sign-in/"
    assert desk.get(reverse("account")).status_code == stranger.get(reverse("account")).status_code == 200


def test_it_ends_after_eight_hours_of_work(db: None) -> None:
    client = browser()
    give_password(client, "lin")
    session = client.session
    session["began_at"] -= settings.SESSION_COOKIE_AGE - 5
    session.save()
    assert client.get(reverse("case_list")).status_code == 200
    session = client.session
    session["began_at"] -= 10
    session.save()
    assert client.get(reverse("case_list"))["Location"] == "/sign-in/"


def test_a_new_password_ends_the_other_sessions_and_must_be_a_good_one(db: None) -> None:
    from wellbeing.demo.city import PASSWORD

    client, other = browser(), browser()
    give_password(client, "lin")
    give_password(other, "lin")

    def change(new: str, old: str = PASSWORD, again: str | None = None) -> int:
        given = {"old": old, "new": new, "again": new if again is None else again}
        return int(client.post(reverse("change_password"), given).status_code)

    good = "码头 清晨 绿灯塔 八点半 rope"
    weak = [
        "kurz",
        "password12345",
        "qwertyuiop[]",
        "lin2912345zhoushan",
        "111111111111",
        "Zhoushan2912345!",
        "iloveyou1314520",
    ]
    assert [change(word) for word in weak] == [422] * len(weak)
    assert change(good, old="wrong") == change(good, again="else") == 422
    assert change(good) == 302
    assert client.get(reverse("account")).status_code == 200
    assert other.get(reverse("account"))["Location"] == "/sign-in/"
    assert give_password(browser(), "lin").status_code == 422
    assert give_password(browser(), "lin", good).status_code == 302


def test_a_password_counts_as_it_was_typed_and_for_as_long_as_its_owner_likes(db: None, wait: Any) -> None:
    from wellbeing.demo.city import PASSWORD

    client = browser()
    give_password(client, "lin")
    form = client.get(reverse("change_password")).content.decode()
    for name, kind in (("old", "current-password"), ("new", "new-password"), ("again", "new-password")):
        field = re.search(rf"<input[^>]*name=\"{name}\"[^>]*>", form)
        assert field and 'type="password"' in field[0] and f'autocomplete="{kind}"' in field[0]
    long = "  Laterne Ebbe 铃兰 zwölf Körbe; " + "sieben Seile, kein Anker " * 4
    long = long[:99] + " "
    assert client.post(reverse("change_password"), {"old": PASSWORD, "new": long, "again": long}).status_code == 302
    near = (long[:72], long.strip(), long.lower(), long + " ")
    assert [give_password(browser(f"10.3.0.{n}"), "lin", word).status_code for n, word in enumerate(near)] == [422] * 4
    wait(days=800)
    assert give_password(browser("10.3.1.1"), "lin", long)["Location"] == "/"


def test_a_device_is_named_by_browser_and_system() -> None:
    assert device_of(WINDOWS) == "Chrome · Windows"
    assert device_of("") == "" and len(device_of("x" * 10_000)) <= 60


def test_whoever_signs_in_again_gets_another_cookie_and_the_old_one_opens_nothing(db: None) -> None:
    """In the same browser, with the session still running: a cookie that was copied before gains nothing by it."""
    lin, thief = browser(), browser()
    give_password(lin, "lin")
    before = lin.cookies[settings.SESSION_COOKIE_NAME].value
    thief.cookies[settings.SESSION_COOKIE_NAME] = before
    assert thief.get(reverse("account")).status_code == 200
    give_password(lin, "lin")
    assert lin.cookies[settings.SESSION_COOKIE_NAME].value != before
    assert thief.get(reverse("account"))["Location"] == "/sign-in/"
    assert lin.get(reverse("account")).status_code == 200


def test_a_reader_of_the_table_holds_no_session(db: None) -> None:
    """The row's key opens nothing as a cookie; nobody reaches a row but by its secret, and its owner."""
    from tests.stage import actor
    from wellbeing.access.actor import identity
    from wellbeing.signin.models import Session

    lin = browser()
    give_password(lin, "lin")
    secret = lin.cookies[settings.SESSION_COOKIE_NAME].value
    assert not Session.objects.filter(user__isnull=False).exclude(session_key=kept_as(secret)).exists()
    with identity(actor("gao")):
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.session', '', true)")
        assert not Session.objects.exists()
        assert not Session.objects.filter(session_key=kept_as(secret)).delete()[0]
    with identity(actor("lin")):
        (row,) = Session.objects.all()
    assert secret not in " ".join(str(value) for value in vars(row).values())
    thief = browser()
    thief.cookies[settings.SESSION_COOKIE_NAME] = row.session_key
    assert thief.get(reverse("account"))["Location"] == "/sign-in/"
    assert lin.get(reverse("account")).status_code == 200


def test_a_page_asks_no_more_for_a_hashed_session(db: None, django_assert_num_queries: Any) -> None:
    """Finding a session is one statement as before; noting work in one is one more (whose row the wall shows)."""
    session = SessionStore()
    session.save(must_create=True)
    with django_assert_num_queries(1):
        assert SessionStore(session.session_key).load() == {}
    session["worked_at"] = 1
    with django_assert_num_queries(4):  # savepoint, whose row, the row, release
        session.save()
