"""One red case, from the phone to the hospital and back: the journey of the README, the story and the journey test.

Every step goes through the two doors, as the person who would take it. Weeks pass by moving the database's clock for
this connection (app.clock_offset).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from cases import actions as cases
from cases.access import Purpose, open_case, reveal, who_may_read
from cases.clocks import ClockKind
from cases.models import CallBackOutcome, Case, Deadline, DeadlineState, ReportKind, Section
from cases.queues import board
from cases.telling import How, Told, Whom
from referrals import actions as referrals
from referrals.access import open_referral, reveal_packets
from referrals.models import ConsentOutcome, Referral
from wellbeing.access.actor import Actor, identity
from wellbeing.access.permissions import P
from wellbeing.errors import Forbidden
from wellbeing.outbox import relay
from wellbeing.outbox.inbox import unread
from wellbeing.people.models import Desk, Role, User
from wellbeing.workdays import TIMEZONE, now

# What the story's caller says; the canaries by which a dump of the database is searched for words in clear.
WORDS = {
    "caller_kind": "self",
    "about_kind": "student",
    "name": "小渔",
    "gender": "female",
    "age": 14,
    "stage": "junior",
    "school": "星河初级中学",
    "contact": "00000000001",
    "guardian_name": "渔妈妈",
    "guardian_contact": "00000000002",
    "topics": ["emotion", "self_harm"],
    "narrative": "她说灯塔下面很安静,想在今晚结束一切",
    "thoughts": "active",
    "plan": "yes",
    "when": "now",
    "means": "yes",
    "alone": "yes",
    "protective": "想再见到奶奶",
    "done": "陪她说到妈妈进门",
    "caller_number": "00000000003",
}
SUMMARY = "两周失眠,今晚有计划与工具,母亲已在身边"
CONCLUSION = "中度抑郁发作,门诊随访"
ADVICE = "减半作业,固定同伴,每周一次面谈"
PLAN = {"signs": "夜里一个人醒着,不回消息", "helpers": "奶奶,班里的阿禾", "stays": "妈妈陪到明天早上"}
REPORTED = "已与家长见面,工具已收走,今晚有人陪护"
TOLD = ((Whom.GUARDIAN, How.IN_PERSON), (Whom.PRINCIPAL, How.PHONE), (Whom.CITY, How.PHONE))
SPOKEN = (*WORDS.values(), *PLAN.values(), SUMMARY, CONCLUSION, ADVICE, REPORTED)
# Long enough to stand nowhere by chance; the name is short and stands nowhere else.
CANARIES = ("小渔", *(words for words in SPOKEN if isinstance(words, str) and len(words) > 8))
WORDS_AT_HOME = {"thoughts": "active", "plan": "yes", "means": "no", "alone": "no"}
PRESENT = {"thoughts": "none", "plan": "no", "means": "no", "alone": "no"}


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the timeline."""

    at: datetime
    text: str
    actor: str
    state: str
    tier: str
    clock: str
    readers: tuple[str, ...]


