"""A walk through the green channel: random verbs by random people, each compared with what the table says.

The model is the table of referrals/flow.py and who stands where; the doors must do what it allows, and nothing else.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from cases import actions as cases
from cases.consent import Consent, Relation
from cases.models import Case, Deadline
from cases.telling import How, Whom
from referrals import actions
from referrals.access import LINK, shut_by_consent
from referrals.flow import ALL, AT_HOSPITAL, BEFORE_SENDING, DESTINATION, MACHINE, REFERRAL, SCHOOL, TRIAGE
from referrals.models import Link, Referral, ReferralGroupObjectPermission, Slot, Step
from referrals.queues import open_times
from referrals.tick import follow_cases
from referrals.ticket import Ticket
from tests.referrals.test_triage import WORDS, at_school, hospital
from tests.stage import RED, YELLOW, actor, desk, fresh
from wellbeing.access.actor import Actor, identity
from wellbeing.errors import Forbidden, Invalid, WrongState
from wellbeing.people.models import Role, User
from wellbeing.workdays import now

PEOPLE = ("lin", "gao", "chen", "wu", "zhou", "luo", "ye", "he", "fang", "tao", "shen", "sun", "an", "jian", "mallory")
MACHINE_ACTOR = Actor.machine("test")
OUT = (*AT_HOSPITAL, "attended", "reported", "return_plan", "followed_up")
VISITOR = "whoever reads through a link"  # what it may is the machine's; which referral, tests/referrals/test_link.py
VISITORS = ("receive", "book", "report", "miss")
SENDERS = ("make_link", "end_link")
REFUSALS = (Forbidden, WrongState, Invalid)
LETTER = {"consent": "given", "words": {"summary": "请评估"}}


@dataclass(frozen=True, slots=True)
class Verb:
    """What somebody tries: the step of the table that it takes (none for what stands beside it), how it is called, and
    what else it asks for."""

    step: str
    run: Callable[[Actor, Referral, Walk], Any]
    asks: Callable[[Referral, Case, Walk], bool] = lambda _referral, _case, _walk: True


@dataclass
class Walk:
    """Some cases, each with at most one referral under way."""

    dice: random.Random
    cases: list[Case] = field(default_factory=list)
    open: dict[Any, Referral] = field(default_factory=dict)
    done: Counter[str] = field(default_factory=Counter)
    ended: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    answers: dict[Any, Consent] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.actors = {**{name: actor(name) for name in PEOPLE}, VISITOR: LINK}
        places = {"fang": hospital("haiyun"), "tao": hospital("beichen"), "he": desk("city-centre", Role.CITY_DUTY)}
        self.places, self.receivers = tuple(places.values()), {one.pk: name for name, one in places.items()}
        self.school = desk("xinghe", Role.SCHOOL_COUNSELLOR)
        self.chen = User.objects.get(username="chen")
        self.cases = [at_school(words) for words in (RED, YELLOW, YELLOW)]

    def step(self) -> None:
        """Somebody tries something with one of the cases; what comes of it must be what the model says."""
        case, name = self.dice.choice(self.cases), self.dice.choice(list(self.actors))
        if self.dice.random() < 0.02:
            self._beside(case)
        referral = self.open.get(case.pk)
        if referral is None:
            self._begin(case, name if name != VISITOR else PEOPLE[0])
            return
        verb = self.dice.choice(list(VERBS))
        told = f"{name} {verb} in {referral.state}"
        expected = self._may(name, verb, referral, case)
        self._try(told, verb, expected, lambda: VERBS[verb].run(self.actors[name], referral, self), case)

    def _beside(self, case: Case) -> None:
        """The guardian answers anew, or the case is raised; at the ticker's look its referral has followed."""
        if case == self.cases[-1] and case.tier == "yellow" and self.done.total() > 40:
            cases.raise_tier(actor=self.actors["zhou"], case=case, to="orange")
            self.cases[-1] = case = fresh(case)
        else:
            said = Consent.WITHDRAWN if self.answers.get(case.pk) == Consent.GIVEN else Consent.GIVEN
            given: dict[str, Any] = {"relation": Relation.MOTHER, "how": How.PHONE, "words": {}}
            cases.record_consent(actor=self.actors["zhou"], case=case, outcome=said, **given)
            self.answers[case.pk] = said
        follow_cases()
        if case.pk in self.open:
            referral = self.open[case.pk] = fresh(self.open[case.pk])
            self.done[f"follow {referral.consent}"] += 1
            if referral.tier != case.tier:
                self.faults.append(f"{referral.state} at {referral.tier}, its case at {case.tier}")
            asked = referral.consent == "withdrawn" and REFERRAL.allows(referral.state, "go_on")
            if (referral.decide_by is not None) != asked:
                self.faults.append(f"{referral.state} with {referral.consent}, decide by {referral.decide_by}")

    def _begin(self, case: Case, name: str) -> None:
        who = self.actors[name]
        if self.dice.random() < 0.5:
            self._try(
                f"{name} submits",
                "submit_referral",
                name == "chen",
                lambda: actions.submit_referral(actor=who, case=case, words=WORDS),
                case,
            )
        else:
            to = self.dice.choice(self.places)
            self._try(
                f"{name} opens",
                "open_channel",
                name in ("zhou", "luo") and self.consented(case),
                lambda: actions.open_channel(actor=who, case=case, destination=to, **LETTER),
                case,
            )

    def _may(self, name: str, verb: str, referral: Referral, case: Case) -> bool:
        step, asks = VERBS[verb].step, VERBS[verb].asks
        if verb == "send_referral":
            step = BEFORE_SENDING.get(referral.state, step)
        if not asks(referral, case, self) or (name == VISITOR and verb not in VISITORS):
            return False
        if not step:
            others = {"chen"} if verb not in SENDERS and _at_school(referral) else set[str]()
            return name in {"zhou", "luo"} | others
        if not REFERRAL.allows(referral.state, step):
            return False
        stands = {
            SCHOOL: {"chen"} if referral.asked_by_id else set[str](),
            TRIAGE: {"zhou", "luo"},
            DESTINATION: {VISITOR, self.receivers[referral.to_desk_id]} if referral.state in OUT else set[str](),
            MACHINE: set[str](),
        }
        return name in stands[REFERRAL.step(referral.state, step).who]

    def consented(self, case: Case) -> bool:
        """Whether a letter may say that consent is given."""
        return self.answers.get(case.pk) != Consent.WITHDRAWN

    def _try(self, told: str, verb: str, expected: bool, run: Callable[[], Any], case: Case) -> None:
        try:
            made = run()
        except REFUSALS as refused:
            if expected:
                self.faults.append(f"{told}: refused ({type(refused).__name__}), and the table allows it")
            return
        if not expected:
            self.faults.append(f"{told}: done, and the table forbids it")
        self.done[verb] += 1
        self._look(told, fresh(made if isinstance(made, Referral) else self.open[case.pk]), case)

    def _look(self, told: str, referral: Referral, case: Case) -> None:
        """After a move: a clock runs while it is open, and nobody works on it once it has ended."""
        with identity(MACHINE_ACTOR):
            clocks = Deadline.objects.filter(case=case, state="running", kind__in=ALL)
            running, due = clocks.exists(), clocks.filter(kind=referral.due_kind, due_at=referral.due_at).exists()
            working = ReferralGroupObjectPermission.objects.filter(
                content_object=referral, permission__codename="work"
            ).exists()
            proposed, taken = len(open_times(referral)), Slot.objects.filter(taken=True).count()
        if bool(proposed) != (referral.state == "proposed") or taken > len(self.cases):
            self.faults.append(f"{told}: {referral.state} with {proposed} times proposed, {taken} places held")
        if _link(referral) and referral.state in ("redirected", *REFERRAL.final):
            self.faults.append(f"{told}: {referral.state} and its link lives")
        if referral.state in REFERRAL.final:
            self.open.pop(case.pk, None)
            self.ended[referral.state] += 1
            if working or running:
                self.faults.append(f"{told}: {referral.state} with grants {working}, clocks {running}")
            return
        self.open[case.pk] = referral
        if not running or not working or not due:
            self.faults.append(f"{told}: {referral.state} with grants {working}, clocks {running}, due {due}")


