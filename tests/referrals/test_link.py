"""The one-time link: two halves open one letter in one browser, every try is counted, and it ends with what it shows."""

from __future__ import annotations

import io
import logging
import re
import threading
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

from cases import actions as cases
from cases.consent import Consent, Relation
from cases.telling import How
from referrals import actions, tick
from referrals.access import reveal_packets
from referrals.flow import DESTINATION, REFERRAL
from referrals.models import Link, LinkOpening, Purpose, Referral
from referrals.queues import open_times
from referrals.ticket import Ticket, name_of, read_code, read_token
from tests.stage import YELLOW, acknowledged, actor, clocks, desk, fresh, policy, referred
from wellbeing.access.actor import Actor, identity
from wellbeing.access.machines import LINK
from wellbeing.audit.trail import trail
from wellbeing.demo.dump import words_in_clear
from wellbeing.errors import Forbidden, Invalid, WrongState
from wellbeing.outbox.models import Notice
from wellbeing.people.models import Role, User
from wellbeing.workdays import now

MACHINE = Actor.machine("test")


def browser(name: str = "") -> Client:
    found = Client(HTTP_HOST="127.0.0.1")
    if name:
        found.force_login(User.objects.get(username=name))
    return found


def made(referral: Referral) -> Ticket:
    ticket = Ticket.issue()
    actions.make_link(actor=actor("zhou"), referral=fresh(referral), ticket=ticket)
    return ticket


def link(referral: Referral) -> Link:
    with identity(MACHINE):
        return Link.objects.filter(referral=referral).latest("made_at")


def told(kind: str) -> set[int]:
    with identity(MACHINE):
        return set(Notice.objects.filter(kind=kind).values_list("desk_id", flat=True))


DOOR = "/referrals/link/"


def address(ticket: Ticket) -> str:
    """Where the letter lies once this browser has opened it; what was sent leads to the door."""
    return reverse("link", args=[name_of(ticket.token)])


def give(client: Client, ticket: Ticket, code: str = "", **more: str) -> Any:
    """Token and code, at the door; with `more` the code alone, on the link's own page in the middle of a form."""
    where, token = (address(ticket), {}) if more else (DOOR, {"token": ticket.token})
    return client.post(where, {"do": "open", **token, "code": code or ticket.code, **more})


def do(client: Client, ticket: Ticket, part: str, **given: str) -> Any:
    key = "018f0000-0000-7000-8000-000000000001"
    return client.post(address(ticket), {"do": part, "key": key, **given})


def opened(referral: Referral) -> tuple[Client, Ticket]:
    ticket, visitor = made(referral), browser()
    assert give(visitor, ticket).status_code == 302
    return visitor, ticket


def wrong(ticket: Ticket) -> str:
    return str((int(ticket.code) + 1) % 10**8).zfill(8)


def body(answer: Any) -> str:
    text: str = answer.content.decode()
    return re.sub(r'(csrfmiddlewaretoken" value|server-time" content|name="next" value)="[^"]*"', "", text)


def test_address_and_code_are_shown_once_and_open_exactly_the_letter(db: None) -> None:
    referral, zhou = referred(), browser("zhou")
    page = reverse("make_link", args=[referral.reference])
    key = {"key": "018f0000-0000-7000-8000-000000000007"}
    shown = zhou.post(page, key)
    text = shown.content.decode()
    url = re.search(r"<code>http://127\.0\.0\.1(/[^<#]+)#([\w-]{32})</code>", text)
    code = re.search(r'spoken">(\d{4}) (\d{4})<', text)
    assert shown.status_code == 200 and shown["Cache-Control"] == "no-store" and url and code
    again = zhou.post(page, key)
    assert again.status_code == 302, "sent again: the first answer stands, and shows the code to nobody"
    assert Link.objects.count() == 0, "a stranger sees no link"
    visitor = browser()
    asked = visitor.get(url[1])
    assert asked.status_code == 200 and 'name="token" value=""' in asked.content.decode()
    assert body(asked) == body(browser().get(DOOR)), "one door for every link: without its token it knows none"
    given = {"do": "open", "token": url[2], "code": f" {code[1]}-{code[2]}　"}
    answer = visitor.post(url[1], given, follow=True)
    letter = answer.content.decode()
    with identity(actor("fang")):
        (packet,) = reveal_packets(actor("fang"), fresh(referral))
    assert all(str(value) in letter for name, value in packet.words.items() if name in ("name", "summary", "measures"))
    assert "灯塔下面很安静" not in letter, "the packet's words, and nothing of the case"
    assert answer["Referrer-Policy"] == "same-origin" and answer["Cache-Control"] == "no-store"
    assert not [at for at, _status in answer.redirect_chain if url[2] in at] and url[2] not in letter
    links = set(re.findall(r'href="([^"#]+)"', letter))
    assert not [one for one in links if not one.startswith("/static/")], "no way into the product"