@dataclass(slots=True)
class Journey:
    """The story while it is played; `case` and `referral` are set as it goes."""

    wait: Callable[[timedelta], None]
    case: Case | None = None
    referral: Referral | None = None

    def play(self) -> Iterator[Moment]:
        """Play the whole journey, a moment per step."""
        yield from self._phone()
        yield from self._triage()
        yield from self._hospital()
        yield from self._school()
        yield from self._down_and_closed()

    def _phone(self) -> Iterator[Moment]:
        lin = actor("lin")
        self.case = cases.take_call(actor=lin, call=cases.CallSheet(words=WORDS, division="330902", answered_after_s=8))
        yield self._moment("A call on 2912345 is logged; red is proposed and the case opened, sealed", lin)
        relay.sweep()
        zhou = actor("zhou")
        with identity(zhou):
            assert unread(zhou) and board(zhou).rows
        yield self._moment("The notice reaches the Dinghai triage desk", Actor.machine("relay"))

    def _triage(self) -> Iterator[Moment]:
        zhou, case = actor("zhou"), self._case()
        self.wait(timedelta(minutes=4))
        cases.acknowledge(actor=zhou, case=case)
        yield self._moment("Triage acknowledges: the red clock stops after 4 minutes", zhou)
        with identity(zhou):
            opened = reveal(zhou, open_case(zhou, case.reference, P.FILE_READ), Section.values, Purpose.TRIAGE)
            assert Section.SEALED in opened.hidden
        yield self._moment("Triage opens the file; the reading is recorded", zhou)
        hospital = Desk.objects.get(organisation__code="haiyun-hospital", role=Role.HOSPITAL_LIAISON)
        self.referral = referrals.open_channel(
            actor=zhou,
            case=case,
            destination=hospital,
            consent=ConsentOutcome.GIVEN,
            words={"summary": SUMMARY, "measures": "母亲陪护,药品已收好", "question": "请今晚评估"},
            emergency=True,
        )
        yield self._moment("Sent through the green channel: the hospital gets a packet, never the case", zhou)
        self.wait(timedelta(minutes=40))
        cases.assess_risk(actor=zhou, case=case, words=WORDS_AT_HOME, face_to_face=True, desk_id=zhou.desks[0])
        yield self._moment("The county's counsellor meets her at home, within the hour", zhou)
        for whom, how in TOLD:
            told = {"name": WORDS["guardian_name"] if whom == Whom.GUARDIAN else ""}
            cases.tell(actor=zhou, case=case, whom=whom, told=Told.TOLD, how=how, words=told, desk_id=zhou.desks[0])
        yield self._moment("Guardian, principal and city centre are told; each clock stops", zhou)
        cases.plan_safety(actor=zhou, case=case, words=PLAN, desk_id=zhou.desks[0])
        self._report(ReportKind.FIRST)
        yield self._moment("A safety plan is made with her, and the first written report goes out", zhou)

    def _hospital(self) -> Iterator[Moment]:
        fang = actor("fang")
        with identity(fang):
            seen = open_referral(fang, self._referral().reference)
            assert len(reveal_packets(fang, seen)) == 1
        self.wait(timedelta(minutes=20))
        referrals.receive(actor=fang, referral=self._referral())
        yield self._moment("The hospital opens the packet and receives the referral", fang)
        referrals.book(actor=fang, referral=self._referral(), at=now() + timedelta(hours=2))
        yield self._moment("The hospital books the same evening", fang)
        self.wait(timedelta(hours=4))
        words = {"seen": "yes", "risk": "已稳定", "conclusion": CONCLUSION, "advice": ADVICE, "next_visit": "两周后"}
        referrals.record_feedback(actor=fang, referral=self._referral(), attended=True, words=words)
        yield self._moment("The hospital reports back: seen, conclusion, advice", fang)

    def _school(self) -> Iterator[Moment]:
        zhou, chen, lin = actor("zhou"), actor("chen"), actor("lin")
        self.wait(timedelta(hours=8))
        words = {"hope": 60, "distress": 40, "intent": 5}
        cases.call_back(actor=lin, case=self._case(), outcome=CallBackOutcome.REACHED, words=words)
        yield self._moment("The hotline calls back on the next day; the next call is a week later", lin)
        desk = Desk.objects.get(organisation__code="xinghe", role=Role.SCHOOL_COUNSELLOR)
        self.wait(timedelta(hours=10))
        cases.assess_risk(actor=zhou, case=self._case(), words=PRESENT, face_to_face=True, desk_id=zhou.desks[0])
        referrals.return_to_school(
            actor=zhou,
            referral=self._referral(),
            desk=desk,
            manager=account("chen"),
            words={"name": "小渔", "advice": ADVICE, "mentor": "值班导师", "signs": "独处、告别、停药"},
        )
        yield self._moment("The school counsellor gets the return-to-school plan and the case to follow up", zhou)
        self.wait(timedelta(hours=20))
        self._meet(chen)
        yield self._moment("The school counsellor meets her and follows up", chen)
        referrals.close_referral(actor=zhou, referral=self._referral())
        yield self._moment("The loop is closed: the referral ends and so do its grants", zhou)

    def _down_and_closed(self) -> Iterator[Moment]:
        zhou, chen = actor("zhou"), actor("chen")
        self._report(ReportKind.NEXT)
        for to, every, times in (("orange", 1, 3), ("yellow", 7, 5), ("blue", 7, 5)):
            for _meeting in range(times):
                self.wait(timedelta(days=every))
                self._call_back()
                self._meet(chen)
            cases.lower_tier(actor=chen, case=self._case(), to=to, because="当面评估,安全计划在用")
            if to != "blue":
                yield self._moment(f"A fresh meeting; the school counsellor proposes {to}", chen)
                cases.confirm_lowering(actor=zhou, case=self._case())
                yield self._moment(f"Triage confirms as the second person: {to}", zhou)
            else:
                yield self._moment("Lowered to blue by one counsellor, after four more weeks", chen)
        self.wait(timedelta(days=7))
        self._meet(chen)
        self._report(ReportKind.FINAL)
        cases.close_case(actor=chen, case=self._case(), reason="improved", note="三个月随访结束")
        yield self._moment("The case is closed; every grant ends", chen)

    def _call_back(self) -> None:
        """The hotline's call-backs, when one is due."""
        case = self._case()
        with identity(Actor.machine("story")):
            due = Deadline.objects.filter(case=case, kind=ClockKind.CALLBACK, state="running", due_at__lte=now())
            waits = due.exists()
        if waits:
            cases.call_back(actor=actor("lin"), case=case, outcome=CallBackOutcome.REACHED, words={"hope": 70})

    def _report(self, kind: ReportKind) -> None:
        zhou = actor("zhou")
        words = {"summary": REPORTED, "next_steps": "按计划随访"}
        cases.write_report(actor=zhou, case=self._case(), kind=kind, words=words, desk_id=zhou.desks[0])

    def _meet(self, chen: Actor) -> None:
        """A meeting at school: the follow-up, and the reassessment that the tier asks for."""
        case, words = self._case(), {"how": "met", "note": "见面,作息恢复"}
        soon = now() + timedelta(days=8)
        cases.follow_up(actor=chen, case=case, words=words, next_at=soon, desk_id=chen.desks[0])
        cases.assess_risk(actor=chen, case=case, words=PRESENT, face_to_face=True, desk_id=chen.desks[0])

    def _case(self) -> Case:
        assert self.case is not None
        with identity(Actor.machine("story")):
            return Case.objects.get(pk=self.case.pk)

    def _referral(self) -> Referral:
        assert self.referral is not None
        with identity(Actor.machine("story")):
            return Referral.objects.get(pk=self.referral.pk)

    def _moment(self, text: str, who: Actor) -> Moment:
        case = self._case()
        with identity(Actor.machine("story")):
            clock = Deadline.objects.filter(case=case, state=DeadlineState.RUNNING).order_by("due_at").first()
            readers = tuple(h.name for h in who_may_read(case) if h.hold in ("read", "work"))
            referral = Referral.objects.filter(pk=self.referral.pk).first() if self.referral else None
        state = case.status + (f" / {referral.state}" if referral else "")
        due = f"{clock.kind} {clock.due_at.astimezone(TIMEZONE):%m-%d %H:%M}" if clock else "-"
        return Moment(now(), text, who.name, state, case.tier, due, readers)


def account(username: str) -> User:
    """The account of one of the cast."""
    with identity(Actor.machine("story")):
        return User.objects.get(username=username)


def actor(username: str) -> Actor:
    """One of the cast, with the posts that run now."""
    return Actor.of(account(username))


def move_clock(step: timedelta) -> None:
    """Let time pass for this connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app_now() - now()")
        offset = cursor.fetchone()[0] + step
        cursor.execute("SELECT set_config('app.clock_offset', %s, false)", [f"{int(offset.total_seconds())} seconds"])


def outsiders(case: Case) -> list[str]:
    """Who, of the whole cast but those with a grant, can find the case; empty when the walls hold."""
    found = []
    with identity(Actor.machine("story")):
        others = list(User.objects.exclude(username__in=("lin", "zhou", "luo", "chen")))
    for user in others:
        other = Actor.of(user)
        with identity(other):
            try:
                open_case(other, case.reference)
                found.append(user.username)
            except Forbidden:
                pass
    return found
