"""The ways out of the house, against real servers on the loopback: what is said, signed, repeated, put off and told."""

from __future__ import annotations

import json
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.endpoints import SAYABLE, SECRET, Endpoint, all_three
from tests.rota.scenes import shift
from tests.stage import RED, actor, call, desk
from wellbeing.access.actor import Actor, identity
from wellbeing.outbox import courier, health, relay
from wellbeing.outbox.channels import http, outward, robot, sms, ways
from wellbeing.outbox.channels.words import words
from wellbeing.outbox.inbox import unread
from wellbeing.outbox.models import ChannelState, Notice
from wellbeing.outbox.post import post
from wellbeing.people.desks import system_desk
from wellbeing.people.models import Private, Role, User

MACHINE = Actor.machine("test")


@pytest.fixture
def far(db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Endpoint]]:
    """The three ends, up and set up; Zhou has a mobile and a mail address, Dinghai's triage desk a robot."""
    ends = all_three()
    for end in ends.values():
        end.start()
    triage = desk("dinghai-centre", Role.COUNTY_TRIAGE)
    robots = tmp_path / "robots.json"
    robots.write_text(
        json.dumps({triage.group.name: {"url": f"http://127.0.0.1:{ends['robot'].port}/{triage.pk}", "secret": SECRET}})
    )
    settings.EMAIL_URL, settings.EMAIL_BACKEND = "set", "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", ends["email"].port, 0.3
    settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_KEY = f"http://127.0.0.1:{ends['sms'].port}/send", SECRET
    settings.ROBOTS_FILE = str(robots)
    monkeypatch.setattr(http, "SECONDS", 0.3)
    Private.objects.filter(user__username="zhou").update(mobile="13000000000", email="zhou@example.invalid")
    yield ends
    for end in ends.values():
        end.heal()
        end.stop()


@pytest.fixture
def zhou(far: Any) -> User:
    return User.objects.get(username="zhou")


def put(
    channel: str, *, user: User | None = None, desk: int | None = None, key: str = "one", tier: str = "red"
) -> None:
    with identity(MACHINE):
        post(
            kind="warning",
            target="",
            channel=channel,
            user_id=user and user.pk,
            desk_id=desk,
            dedupe_key=key,
            tier=tier,
        )


def notices(**values: Any) -> list[Notice]:
    with identity(MACHINE):
        return list(Notice.objects.filter(**values).order_by("created_at", "pk"))


def told(kind: str) -> int:
    """How many notices of a kind the system administrator's desk got."""
    administrators = system_desk()
    assert administrators is not None
    return len(notices(kind=kind, desk_id=administrators.pk))


def dead() -> list[str]:
    with identity(MACHINE):
        return [outage.name for outage in health.dead()]


def dinghai() -> int:
    (post,) = actor("zhou").posts
    return int(post.desk_id)


def test_what_is_not_set_up_does_not_exist(db: None) -> None:
    zhou = User.objects.get(username="zhou")
    assert outward() == () and ways(user_id=zhou.pk) == () and ways(desk_id=dinghai()) == ()
    with identity(MACHINE):
        assert courier.deliver("sms") == 0


def test_a_person_is_reached_by_what_is_known_of_her(far: Any, zhou: User) -> None:
    assert outward() == ("robot", "sms", "email")
    with identity(MACHINE):
        assert ways(user_id=zhou.pk) == ("sms", "email") and ways(desk_id=dinghai()) == ("robot",)
        Private.objects.filter(pk=zhou.pk).update(mobile="")
        assert ways(user_id=zhou.pk) == ("email",)
        User.objects.filter(pk=zhou.pk).update(is_active=False)
        assert ways(user_id=zhou.pk) == () and ways(desk_id=10_000) == () and ways() == ()


@pytest.mark.parametrize("channel", ["robot", "sms", "email"])
@pytest.mark.parametrize("mode", ["", "twice"])
def test_a_notice_arrives_once_signed_and_says_nothing_about_anybody(
    far: dict[str, Endpoint], zhou: User, channel: str, mode: str
) -> None:
    far[channel].mode = mode
    put(channel, **({"desk": dinghai()} if channel == "robot" else {"user": zhou}))
    assert courier.deliver(channel) == 1 and courier.deliver(channel) == 0
    (notice,) = notices()
    assert notice.done_at and far[channel].faults == []
    assert far[channel].accepted == {str(dinghai() if channel == "robot" else notice.pk): 1}


@pytest.mark.parametrize("channel", ["robot", "sms", "email"])
@pytest.mark.parametrize("mode", ["refuse", "hang", "500", "late", "cut"])
def test_what_fails_is_put_off_and_arrives_when_the_other_end_is_well(
    far: dict[str, Endpoint], zhou: User, channel: str, mode: str, wait: Any
) -> None:
    put(channel, **({"desk": dinghai()} if channel == "robot" else {"user": zhou}))
    far[channel].misbehave(mode)
    assert courier.deliver(channel) == 1
    (notice,) = notices()
    assert notice.done_at is None and notice.dead_at is None and notice.attempts == 1
    assert courier.deliver(channel) == 0, "it waits before it is tried again"
    far[channel].heal()
    wait(seconds=3)
    assert courier.deliver(channel) == 1 and notices()[0].done_at
    assert far[channel].faults == [] and sum(far[channel].accepted.values()) == (2 if mode == "cut" else 1)


def test_a_hung_channel_delays_no_other_and_not_the_page(far: dict[str, Endpoint], zhou: User) -> None:
    put("sms", user=zhou, key="sms")
    put("email", user=zhou, key="email")
    put("in_app", user=zhou, key="page")
    far["sms"].misbehave("hang")
    assert relay.sweep() == 1, "the relay of the page touches no other channel"
    assert courier.deliver("email") == 1 and courier.deliver("sms") == 1
    assert [notice.channel for notice in notices(done_at=None)] == ["sms"]