def test_without_scripts_the_key_is_pasted_alone_or_with_its_address(db: None) -> None:
    referral, visitor = referred(), browser()
    ticket = made(referral)
    for text in ("", ticket.token[:-1], f"{ticket.token}x", f"http://127.0.0.1{DOOR}", f"{ticket.token}\0"):
        answer = visitor.post(DOOR, {"do": "open", "token": text, "code": ticket.code})
        assert answer.status_code == 422 and "32 位" in answer.content.decode() and read_token(text) == ""
    kept = visitor.post(DOOR, {"do": "open", "token": ticket.token, "code": wrong(ticket)}).content.decode()
    assert f'name="token" value="{ticket.token}"' in kept and "还可尝试 2 次" in kept, "typed once, not for every try"
    pasted = f" http://127.0.0.1{DOOR}#{ticket.token}\u3000"
    answer = visitor.post(DOOR, {"do": "open", "token": pasted, "code": ticket.code, "part": "book"})
    assert answer.status_code == 302 and answer["Location"] == address(ticket), "the door fills in no form"


def test_one_browser_holds_several_letters_and_follows_their_addresses_again(db: None) -> None:
    first, second = referred(), referred()
    visitor, ticket = opened(first)
    key, other = visitor.cookies["link-key"].value, made(second)
    assert give(visitor, other).status_code == 302
    do(visitor, other, "receive")
    assert second.reference in visitor.get(address(other)).content.decode()
    visitor.cookies["link-key"] = key  # as a browser chooses it, by its path
    assert first.reference in visitor.get(address(ticket)).content.decode()
    assert give(visitor, ticket).status_code == 302 and give(browser(), ticket).status_code == 404
    assert (fresh(first).state, fresh(second).state) == ("sent", "received")
    mark = visitor.cookies[f"link-browser-{name_of(other.token)}"].value
    visitor.cookies[f"link-browser-{name_of(ticket.token)}"] = mark
    assert visitor.get(address(ticket)).status_code == 404, "a mark that was made for another link"


def test_it_belongs_to_the_browser_that_opened_it_first(db: None) -> None:
    referral = referred()
    visitor, ticket = opened(referral)
    other = browser()
    for answer in (other.get(address(ticket)), give(other, ticket), give(other, ticket, wrong(ticket))):
        assert answer.status_code == 404
    assert link(referral).tries_left == 3 and visitor.get(address(ticket)).status_code == 200


def test_unknown_ended_exhausted_and_foreign_give_the_same_page(db: None) -> None:
    referral, unknown = referred(), Ticket.issue()
    revoked = made(referral)
    actions.end_link(actor=actor("zhou"), referral=fresh(referral))
    exhausted = made(referral)
    for _ in range(3):
        last = give(browser(), exhausted, wrong(exhausted))
    visitor, foreign = opened(referral)
    pages = set()
    for ticket in (unknown, revoked, exhausted, foreign):
        for answer in (browser().get(address(ticket)), give(browser(), ticket), do(browser(), ticket, "receive")):
            assert answer.status_code == 404
            pages.add(body(answer).replace(address(ticket), ""))
    assert (len(pages) == 1 and body(last).count("还可尝试 0") == 0) or last.status_code == 404
    assert visitor.get(address(foreign)).status_code == 200


def test_three_wrong_codes_end_it_and_the_right_one_comes_too_late(db: None) -> None:
    referral = referred()
    ticket = made(referral)
    answers = [give(browser(), ticket, wrong(ticket)) for _ in range(3)]
    assert [one.status_code for one in answers] == [422, 422, 404]
    assert "还可尝试 2 次" in answers[0].content.decode() and "还可尝试 1 次" in answers[1].content.decode()
    assert give(browser(), ticket).status_code == 404
    row = link(referral)
    assert row.ended_at and bytes(row.sealed) == b"" and row.tries_left == 0
    with identity(actor("zhou")):
        assert list(LinkOpening.objects.filter(link=row).values_list("succeeded", flat=True)) == [False] * 3
        facts = [one.facts["succeeded"] for one in trail(referral.case_id) if one.act == "referrals:link:open"]
    assert facts == [False] * 3
    with identity(MACHINE):
        assert Notice.objects.filter(kind="link_exhausted").exists()