def _at_school(referral: Referral) -> bool:
    """Whether a school takes part: it asked, or was sent the plan of return."""
    with identity(MACHINE_ACTOR):
        return bool(referral.asked_by_id) or Step.objects.filter(referral=referral, state="return_plan").exists()


def _close(who: Actor, referral: Referral, walk: Walk) -> Any:
    if referral.state == "return_plan":  # the school has met the person before
        cases.follow_up(actor=walk.actors["chen"], case=fresh(Case(pk=referral.case_id)), words={"how": "met"})
    return actions.close_referral(actor=who, referral=referral)


def _link(referral: Referral) -> bool:
    with identity(MACHINE_ACTOR):
        return Link.objects.filter(referral=referral, ended_at=None).exists()


def _may_link(referral: Referral, _case: Case, _walk: Walk) -> bool:
    """A hospital has the letter, and the guardian's consent covers it."""
    with identity(MACHINE_ACTOR):
        covered = not shut_by_consent(referral)
    return covered and referral.state in AT_HOSPITAL and referral.to_desk.role == Role.HOSPITAL_LIAISON


def _made(who: Actor, referral: Referral, _walk: Walk) -> Any:
    actions.make_link(actor=who, referral=referral, ticket=Ticket.issue())
    return referral


def _choose(who: Actor, referral: Referral, walk: Walk) -> Any:
    with identity(MACHINE_ACTOR):
        times = open_times(referral)
    chosen = walk.dice.choice(times).pk if times else referral.pk
    return actions.choose_time(actor=who, referral=referral, time_id=chosen)


