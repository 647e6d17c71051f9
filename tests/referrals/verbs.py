"""What somebody may try in the walk: each verb with the step of the table that it takes and what else it asks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from cases import actions as cases
from cases.models import Case
from cases.telling import Whom
from referrals import actions
from referrals.access import shut_by_consent
from referrals.flow import AT_HOSPITAL, REFERRAL
from referrals.models import Link, ProposedTime, Referral
from referrals.queues import open_times
from referrals.ticket import Ticket
from tests.referrals.triage_stage import WORDS
from wellbeing.access.actor import Actor, identity
from wellbeing.people.models import Role
from wellbeing.workdays import now

if TYPE_CHECKING:
    from tests.referrals.walk import Walk

MACHINE_ACTOR = Actor.machine("test")
LETTER: dict[str, Any] = {"consent": "given", "words": {"summary": "请评估"}}


@dataclass(frozen=True, slots=True)
class Verb:
    """The step that it takes (none for what stands beside the table), how it is called, and what else it asks for."""

    step: str
    run: Callable[[Actor, Referral, Walk], Any]
    asks: Callable[[Referral, Case, Walk], bool] = lambda _referral, _case, _walk: True


def lives(referral: Referral) -> bool:
    """Whether a one-time link of the referral can be opened."""
    with identity(MACHINE_ACTOR):
        return Link.objects.filter(referral=referral, ended_at=None).exists()


def times(referral: Referral) -> list[ProposedTime]:
    """What is proposed and not over yet."""
    with identity(MACHINE_ACTOR):
        return [one for one in open_times(referral) if one.at > now()]


def _may_link(referral: Referral, _case: Case, _walk: Walk) -> bool:
    """A hospital has the letter, and the guardian's consent covers it."""
    with identity(MACHINE_ACTOR):
        covered = not shut_by_consent(referral)
    return covered and referral.state in AT_HOSPITAL and referral.to_desk.role == Role.HOSPITAL_LIAISON


def _send(who: Actor, referral: Referral, walk: Walk) -> Any:
    return actions.send_referral(actor=who, referral=referral, destination=walk.place(who), **LETTER)


def _emergency(who: Actor, referral: Referral, walk: Walk) -> Any:
    given: dict[str, Any] = {**LETTER, "consent": "not_sought", "emergency": True}
    return actions.open_channel(actor=who, case=Case(pk=referral.case_id), destination=walk.place(who), **given)


def _link(who: Actor, referral: Referral, _walk: Walk) -> Any:
    return actions.make_link(actor=who, referral=referral, ticket=Ticket.issue())


def _propose(who: Actor, referral: Referral, _walk: Walk) -> Any:
    ahead = [now() + timedelta(minutes=n) for n in range(12, 15)]
    return actions.propose_times(actor=who, referral=referral, times=ahead)


def _choose(who: Actor, referral: Referral, walk: Walk) -> Any:
    proposed = times(referral)
    chosen = walk.dice.choice(proposed).pk if proposed else referral.pk
    return actions.choose_time(actor=who, referral=referral, time_id=chosen)


def _return(who: Actor, referral: Referral, walk: Walk) -> Any:
    given: dict[str, Any] = {"desk": walk.school, "manager": walk.chen, "words": {"advice": "减半作业"}}
    made = actions.return_to_school(actor=who, referral=referral, **given)
    walk.met.discard(referral.case_id)
    return made


def _follow_up(who: Actor, referral: Referral, walk: Walk) -> Any:
    cases.follow_up(actor=who, case=Case(pk=referral.case_id), words={"how": "met"})
    walk.status[referral.case_id] = "following"
    walk.met.add(referral.case_id)


def _acknowledge(who: Actor, referral: Referral, walk: Walk) -> Any:
    cases.acknowledge(actor=who, case=Case(pk=referral.case_id))
    walk.status[referral.case_id] = "acknowledged"


def _may_close(_referral: Referral, case: Case, walk: Walk) -> bool:
    """The school has met the person since the plan, and no new danger waits for somebody."""
    return case.pk in walk.met and walk.status[case.pk] != "opened"


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
    "send_referral": Verb("send_referral", _send, lambda _referral, case, walk: walk.consented(case)),
    "go_on": Verb(
        "go_on", _simple("go_on"), lambda referral, case, _walk: referral.consent == "withdrawn" and case.tier == "red"
    ),
    "hand_to_rescue": Verb("", _simple("hand_to_rescue", whom=Whom.POLICE, words={"number": "A1"})),
    "emergency": Verb("", _emergency),
    "redirect": Verb("redirect", _simple("redirect")),
    "give_back": Verb("give_back", _simple("give_back", why="full")),
    "receive": Verb("receive", _simple("receive")),
    "book": Verb(
        "book",
        lambda who, referral, _walk: actions.book(actor=who, referral=referral, at=now() + timedelta(hours=2)),
    ),
    "propose_times": Verb("propose_times", _propose),
    "choose_time": Verb("choose_time", _choose, lambda referral, _case, _walk: bool(times(referral))),
    "ask_other_times": Verb("ask_other_times", _simple("ask_other_times")),
    "drop_times": Verb("drop_times", _simple("drop_times"), lambda referral, _case, _walk: not times(referral)),
    "make_link": Verb("", _link, _may_link),
    "end_link": Verb("", _simple("end_link"), lambda referral, _case, _walk: lives(referral)),
    "report": Verb("attend", _simple("record_feedback", attended=True, words={"seen": "yes"})),
    "miss": Verb("miss", _simple("record_feedback", attended=False, words={"seen": "no"})),
    "return_to_school": Verb("return_to_school", _return),
    "acknowledge": Verb("", _acknowledge, lambda _referral, case, walk: walk.status[case.pk] == "opened"),
    "follow_up": Verb("", _follow_up, lambda _referral, case, walk: walk.status[case.pk] != "opened"),
    "close_referral": Verb("follow_up", _simple("close_referral"), _may_close),
    "withdraw": Verb("withdraw", _simple("withdraw")),
    "expire": Verb("expire", _simple("expire")),
}

# A walk that only wanders never gets far: these lead a referral on, towards the loop that is closed.
FORWARD = (
    *("accept_referral", "ask_for_more", "answer_referral", "take_over", "send_referral", "go_on", "receive", "book"),
    *("propose_times", "choose_time", "report", "return_to_school", "acknowledge", "follow_up", "close_referral"),
)
ALLOWED = tuple(verb for verb in VERBS if verb != "make_link")  # slow on purpose: at random it is tried often enough
assert all(not verb.step or any(verb.step == step.action for step in REFERRAL.steps) for verb in VERBS.values())
