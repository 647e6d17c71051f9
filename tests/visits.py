"""Every page of the product as somebody enters it: taken from the resolver, on a stage where each has what it needs.

A route without a page (a fragment, a file, what is only sent) is known by its answer, not by a list: a new page is
visited by every test that walks these, and one that nobody can open on the stage fails them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils.translation import gettext

from cases import actions as cases
from cases.attachment import Attached
from cases.mandatory import Authority, Ground
from cases.models import CallBackOutcome, Case, ReportKind, ScreeningResult
from cases.outlived import find_what_is_due
from cases.paper_number import PaperKind, shown
from cases.record_requests import Pick, Redaction
from cases.telling import How, Told, Whom
from cases.transfer import Basis, Scope
from referrals import actions as referrals
from referrals.models import Referral
from referrals.papers import LEAVE_PAPERS, PaperCode
from referrals.ticket import Ticket
from tests.cases.leave_stage import AWAY, BACK, begun, returned, take
from tests.cases.records_stage import checked, decided, entry_of, proposed
from tests.cases.test_screening_parts import finish
from tests.cases.test_screening_parts import running as imported
from tests.files import scan
from tests.people.scenes import confirmed, filed, filing, locked, teacher, term
from tests.people.test_centres import filled
from tests.referrals.test_crossing import planned
from tests.referrals.test_times import ahead
from tests.referrals.triage_stage import submitted
from tests.registers.scenes import incident
from tests.rules.test_matrix import addresses_on, set_stage
from tests.stage import GREEN, RED, YELLOW, acknowledged, actor, call, fresh, managed, referred, signed_in
from wellbeing.access.actor import Actor, identity
from wellbeing.access.models import Hold
from wellbeing.access.proof import Proof
from wellbeing.access.routes import routes
from wellbeing.people import actions as people
from wellbeing.people.models import User
from wellbeing.registers import actions as registers
from wellbeing.registers.models import Incident
from wellbeing.upload import Content

# Who visits a page that is hers; as few people as find all of them. The last one has not signed in.
STRANGER = ""
VISITORS = ("zhou", "lin", "chen", "shen", "fang", "su", "an", "sun", "jian", "he", "luo", "ding", "wu", "ye", STRANGER)
UNSTAGED = {"checkpoint"}  # no page, and needs more than this stage: a sealed tree (tests/audit/test_witness.py)
UNSTAGED |= {"link"}  # a letter in the one browser that has given its code (tests/referrals/test_link.py)
# What comes as a file: whoever follows a link to it stays on the page.
FILES = {"annual_export", "attachment", "fetch_export", "oversight_export", "subject_export"}
FILES |= {"leave_paper_pdf", "paper_batch_pdf", "paper_pdf", "record_reply_pdf", "report_pdf"}
FILES |= {"return_plan_pdf", "safety_plan_pdf"}
PLAN = {"signs": "一个人待着", "helpers": "奶奶", "stays": "妈妈,到明早"}

# For a browser: what moves on a page without its visitor having touched it; each with its share (layout-shift) and name.
SHIFTS = """window.shifts = [];
const named = (node) => node && (node.id || node.className || node.nodeName);
new PerformanceObserver((list) => list.getEntries().forEach((one) => {
  if (!one.hadRecentInput) { window.shifts.push([one.value, one.sources.map((source) => named(source.node))]); }
})).observe({ type: "layout-shift", buffered: true });"""
SHIFTED = "() => window.shifts"


@dataclass(frozen=True, slots=True)
class Visit:
    """A page: its route, who enters it, where, and what a first load of it answers."""

    route: str
    who: str
    address: str
    answer: Any


@dataclass
class Walk:
    """`pages` by route; `shut` are the routes that nobody could open as they are meant to be worked with."""

    pages: dict[str, Visit] = field(default_factory=dict)
    shut: list[str] = field(default_factory=list)


def walk() -> Walk:
    """Set the whole stage, and ask for every address of the site until one of the visitors finds its page open.

    The step of a page may be impossible where one object stands: the next one is tried. Addresses of the API take a
    token and have no page.
    """
    found, clients = Walk(), {name: signed_in(name) if name else Client(HTTP_HOST="127.0.0.1") for name in VISITORS}
    places = Places()
    for _address, route in routes():
        if getattr(route.callback, "proof", None) is Proof.TOKEN or route.name in UNSTAGED:
            continue
        name, tried = str(route.name), []
        for address, who in places.of(route):
            answer = clients[who].get(address)
            html = "html" in answer.get("Content-Type", "") and b"<html" in answer.content
            if "Content-Disposition" in answer and name not in FILES:
                found.shut.append(f"{name}: a file that is not named as one")
            # what is only sent; a fragment, a file
            if answer.status_code == 405 or (not html and answer.status_code in (200, 302, 503)):
                break
            if answer.status_code == 200 and gettext("Not possible yet") not in answer.content.decode():
                found.pages[name] = Visit(name, who, address, answer)
                break
            tried.append(f"{who} {address}: {answer.status_code}")
        else:
            found.shut.append(f"{name}: {tried}")
    return found


class Places:
    """Where each page can be found: on the stage of the matrix, and on more states of a case, a leave and a referral."""

    def __init__(self) -> None:
        stage = set_stage()
        self.listed = addresses_on(stage)
        self.cases, self.leaves = [stage.case, *_cases()], list(_leaves())
        self.cases += self.leaves
        self.referrals = [stage.referral, *_referrals()]
        self.named = _named(stage, self.cases[-1])

    def of(self, route: URLPattern) -> Iterator[tuple[str, str]]:
        """Addresses of a route with who may enter each, the likeliest first."""
        name = str(route.name)
        if name in self.named:
            yield self.named[name]
            return
        address, who = self.listed.get(name, ("", frozenset(VISITORS)))
        if not address and route.pattern.converters:
            return  # what it names stands nowhere on the stage
        rows, of_a_leave = self._states(name, address), re.search("/(leave|return|weigh)/", address)
        for row in [*self.leaves, *rows] if rows is self.cases and of_a_leave else rows:
            moved = address.replace(rows[0].reference, row.reference)
            yield from ((moved, one) for one in VISITORS if one in (who or ("zhou", "chen")))
        if not rows:
            yield from ((address or reverse(name), one) for one in (VISITORS if address else (STRANGER,)) if one in who)

    def _states(self, name: str, address: str) -> list[Any]:
        """The objects that the address could name instead, itself the first; none where it names nothing of these."""
        return next((rows for rows in (self.cases, self.referrals) if rows[0].reference in address), [])


def _cases() -> Iterator[Case]:
    """Cases in the states that a page of a step asks for: just opened, worked on, handed on, closed."""
    yield call(RED)
    yield _worked_on(acknowledged())
    asked = managed(RED)
    where: dict[str, Any] = {"division": "330903", "scope": Scope.WHOLE, "basis": Basis.SAFETY}
    cases.ask_transfer(actor=actor("chen"), case=asked, words={"because": "转学"}, **where)
    yield asked
    yield _not_to_be_reached()
    with _in(hours=-80):
        met, lowered = acknowledged(), acknowledged()
    for case in (met, lowered):
        cases.call_back(actor=actor("lin"), case=case, outcome=CallBackOutcome.REACHED, words={})
        cases.tell(actor=actor("zhou"), case=case, whom=Whom.GUARDIAN, told=Told.TOLD, how=How.PHONE, words={})
        cases.assess_risk(actor=actor("zhou"), case=case, words={}, face_to_face=True)
    cases.lower_tier(actor=actor("zhou"), case=lowered, to="orange", because="当面评估")
    yield from (met, lowered)
    yield _closed()


def _leaves() -> Iterator[Case]:
    """Cases in each state of a leave."""
    for steps in ((), AWAY[:1], AWAY[:2], AWAY, (*AWAY, BACK[0]), (*AWAY, *BACK[:2]), (*AWAY, *BACK)):
        begun(away := managed(YELLOW))
        for step in steps:
            take(away, step)
        yield away
    for steps in (("refuse",), ("refuse", "appeal_return"), ("pass",)):
        begun(away := managed(YELLOW))
        for step in (*AWAY, *BACK, *steps):
            take(away, step)
        yield away
    yield returned()


def _not_to_be_reached() -> Case:
    """At home nobody may be reached, and somebody has asked that this ends."""
    case = managed(YELLOW)
    for act in (cases.stop_contact, cases.ask_contact):
        act(actor=actor("zhou"), case=case, because="见记录")
    return case


def _closed() -> Case:
    case = call(GREEN)
    cases.close_case(actor=actor("lin"), case=case, reason="no_concern")
    return case


def _worked_on(case: Case) -> Case:
    """With a plan, a report that waits for its receipt, an assessment and a guardian whom nobody reached."""
    zhou = {"actor": actor("zhou"), "case": case}
    cases.plan_safety(**zhou, words=PLAN)
    cases.report_mandatory(**zhou, ground=Ground.SELF_HARM, authority=Authority.POLICE, words={"reported_to": "值班"})
    cases.write_report(**zhou, kind=ReportKind.FIRST, words={"summary": "已脱离危险"})
    return case


def _referrals() -> Iterator[Referral]:
    """Referrals in the states that a page of a step asks for, from the school's request to the way back."""
    yield submitted()
    asked = submitted()
    referrals.ask_for_more(actor=actor("zhou"), referral=asked, fields=["age"])
    yield asked
    accepted = submitted()
    referrals.accept_referral(actor=actor("zhou"), referral=accepted)
    yield accepted
    linked = referred()
    referrals.make_link(actor=actor("zhou"), referral=linked, ticket=Ticket.issue())
    planned(linked)
    yield linked
    received = referred()
    referrals.receive(actor=actor("fang"), referral=received)
    yield received
    offered = referred()
    referrals.receive(actor=actor("fang"), referral=offered)
    referrals.propose_times(actor=actor("fang"), referral=fresh(offered), times=[ahead(hours=30)])
    yield offered
    for back in (False, True):
        seen = referred()
        referrals.receive(actor=actor("fang"), referral=seen)
        referrals.book(actor=actor("fang"), referral=fresh(seen), at=ahead(hours=2))
        if back:
            referrals.record_feedback(actor=actor("fang"), referral=fresh(seen), attended=True, words={"seen": "yes"})
        yield seen


