"""A walk through the green channel: random verbs by random people, each compared with what the table says.

The model is the table of referrals/flow.py and who stands where; the doors must do what it allows, and nothing else.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import connection

from cases import actions as cases
from cases.consent import Consent, Relation
from cases.models import Case, Deadline
from cases.telling import How
from referrals import actions
from referrals.flow import ALL, BEFORE_SENDING, DESTINATION, MACHINE, REFERRAL, sender, through
from referrals.models import Referral, ReferralGroupObjectPermission, Slot, Step
from referrals.queues import open_times
from referrals.tick import follow_cases
from tests.referrals.triage_stage import WORDS, hospital
from tests.referrals.verbs import ALLOWED, FORWARD, LETTER, MACHINE_ACTOR, VERBS, lives
from tests.stage import RED, YELLOW, actor, desk, fresh, managed
from wellbeing.access.actor import Actor, identity
from wellbeing.access.grants import OWNER_DAYS, grant
from wellbeing.access.machines import LINK, TICKER
from wellbeing.access.models import Origin
from wellbeing.errors import Forbidden, Invalid, WrongState
from wellbeing.people.models import Role, User
from wellbeing.workdays import now

PEOPLE = ("lin", "gao", "chen", "wu", "zhou", "luo", "ye", "he", "fang", "tao", "shen", "sun", "an", "jian", "mallory")
VISITOR = "whoever reads through a link"  # what it may is the machine's; which referral, tests/referrals/test_link.py
VISITORS = ("receive", "book", "propose_times", "report", "miss")
CLOCK = "the ticker"
REFUSALS = (Forbidden, WrongState, Invalid)
RESTING = tuple(state for state in REFERRAL.states if state not in ("draft", "attended", "followed_up"))


@dataclass
class Walk:
    """Some cases, each with at most one referral under way."""

    dice: random.Random
    thorough: bool = False  # dwells in each state until everybody has tried everything there
    cases: list[Case] = field(default_factory=list)
    open: dict[Any, Referral] = field(default_factory=dict)
    done: Counter[str] = field(default_factory=Counter)
    taken: Counter[tuple[str, str]] = field(default_factory=Counter)  # which step from which state
    tried: dict[str, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))  # who what, by state
    ended: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    answers: dict[Any, Consent] = field(default_factory=dict)
    status: dict[Any, str] = field(default_factory=dict)
    met: set[Any] = field(default_factory=set)  # cases followed up since the plan of their return
    at_city: set[Any] = field(default_factory=set)  # cases that the city centre works on, too
    later: timedelta = timedelta()

    def __post_init__(self) -> None:
        self.actors = {**{name: actor(name) for name in PEOPLE}, VISITOR: LINK, CLOCK: TICKER}
        self.every = [(name, verb) for name in self.actors for verb in VERBS]  # in one state
        self.school, self.city = desk("xinghe", Role.SCHOOL_COUNSELLOR), desk("city-centre", Role.CITY_DUTY)
        self.county = desk("dinghai-centre", Role.COUNTY_TRIAGE)
        self.places = (hospital("haiyun"), hospital("beichen"), self.city)
        sitting = zip((*self.places, self.county, self.school), ("fang", "tao", "he", "zhou luo", "chen"), strict=True)
        self.people = {one.pk: set(names.split()) for one, names in sitting}
        self.chen = User.objects.get(username="chen")
        self.cases = [self._case(words) for words in (RED, YELLOW, YELLOW)]

    def step(self) -> None:
        """Somebody tries something with one of the cases; what comes of it must be what the model says."""
        number = self.dice.randrange(len(self.cases))
        if self.dice.random() < 0.02:
            self._beside(number)
        case = self.cases[number]
        referral = self.open.get(case.pk)
        if referral is None:
            self._begin(case, self.dice.choice(PEOPLE))
            return
        name, verb = self._chosen(referral, case)
        self.tried[referral.state].add((name, verb))
        told = f"{name} {verb} in {referral.state}"
        expected = name in self._who(verb, referral, case)
        self._try(told, verb, expected, lambda: VERBS[verb].run(self.actors[name], referral, self), case)
        if case.pk not in self.open and (case.tier != ("yellow" if number else "red") or self.dice.random() < 0.2):
            self.cases[number] = self._case(YELLOW if number else RED)

    def _chosen(self, referral: Referral, case: Case) -> tuple[str, str]:
        """Who tries what: what was never tried here, what leads on, whatever is allowed, or anything."""
        new, dice = self._untried(referral.state), self.dice.random()
        if new and dice < (0.9 if self.thorough else 0.3):
            return self.dice.choice(new)
        dice = self.dice.random()
        verbs = list(FORWARD if dice < 0.2 else ALLOWED if dice < 0.28 else ())
        self.dice.shuffle(verbs)
        if dice >= 0.2:  # a step that nobody has taken from here comes first
            verbs.sort(key=lambda verb: (referral.state, self._step(verb, referral.state)) in self.taken)
        for verb in verbs:
            if names := self._who(verb, referral, case):
                return self.dice.choice(sorted(names)), verb
        return self.dice.choice(self.every)

    def untried(self) -> dict[str, list[tuple[str, str]]]:
        """By state what nobody has tried yet."""
        resting = (state for state in RESTING if state not in REFERRAL.final)
        return {state: left for state in resting if (left := self._untried(state))}

    def _untried(self, state: str) -> list[tuple[str, str]]:
        return [one for one in self.every if one not in self.tried[state]]

    def untaken(self) -> set[tuple[str, str]]:
        """The steps of the table that no referral has taken from a state in which it rests."""
        return {(step.state, step.action) for step in REFERRAL.steps if step.state in RESTING} - set(self.taken)

    def place(self, who: Actor) -> Any:
        """A destination to send to; nobody sends to her own desk."""
        return self.dice.choice([one for one in self.places if one.pk not in who.desks])

    def consented(self, case: Case) -> bool:
        """Whether a letter may say that consent is given."""
        return self.answers.get(case.pk) != Consent.WITHDRAWN

    def _case(self, words: Any) -> Case:
        case = managed(words)
        self.status[case.pk] = case.status
        return case

    def _beside(self, number: int) -> None:
        """Time passes; the city joins; the case is raised or the guardian answers anew: at the ticker's look its
        referral has followed."""
        case, dice = self.cases[number], self.dice.random()
        if dice < 0.2:
            self._pass(timedelta(minutes=15))
            return
        if dice < 0.4:
            with identity(Actor.machine("grants")):
                grant(case, to=self.city, origin=Origin.ESCALATION, expires_at=now() + OWNER_DAYS, by=MACHINE_ACTOR)
            self.at_city.add(case.pk)
            return
        if dice < 0.6 and case.tier in ("yellow", "orange"):
            cases.raise_tier(actor=self.actors["zhou"], case=case, to="orange" if case.tier == "yellow" else "red")
            self.cases[number] = case = fresh(case)
            self.status[case.pk] = case.status
        else:
            said = Consent.WITHDRAWN if self.answers.get(case.pk) == Consent.GIVEN else Consent.GIVEN
            given: dict[str, Any] = {"relation": Relation.MOTHER, "how": How.PHONE, "words": {}}
            cases.record_consent(actor=self.actors["zhou"], case=case, outcome=said, **given)
            self.answers[case.pk] = said
        self._followed(case)

    def _pass(self, span: timedelta) -> None:
        self.later += span
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('app.clock_offset', %s, false)", [f"{self.later.total_seconds()} seconds"]
            )

    def _followed(self, case: Case) -> None:
        follow_cases()
        if case.pk not in self.open:
            return
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
            submit = lambda: actions.submit_referral(actor=who, case=case, words=WORDS)  # noqa: E731
            self._try(f"{name} submits", "submit_referral", name == "chen", submit, case)
            return
        senders = {"zhou", "luo"} | ({"he"} if case.pk in self.at_city else set[str]())
        to = self.place(who)
        send = lambda: actions.open_channel(actor=who, case=case, destination=to, **LETTER)  # noqa: E731
        self._try(f"{name} opens", "open_channel", name in senders and self.consented(case), send, case)

    def _who(self, verb: str, referral: Referral, case: Case) -> set[str]:
        """Everybody who may do this now."""
        step = VERBS[verb].step and self._step(verb, referral.state)
        if (step and not REFERRAL.allows(referral.state, step)) or not VERBS[verb].asks(referral, case, self):
            return set()
        if not step:
            return self._who_beside(verb, referral, case)
        who = REFERRAL.step(referral.state, step).who
        if who == MACHINE:
            return {CLOCK}
        names = self.people[getattr(referral, f"{through(referral.state, step)}_id")]
        return names | ({VISITOR} if who == DESTINATION and verb in VISITORS else set[str]())

    def _who_beside(self, verb: str, referral: Referral, case: Case) -> set[str]:
        """Everybody who may do what stands beside the table."""
        county, city = {"zhou", "luo"}, {"he"} if case.pk in self.at_city else set[str]()
        sends = self.people[getattr(referral, f"{sender(referral.state)}_id")]
        if verb in ("make_link", "end_link"):
            return sends | ({CLOCK} if verb == "end_link" else set[str]())
        if verb == "emergency":  # goes past what others have under way; their own they send elsewhere
            return (county | city) - sends
        if verb == "acknowledge":
            return county | city
        if verb == "follow_up":
            return county | city | {"chen", "lin"}
        received = self.people[referral.to_desk_id] & city
        return sends | received | ({"chen"} if _at_school(referral) else set[str]())

    def _try(self, told: str, verb: str, expected: bool, run: Callable[[], Any], case: Case) -> None:
        before = self.open.get(case.pk)
        try:
            made = run()
        except REFUSALS as refused:
            if expected:
                self.faults.append(f"{told}: refused ({type(refused).__name__}), and the table allows it")
            return
        if not expected:
            self.faults.append(f"{told}: done, and the table forbids it")
        self.done[verb] += 1
        if before is None:
            self._look(told, fresh(made), case)
            return
        if step := self._step(verb, before.state):
            self.taken[before.state, step] += 1
        self._look(told, fresh(before), case)
        if verb == "emergency":
            self._look(told, fresh(made), case)

    def _step(self, verb: str, state: str) -> str:
        """The step of the table that a verb makes a referral take from a state."""
        if verb == "send_referral":
            return BEFORE_SENDING.get(state, verb)
        return "give_way" if verb == "emergency" else VERBS[verb].step

    def _look(self, told: str, referral: Referral, case: Case) -> None:
        """After a move: a clock runs while it is open, and only who has a part in it holds a grant; nobody works on it
        once it has ended, and its letter's receiver reads no more."""
        with identity(MACHINE_ACTOR):
            clocks = Deadline.objects.filter(case=case, state="running", kind__in=ALL)
            due = clocks.filter(kind=referral.due_kind, due_at=referral.due_at).exists()
            grants = set(
                ReferralGroupObjectPermission.objects.filter(content_object=referral).values_list(
                    "group_id", "permission__codename"
                )
            )
            proposed, held = len(open_times(referral)), Slot.objects.filter(taken=True).count()
            under_way = Referral.objects.filter(case=case, ended_at=None).count()
            running = clocks.exists()
        holders = {holder for holder, _hold in grants}
        working = any(hold == "work" for _holder, hold in grants)
        if bool(proposed) != (referral.state == "proposed") or held:
            self.faults.append(f"{told}: {referral.state} with {proposed} times proposed, {held} places held")
        if lives(referral) and referral.state in ("redirected", *REFERRAL.final):
            self.faults.append(f"{told}: {referral.state} and its link lives")
        if referral.state in REFERRAL.final:
            self.open.pop(case.pk, None)
            self.ended[referral.state] += 1
            left = holders - {referral.from_desk_id, referral.asked_by_id, self.county.pk}
            if working or left or (running and not under_way):
                self.faults.append(f"{told}: {referral.state} with grants {grants}, clocks {running}")
            return
        self.open[case.pk] = referral
        part = {referral.from_desk_id, referral.to_desk_id, referral.asked_by_id}
        part |= {self.school.pk} if _at_school(referral) else set()
        if not running or not working or not due or holders - part:
            self.faults.append(f"{told}: {referral.state} with grants {grants}, clocks {running}, due {due}")


def _at_school(referral: Referral) -> bool:
    """Whether a school takes part: it asked, or was sent the plan of return."""
    with identity(MACHINE_ACTOR):
        return bool(referral.asked_by_id) or Step.objects.filter(referral=referral, state="return_plan").exists()