def test_what_is_no_code_uses_up_no_try(db: None) -> None:
    referral = referred()
    ticket = made(referral)
    for text in ("", "1234567", "123456789", "abcdefgh", "１２３４"):
        assert give(browser(), ticket, text or " ").status_code == 422
    assert link(referral).tries_left == 3
    assert (
        read_code("１２３４ ５６７８") == read_code("1234-5678") == "12345678" and read_code("²2345678") != "²2345678"
    )


@pytest.mark.xdist_group("fifty connections")
def test_fifty_at_once_get_three_tries_or_one_letter(committed: SimpleNamespace) -> None:
    guessed, known = referred(), referred()
    tickets = made(guessed), made(known)
    tried = Ticket(tickets[0].token, wrong(tickets[0])), tickets[1]
    found: tuple[list[bool | None], list[bool | None]] = [], []

    def attempt(number: int) -> None:
        try:
            for ticket, answers in zip(tried, found, strict=True):
                answers.append(_attempt(ticket, f"browser {number}"))
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt, args=(number,)) for number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (found[0].count(False), found[0].count(None)) == (3, 47)
    assert (found[1].count(True), found[1].count(None)) == (1, 49)
    assert link(guessed).ended_at and link(known).tries_left == 3
    with pytest.raises(Forbidden):
        actions.open_link(actor=LINK, ticket=tickets[0], browser="the right one, too late")
    with identity(MACHINE):
        assert sorted(LinkOpening.objects.values_list("succeeded", flat=True)) == [False] * 3 + [True]


def _attempt(ticket: Ticket, mark: str) -> bool | None:
    """Whether the code was right; None when there was nothing to try."""
    try:
        opening: Any = actions.open_link(actor=LINK, ticket=ticket, browser=mark)
    except Forbidden:
        return None
    except OperationalError as slow:
        if "lock timeout" not in str(slow):  # waited too long: refused too, and nothing written
            raise
        return None
    return opening.secret is not None


def test_the_visitor_goes_the_whole_way_and_the_sender_reads_the_report(db: None) -> None:
    referral = referred()
    visitor, ticket = opened(referral)
    assert do(visitor, ticket, "receive").status_code == 302
    late = do(visitor, ticket, "receive")
    assert late.status_code == 409 and "已接收" in late.content.decode()
    past = do(visitor, ticket, "book", at="2020-01-01T10:00")
    assert past.status_code == 422 and "2020-01-01T10:00" in past.content.decode()
    ahead, later = (f"{now() + timedelta(days=days):%Y-%m-%dT10:00}" for days in (1, 2))
    none = do(visitor, ticket, "propose", at="")
    assert none.status_code == 422 and fresh(referral).state == "received"
    assert do(visitor, ticket, "propose", at=ahead, at_2=later).status_code == 302
    assert fresh(referral).state == "proposed" and "候选时间" in visitor.get(address(ticket)).content.decode()
    with identity(MACHINE):
        times = [(one.at.day, one.proposed_by_id) for one in open_times(referral)]
    assert times == [((now() + timedelta(days=days)).day, None) for days in (1, 2)]
    actions.ask_other_times(actor=actor("zhou"), referral=fresh(referral), note="周末更好")
    assert do(visitor, ticket, "book", at=ahead).status_code == 302
    assert clocks(fresh(referral.case))["feedback"] == "running"
    assert do(visitor, ticket, "report", attended="no", advice="").status_code == 302
    assert fresh(referral).state == "received"
    assert do(visitor, ticket, "book", at=ahead).status_code == 302
    report = {"attended": "yes", "risk": "中", "conclusion": "门诊随访", "advice": "减半作业", "next_visit": "两周后"}
    assert do(visitor, ticket, "report", **report).status_code == 302
    again = do(visitor, ticket, "report", **report)
    assert again.status_code == 409 and "减半作业" in again.content.decode(), "what was typed is given back"
    assert fresh(referral).state == "reported" and "谢谢" in visitor.get(address(ticket)).content.decode()
    with identity(actor("zhou")):
        read = {one.packet.purpose: one for one in reveal_packets(actor("zhou"), fresh(referral))}
    feedback = read[Purpose.FEEDBACK]
    assert feedback.words["conclusion"] == "门诊随访" and feedback.packet.version == 2
    assert feedback.packet.author_id is None, "nobody by name"
    with identity(LINK):
        assert not type(feedback.packet).objects.exists(), "the visitor's machine reads no packet"