def _named(stage: SimpleNamespace, back: Case) -> dict[str, tuple[str, str]]:
    """What stands under an address of its own, and who enters it."""
    case, referral = stage.case, stage.referral
    answered = checked()
    proposed(answered, case, Pick(entry_of(case, "narrative"), "narrative", Redaction.WHOLE))
    decided(answered)
    due, asked = _closed(), _closed()
    with _in(days=1200):
        find_what_is_due()
    cases.ask_erasure(actor=actor("zhou"), reference=asked.reference, typed=asked.reference)
    gao = User.objects.get(username="gao")
    cases.grant_access(actor=actor("lin"), case=case, to=gao, hold=Hold.READ, until=ahead(days=5), because="一起跟进")
    sheet = cases.print_sheets(actor=actor("lin"), kind=PaperKind.CALL, count=1)
    paper = cases.attach(
        **{"actor": actor("zhou"), "case": case, "what": Attached.OTHER},
        **{"content": Content("同意书.pdf", scan(b"One", b"Two")), "desk_id": actor("zhou").desks[0]},
    )
    here = [case.reference]

    def at(name: str, *args: Any, who: str = "zhou") -> tuple[str, str]:
        return reverse(name, args=args), who

    reviewed, done = (_reviewed() for _time in range(2))
    registers.close_incident(actor=actor("zhou"), incident=done)
    past = term("2025-2026学年第二学期", date(2026, 2, 23), date(2026, 7, 3))
    confirmed("xinghe", teacher(), of=past)
    locked(past)
    people.fill_return(actor=actor("wu"), staffing_return=filed("bailang", stage.term), filing=filing(teacher("T2")))
    filled("putuo-centre")
    putuo, bailang = "putuo-centre", filed("bailang", stage.term).pk

    return {
        "close_incident": at("close_incident", reviewed.reference),
        "reopen_incident": at("reopen_incident", done.reference),
        **{name: at(name, bailang, who="wu") for name in ("fill_return", "submit_return")},
        "unlock_return": at("unlock_return", filed("xinghe", past).pk, who="shen"),
        **{name: at(name, putuo, who="ye") for name in ("fill_centre", "submit_centre")},
        "help_topic": at("help_topic", "call"),
        "notice_seen": at("notice_seen", case.pk),
        "drop_factor": at("drop_factor", case.pk),
        "log_draft": at("log_draft", stage.draft.pk, who="he"),
        "attachment": at("attachment", *here, paper.entry_id),
        "attachment_page": at("attachment_page", *here, paper.entry_id, 1),
        "withdraw_attachment": (f"{reverse('withdraw_attachment', args=here)}?entry={paper.entry_id}", "zhou"),
        "person_entry": at("person_entry", *here, entry_of(case, "narrative")),
        "person_result": _result(),
        "instrument_reading": at("instrument_reading", *here),
        "revoke_access": (f"{reverse('revoke_access', args=here)}?holder=user:{gao.pk}", "lin"),
        **{name: at(name, referral.reference, PaperCode.REFERRAL_SLIP) for name in ("paper", "paper_pdf")},
        **{name: at(name, back.reference, LEAVE_PAPERS[0], who="chen") for name in ("leave_paper", "leave_paper_pdf")},
        **{name: at(name, sheet.batch, who="lin") for name in ("paper_batch", "paper_batch_pdf")},
        "enter_paper": at("enter_paper", shown(sheet.pk), who="lin"),
        "check_paper": at("check_paper", "call", who="lin"),
        **{name: at(name, answered.reference) for name in ("record_reply", "record_reply_pdf", "hand_out_records")},
        "ask_erasure": at("ask_erasure", due.reference),
        "confirm_erasure": at("confirm_erasure", asked.reference, who="he"),
    }


def _reviewed() -> Incident:
    """An incident that was looked back on."""
    looked_at: dict[str, Any] = {"held_at": ahead(minutes=-5), "review": "复盘", "lessons": "改进"}
    made: Incident = registers.review_incident(actor=actor("zhou"), incident=incident(), **looked_at)
    return made


def _result() -> tuple[str, str]:
    """One screening result of a student who was flagged by it, as her school opens it."""
    batch = finish(imported("S9,222222220"))
    with identity(Actor.machine("test")):
        result = ScreeningResult.objects.get(batch=batch)
        case = Case.objects.get(person_id=result.person_id)
    return reverse("person_result", args=[case.reference, result.pk]), "chen"


@contextmanager
def _in(**span: float) -> Iterator[None]:
    """What is done here is done that much later, or earlier."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('app.clock_offset', %s, false)", [f"{timedelta(**span).total_seconds()} seconds"]
        )
        try:
            yield
        finally:
            cursor.execute("SELECT set_config('app.clock_offset', '', false)")