def test_a_dead_channel_is_seen_and_told_once_and_so_is_its_return(far: Any, zhou: User, wait: Any) -> None:
    for number in range(3):
        put("sms", user=zhou, key=str(number))
    far["sms"].misbehave("refuse")
    assert courier.deliver("sms") == 3 and dead() == [], "one failed connection is no outage"
    for _ in range(4):
        wait(minutes=6)
        courier.deliver("sms")
    assert dead() == ["sms"] and told("channel_dead") == 1
    answer = Client().get("/health/")
    assert answer.json()["channels"] == ["sms"], "and it is no reason to take a web server away"
    page = Client()
    page.force_login(User.objects.get(username="lin"))
    assert "短信" in page.get("/", follow=True).content.decode()
    far["sms"].heal()
    wait(minutes=6)
    assert courier.deliver("sms") == 3
    assert dead() == [] and told("channel_back") == 1 and notices(channel="sms", done_at=None) == []
    assert "短信" not in page.get("/", follow=True).content.decode()


def test_a_notice_that_nobody_takes_is_given_up_aloud(far: Any, zhou: User, wait: Any) -> None:
    put("sms", user=zhou)
    Private.objects.filter(pk=zhou.pk).update(mobile="")
    for _ in range(courier.DEAD_AFTER):
        courier.deliver("sms")
        wait(minutes=6)
    (notice,) = notices(channel="sms")
    assert notice.dead_at and notice.done_at is None and told("notice_dead") == 1
    assert dead() == [], "the channel itself works"


def test_a_lease_that_nobody_ends_is_taken_over(far: dict[str, Endpoint], zhou: User, wait: Any) -> None:
    put("email", user=zhou)
    (claimed,) = courier._claim("email")  # and its process dies here
    assert courier.deliver("email") == 0
    wait(seconds=courier.LEASE_SECONDS + 1)
    assert courier.deliver("email") == 1 and far["email"].accepted == {str(claimed.pk): 1}


def test_a_robots_file_that_nobody_can_read_stops_no_warning_and_is_seen(far: Any, settings: Any) -> None:
    settings.ROBOTS_FILE = "/nowhere/robots.json"
    assert ways(desk_id=dinghai()) == ("robot",)
    put("robot", desk=dinghai())
    assert courier.deliver("robot") == 1
    with identity(MACHINE):
        assert ChannelState.objects.get(name="robot").failures == 1


def test_a_gateway_that_points_elsewhere_is_not_followed(far: dict[str, Endpoint]) -> None:
    from http.server import BaseHTTPRequestHandler

    class Away(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(302)
            self.send_header("Location", f"http://127.0.0.1:{far['sms'].port}/send")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Silent."""

    away = Endpoint("away", Away)
    away.start()
    with pytest.raises(OSError, match="302"):
        http.post_json(f"http://127.0.0.1:{away.port}/", {})
    away.stop()
    with pytest.raises(OSError, match="address of the web"):
        http.post_json("file:///etc/hostname", {})
    with pytest.raises(OSError, match="refused"):  # by nobody there
        http.post_json(f"https://127.0.0.1:{away.port}/", {})
    assert not far["sms"].accepted


def test_signatures_are_those_of_the_published_forms() -> None:
    """By OpenSSL: printf '%s\\n%s' STAMP SECRET | openssl dgst -sha256 -hmac SECRET -binary | base64."""
    assert robot.sign("SEC0", "1700000000000") == "grq97xXoTUjTHFvKaCG7ayUVYZj98Kc7erzY+P9gZxg="
    assert sms.sign("key", "1", "id", "130") == "8746ae234f16a157cab337251b798fd6c9937462603393e0cbc0361ab5d103dd"


@pytest.mark.parametrize("tier", ["red", "orange", "yellow", "blue", "green", ""])
def test_outside_the_page_a_notice_is_one_fixed_sentence(tier: str) -> None:
    assert SAYABLE.fullmatch(words(tier))


def test_a_red_call_rings_on_duty_outside_the_page_and_carries_no_reference(far: Any, zhou: User, wait: Any) -> None:
    shift("zhou", 0, 8)
    wait(hours=2)
    case = call(RED)
    outside = [notice for notice in notices() if notice.channel != "in_app"]
    assert outside and all(notice.target == "" and notice.user_id == zhou.pk for notice in outside)
    for name in outward():
        courier.deliver(name)
    assert all(end.faults == [] for end in far.values())
    assert sum(sum(end.accepted.values()) for end in far.values()) == len(outside)
    relay.sweep()
    with identity(actor("zhou")):
        assert {item.target for item in unread(actor("zhou"))} == {f"case:{case.reference}"}


def test_a_gateway_that_trickles_is_an_outage_as_one_that_hangs_is(far: Any, zhou: User, settings: Any) -> None:
    """Each byte comes in time and the answer never: its channel would stand for hours, and nobody would be told."""
    ended = threading.Event()

    class Trickle(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(65_536)
            self.request.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n")
            with suppress(OSError):
                for _byte in range(100):
                    if not ended.wait(0.1):
                        self.request.sendall(b" ")

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Trickle) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        settings.SMS_GATEWAY_URL = f"http://127.0.0.1:{server.server_address[1]}/send"
        put("sms", user=zhou)
        with identity(MACHINE):
            begun = time.monotonic()
            with pytest.raises(OSError, match=r"no JSON|broke off"):
                sms.send(notices(channel="sms"))
        took = time.monotonic() - begun
        ended.set()
        server.shutdown()
    assert took < 6, "it would trickle for ten seconds"