def test_the_links_machine_takes_the_hospitals_steps_and_no_other(db: None) -> None:
    from referrals.actions._journey import _takes

    for step in REFERRAL.steps:
        assert _takes(LINK, step.who, None) is (step.who == DESTINATION), step
        assert _takes(Actor.machine("demo"), step.who, None) is False
    referral = referred()
    for verb in ("withdraw", "redirect", "expire", "end_link"):
        with pytest.raises(Forbidden):
            getattr(actions, verb)(actor=LINK, referral=referral)


def ending(name: str) -> Any:
    def renew(referral: Referral) -> None:
        actions.renew_letter(actor=actor("zhou"), referral=referral, words={"summary": "新情况"})

    ways = {
        "withdraw": lambda r: actions.withdraw(actor=actor("zhou"), referral=r),
        "redirect": lambda r: actions.redirect(actor=actor("zhou"), referral=r),
        "give_back": lambda r: actions.give_back(actor=actor("fang"), referral=r, why="full"),
        "expire": lambda r: actions.expire(actor=Actor.machine("ticker"), referral=r),
        "revoke": lambda r: actions.end_link(actor=actor("zhou"), referral=r),
        "renew": renew,
        "another": made,
    }
    return ways[name]


@pytest.mark.parametrize("way", ["withdraw", "redirect", "give_back", "expire", "revoke", "renew", "another"])
def test_it_ends_at_once_with_what_it_shows(db: None, way: str) -> None:
    referral = referred()
    visitor, ticket = opened(referral)
    first = link(referral)
    ending(way)(fresh(referral))
    first = fresh(first)
    assert first.ended_at and bytes(first.sealed) == b""
    for answer in (visitor.get(address(ticket)), do(visitor, ticket, "receive"), give(visitor, ticket)):
        assert answer.status_code == 404
    with identity(MACHINE):
        assert Referral.objects.get(pk=referral.pk).state != "received", "no second effect"
    with identity(actor("zhou")):
        assert [one.act for one in trail(referral.case_id)].count("referrals:link:end") == 1


def test_consent_taken_back_and_time_end_it_too(db: None, wait: Any) -> None:
    zhou = actor("zhou")
    given: dict[str, Any] = {"actor": zhou, "relation": Relation.MOTHER, "how": How.PHONE, "words": {}}
    case = acknowledged(YELLOW)
    cases.record_consent(**given, case=case, outcome=Consent.GIVEN)
    referral = referred(fresh(case))
    visitor, ticket = opened(referral)
    cases.record_consent(**given, case=case, outcome=Consent.WITHDRAWN)
    assert visitor.get(address(ticket)).status_code == 404, "at once, before the ticker looks"
    assert tick.end_links() == 1 and bytes(link(referral).sealed) == b""
    assert not told("link_over")
    with pytest.raises(Invalid):
        made(referral)
    other = referred()
    visitor, ticket = opened(other)
    wait(hours=71)
    assert give(visitor, ticket).status_code == 302
    wait(hours=2)
    assert visitor.get(address(ticket)).status_code == 404 and give(visitor, ticket).status_code == 404
    assert tick.end_links() == 1 and tick.end_links() == 0 and bytes(link(other).sealed) == b""
    assert told("link_over") == {other.from_desk_id}, "the hospital still owes its answer"
    page = browser("zhou").get(reverse("referral", args=[other.reference])).content.decode()
    assert "医院仍需答复" in page and reverse("make_link", args=[other.reference]) in page
    assert opened(other)


def test_hours_and_tries_are_the_policys(db: None) -> None:
    policy(link_hours=5, link_tries=1)
    referral = referred()
    ticket = made(referral)
    row = link(referral)
    assert row.expires_at - row.made_at == timedelta(hours=5) and row.tries_left == 1
    assert give(browser(), ticket, wrong(ticket)).status_code == 404 and give(browser(), ticket).status_code == 404


