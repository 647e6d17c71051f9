"""What leaves the house: one notice that never goes through holds up nobody, and an outage gives up nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from tests.endpoints import SECRET, Endpoint, all_three
from tests.rota.scenes import dinghai
from wellbeing.access.actor import Actor, identity
from wellbeing.outbox import courier, health
from wellbeing.outbox.channels import email, http, outward, robot, sms
from wellbeing.outbox.channels.refused import Refused
from wellbeing.outbox.models import ChannelState, Notice
from wellbeing.outbox.post import post
from wellbeing.people.models import Private, User
from wellbeing.workdays import now

MACHINE = Actor.machine("test")


class Choosy(BaseHTTPRequestHandler):
    """Answers with the status and the words that the path names; keeps what it was sent. `heard` are its requests, and
    what is in `breaks` it does not survive."""

    heard: list[dict[str, Any]] = []
    breaks: set[str] = set()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        said = json.loads(body)
        self.heard.append({"path": self.path, "type": self.headers["Content-Type"], "raw": body, **said})
        _empty, status, words = (*self.path.split("?")[0].split("/"), "", "")[:3]
        if said.get("id") in self.breaks:
            status = "500"
        self.send_response(int(status))
        self.end_headers()
        self.wfile.write(words.replace("~", " ").encode())

    def log_message(self, format: str, *args: Any) -> None:
        """Silent."""


@pytest.fixture
def choosy() -> Iterator[str]:
    Choosy.heard, Choosy.breaks = [], set()
    end = Endpoint("choosy", Choosy)
    end.start()
    yield f"http://127.0.0.1:{end.port}"
    end.stop()


@pytest.fixture
def gateway(db: None, settings: Any, choosy: str) -> None:
    """The gateway for SMS takes what it is sent, but what `Choosy.breaks` names; Zhou and Luo have mobiles."""
    settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_KEY = f'{choosy}/200/{{"accepted":true}}', SECRET
    Private.objects.filter(user__username__in=("zhou", "luo")).update(mobile="13000000000")


def put(key: str, *, channel: str = "sms", to: str = "zhou", desk: int | None = None, tier: str = "red") -> str:
    user = None if desk else User.objects.get(username=to).pk
    with identity(MACHINE):
        post(kind="warning", target="", channel=channel, user_id=user, desk_id=desk, dedupe_key=key, tier=tier)
        return str(Notice.objects.get(dedupe_key=key).pk)


def state(key: str) -> Notice:
    with identity(MACHINE):
        return Notice.objects.get(dedupe_key=key)


@pytest.mark.parametrize(("status", "whose"), [(s, Refused) for s in (400, 413, 422)])
def test_what_is_said_of_this_request_is_its_own(choosy: str, status: int, whose: type[Exception]) -> None:
    with pytest.raises(whose):
        http.post_json(f"{choosy}/{status}/", {})


@pytest.mark.parametrize("status", [401, 403, 404, 405, 408, 409, 429, 451, 500, 503])
def test_a_wrong_key_or_address_is_an_outage_of_the_channel_and_no_fault_of_a_notice(choosy: str, status: int) -> None:
    with pytest.raises(OSError, match=str(status)):
        http.post_json(f"{choosy}/{status}/", {})


def test_what_is_sent_and_what_counts_as_an_answer(choosy: str, settings: Any) -> None:
    assert http.post_json(f'{choosy}/200/{{"a":1}}', {"text": "待处理"}, {"X-More": "1"}) == {"a": 1}
    assert Choosy.heard[0]["type"] == "application/json; charset=utf-8"
    assert Choosy.heard[0]["raw"] == '{"text": "待处理"}'.encode()
    for words, found in (("", {}), ("[1]", {}), ('"x"', {})):
        assert http.post_json(f"{choosy}/200/{words}", {}) == found
    with pytest.raises(OSError, match="no JSON"):
        http.post_json(f"{choosy}/200/nonsense", {})
    assert len(http.stamp()) == 13


@pytest.mark.parametrize("words", ["", '{"accepted":false}', '{"accepted":1}', '{"errcode":1}', '{"errcode":310000}'])
def test_an_answer_that_is_no_yes_is_a_failure(gateway: None, settings: Any, tmp_path: Path, words: str) -> None:
    base = settings.SMS_GATEWAY_URL.split("/200/")[0]
    settings.SMS_GATEWAY_URL, settings.ROBOTS_FILE = f"{base}/200/{words}", str(tmp_path / "robots.json")
    (tmp_path / "robots.json").write_text(
        json.dumps({dinghai().group.name: {"url": f"{base}/200/{words}?key=5", "secret": SECRET}})
    )
    put("one"), put("two", channel="robot", desk=dinghai().pk)
    for channel, key in (("sms", "one"), ("robot", "two")):
        assert courier.deliver(channel) == 1 and state(key).done_at is None
    assert [one["path"].split("&")[0].count("?") for one in Choosy.heard] == [0, 1]
    assert "?key=5&timestamp=" in Choosy.heard[1]["path"]
    with identity(MACHINE):
        assert set(ChannelState.objects.values_list("name", "failures")) == {("sms", 1), ("robot", 1)}


def test_one_that_never_goes_through_holds_up_nobody_and_the_rest_is_as_it_was(gateway: None, wait: Any) -> None:
    bad = put("bad")
    wait(seconds=1)
    put("good"), put("better", to="luo")
    Choosy.breaks = {bad}
    assert courier.deliver("sms") == 3
    assert [state(key).attempts for key in ("bad", "good", "better")] == [1, 0, 0]
    assert {state(key).not_before for key in ("bad", "good", "better")} == {now() + (state("bad").not_before - now())}
    assert (state("bad").not_before - now()).total_seconds() == 2
    assert courier.deliver("sms") == 0
    wait(seconds=2)
    assert courier.deliver("sms") == 3
    assert [bool(state(key).done_at) for key in ("bad", "good", "better")] == [False, True, True]
    assert [one["id"] == bad for one in Choosy.heard] == [True, False, False, True]


def test_an_outage_of_hours_gives_up_nothing(gateway: None, wait: Any) -> None:
    bad = put("bad")
    Choosy.breaks = {bad}
    waits = []
    for _try in range(20):
        assert courier.deliver("sms") == 1
        waits.append((state("bad").not_before - now()).total_seconds())
        wait(seconds=waits[-1])
    assert waits[:10] == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300] and set(waits[10:]) == {300}
    assert state("bad").dead_at is None and state("bad").attempts == 20
    with identity(MACHINE):
        assert [one.name for one in health.dead()] == ["sms"]
        Notice.objects.filter(dedupe_key="bad").update(attempts=999)
    courier.deliver("sms")
    assert state("bad").attempts == 999, "nor does it grow out of its column"
    Choosy.breaks = set()
    wait(minutes=5)
    assert courier.deliver("sms") == 1 and state("bad").done_at and health_of("sms") == 0


def health_of(name: str) -> int:
    with identity(MACHINE):
        return ChannelState.objects.get(name=name).failures


def test_one_that_is_refused_is_given_up_after_twelve_tries_and_the_next_one_goes(gateway: None, wait: Any) -> None:
    put("nowhere", to="he")
    for number in range(12):
        assert state("nowhere").dead_at is None
        put(f"good {number}")
        assert courier.deliver("sms") == 2 and state(f"good {number}").done_at
        wait(minutes=5)
    assert state("nowhere").dead_at and courier.deliver("sms") == 0
    with identity(MACHINE):
        assert Notice.objects.filter(kind="notice_dead").count() == 1 and not health.dead()


def test_a_lease_lasts_a_minute_and_twenty_are_taken_at_once(gateway: None, wait: Any) -> None:
    for number in range(21):
        put(str(number))
    assert len(courier._claim("sms")) == 20  # and its process dies here
    assert courier.deliver("sms") == 1
    wait(seconds=59)
    assert courier.deliver("sms") == 0
    wait(seconds=1)
    assert courier.deliver("sms") == 20 and courier.deliver("sms") == 0


def test_who_has_no_address_is_refused_and_a_channel_half_set_up_does_not_exist(
    gateway: None, settings: Any, tmp_path: Path
) -> None:
    whole = settings.SMS_GATEWAY_URL
    assert outward() == ("sms",)
    for url, key in (("", SECRET), (whole, "")):
        settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_KEY = url, key
        assert outward() == () and not sms.configured()
    robots = tmp_path / "robots.json"
    settings.ROBOTS_FILE = str(robots)
    robots.write_text("{}")
    nobody = Notice(kind="warning", tier="red")
    for channel in (sms, email, robot):
        with pytest.raises(Refused):
            channel.send([nobody])
    with identity(MACHINE):
        nobody.user = User.objects.get(username="he")
        nobody.desk_id = dinghai().pk
        for channel in (sms, email, robot):
            with pytest.raises(Refused):
                channel.send([nobody])
        assert not robot.known(dinghai().pk) and not robot.known(10_000)
    robots.write_text("{ not json at all")
    with identity(MACHINE):
        assert robot.known(dinghai().pk), "a file that nobody can read is seen when something is sent"
    robots.write_text(json.dumps({dinghai().group.name: {"url": "x", "secret": "群"}}, ensure_ascii=False), "utf-8")
    with identity(MACHINE):
        assert robot.known(dinghai().pk), "read anew when it has changed"


def test_a_mail_address_that_the_server_does_not_know_is_refused(db: None, settings: Any) -> None:
    end = all_three()["email"]
    end.start()
    settings.EMAIL_URL, settings.EMAIL_BACKEND = "set", "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", end.port, 1
    Private.objects.filter(user__username="zhou").update(email="zhou@example.invalid")
    put("mail", channel="email")
    end.mode = "nobody"
    assert courier.deliver("email") == 1
    end.stop()
    assert state("mail").attempts == 1 and state("mail").done_at is None and not end.accepted
    with identity(MACHINE):
        assert not ChannelState.objects.filter(failures__gt=0).exists(), "the channel itself works"


def test_red_goes_before_what_waits_longer_and_is_paler(gateway: None, wait: Any) -> None:
    first = [put(f"orange {n}", tier="orange") for n in range(courier.BATCH)]
    wait(seconds=1)
    red = put("red")
    assert courier.deliver("sms") == courier.BATCH
    sent = [one["id"] for one in Choosy.heard]
    assert sent[0] == red and set(sent[1:]) < set(first)