def _simple(name: str, **given: Any) -> Callable[[Actor, Referral, Walk], Any]:
    return lambda who, referral, _walk: getattr(actions, name)(actor=who, referral=referral, **given)


VERBS: dict[str, Verb] = {
    "accept_referral": Verb("accept_referral", _simple("accept_referral")),
    "ask_for_more": Verb("ask_for_more", _simple("ask_for_more", fields=["age"])),
    "answer_referral": Verb("answer_referral", _simple("answer_referral", words=WORDS)),
    "take_over": Verb("take_over", _simple("take_over")),
    "decline_referral": Verb(
        "decline_referral", _simple("decline_referral", why="age"), lambda _referral, case, _walk: case.tier != "red"
    ),
    "send_referral": Verb(
        "send_referral",
        lambda who, referral, walk: actions.send_referral(
            actor=who, referral=referral, destination=walk.dice.choice(walk.places), **LETTER
        ),
        lambda _referral, case, walk: walk.consented(case),
    ),
    "go_on": Verb(
        "go_on", _simple("go_on"), lambda referral, case, _walk: referral.consent == "withdrawn" and case.tier == "red"
    ),
    "hand_to_rescue": Verb("", _simple("hand_to_rescue", whom=Whom.POLICE, words={"number": "A1"})),
    "redirect": Verb("redirect", _simple("redirect")),
    "give_back": Verb("give_back", _simple("give_back", why="full")),
    "receive": Verb("receive", _simple("receive")),
    "book": Verb(
        "book",
        lambda who, referral, _walk: actions.book(actor=who, referral=referral, at=now() + timedelta(hours=2)),
    ),
    "propose_times": Verb(
        "propose_times",
        lambda who, referral, walk: actions.propose_times(
            actor=who, referral=referral, times=[now() + timedelta(hours=n) for n in range(2, 5)]
        ),
    ),
    "choose_time": Verb("choose_time", _choose),
    "ask_other_times": Verb("ask_other_times", _simple("ask_other_times")),
    "drop_times": Verb("drop_times", _simple("drop_times")),
    "make_link": Verb("", _made, _may_link),
    "end_link": Verb("", _simple("end_link"), lambda referral, _case, _walk: _link(referral)),
    "report": Verb("attend", _simple("record_feedback", attended=True, words={"seen": "yes"})),
    "miss": Verb("miss", _simple("record_feedback", attended=False, words={"seen": "no"})),
    "return_to_school": Verb(
        "return_to_school",
        lambda who, referral, walk: actions.return_to_school(
            actor=who, referral=referral, desk=walk.school, manager=walk.chen, words={"advice": "减半作业"}
        ),
    ),
    "close_referral": Verb("follow_up", _close),
    "withdraw": Verb("withdraw", _simple("withdraw")),
}