def test_after_a_pause_the_code_is_asked_again_and_nothing_typed_is_lost(db: None, settings: Any) -> None:
    referral = referred()
    visitor, ticket = opened(referral)
    do(visitor, ticket, "receive")
    del visitor.cookies["link-key"]  # as the browser drops it after fifteen idle minutes
    asked = do(visitor, ticket, "book", at="2030-01-01T10:00")
    text = asked.content.decode()
    assert asked.status_code == 403 and "2030-01-01T10:00" in text and fresh(referral).state == "received"
    back = give(visitor, ticket, part="book", at="2030-01-01T10:00")
    assert back.status_code == 200 and "2030-01-01T10:00" in back.content.decode()
    assert fresh(referral).state == "received" and link(referral).tries_left == 3
    settings.SESSION_IDLE_SECONDS = -1
    assert "还可尝试" in visitor.get(address(ticket)).content.decode(), "an old cookie opens nothing"


def test_cookies_stay_at_the_links_address_and_out_of_scripts(db: None) -> None:
    visitor, ticket = opened(referred())
    mark = f"link-browser-{name_of(ticket.token)}"
    for name, path in ((mark, DOOR), ("link-key", address(ticket))):
        cookie = visitor.cookies[name]
        assert cookie["path"] == path and cookie["httponly"] and cookie["samesite"] == "Lax"
    assert settings.SESSION_COOKIE_NAME not in visitor.cookies, "no session of an account"


def test_only_its_sender_makes_one_and_only_while_a_hospital_has_the_letter(db: None) -> None:
    referral = referred()
    with pytest.raises(Forbidden):
        actions.make_link(actor=actor("fang"), referral=referral, ticket=Ticket.issue())
    actions.redirect(actor=actor("zhou"), referral=referral)
    with pytest.raises(WrongState):
        made(referral)
    with pytest.raises(WrongState):
        actions.end_link(actor=actor("zhou"), referral=fresh(referral))


def test_the_sender_sees_its_state_and_others_do_not(db: None) -> None:
    referral = referred()
    _visitor, ticket = opened(referral)
    page = reverse("referral", args=[referral.reference])
    shown = browser("zhou").get(page).content.decode()
    assert "一次性链接" in shown and "验证码正确" in shown and "作废链接" in shown
    assert ticket.code not in shown and ticket.token not in shown
    assert "一次性链接" not in browser("fang").get(page).content.decode()
    with identity(actor("ye")):
        assert (Link.objects.count(), LinkOpening.objects.count()) == (0, 0)
    with identity(MACHINE):
        assert Notice.objects.filter(kind="link_opened").count() >= 1


def test_neither_half_stands_anywhere(committed: SimpleNamespace) -> None:
    """Not in a full dump, nor in any log, nor in what an event or a notice says; nor does the copy open without them."""
    from wellbeing.settings.reports import CodesOnly

    sink = io.StringIO()
    handler = logging.StreamHandler(sink)
    handler.setFormatter(CodesOnly())
    loggers = [logging.getLogger(), logging.getLogger("django.request")]
    for logger in loggers:
        logger.addHandler(handler)
    before = loggers[1].level
    loggers[1].setLevel(logging.DEBUG)
    try:
        referral = referred()
        visitor, ticket = opened(referral)
        give(browser(), ticket, wrong(ticket))
        do(visitor, ticket, "receive")
        do(visitor, ticket, "receive")
        spent = made(referral)
        give(browser(), spent, wrong(spent))
    finally:
        loggers[1].setLevel(before)
        for logger in loggers:
            logger.removeHandler(handler)
    mark = visitor.cookies[f"link-browser-{name_of(ticket.token)}"].value
    halves = [ticket.token, ticket.code, spent.token, spent.code, mark.partition(".")[2]]
    assert words_in_clear(halves) == (0, 5)
    assert not [half for half in halves if half in sink.getvalue()]
    assert repr(ticket) == "Ticket()"
    row = link(referral)
    with identity(MACHINE):
        from wellbeing.vault import keys
        from wellbeing.vault.models import DataKeyRow

        assert not DataKeyRow.objects.filter(pk=keys.id_of(row.sealed)).exists(), "no key row opens the copy"


def test_a_desk_without_an_account_is_enough(db: None) -> None:
    """Nobody sits at the hospital's desk: the link alone brings the loop to its end."""
    from wellbeing.people.models import Post

    with identity(Actor.machine("test")):
        Post.objects.filter(desk=desk("haiyun-hospital", Role.HOSPITAL_LIAISON)).update(ends_on=date(2026, 9, 2))
    referral = referred()
    visitor, ticket = opened(referral)
    do(visitor, ticket, "receive")
    do(visitor, ticket, "book", at=f"{now() + timedelta(days=1):%Y-%m-%dT10:00}")
    do(visitor, ticket, "report", attended="yes", advice="减半作业")
    assert fresh(referral).state == "reported"
