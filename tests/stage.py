"""Small pieces to set a scene with; everything goes through the doors, as the person who would do it."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client

from cases import actions as cases
from cases.campaign_access import reveal_roll, school_batches
from cases.models import Campaign, CampaignStudent, Case, Deadline, Handover, PolicyVersion
from cases.policy_change import digest
from referrals import actions as referrals
from referrals.models import ConsentOutcome, Referral
from wellbeing.access.actor import Actor, identity
from wellbeing.access.proof import seconds
from wellbeing.demo.red_case import SUMMARY, WORDS
from wellbeing.errors import Invalid, WrongState
from wellbeing.people.models import Desk, Organisation, Role, User
from wellbeing.workdays import now

TODAY = date(2026, 11, 1)  # of answering; a day that has been
RED = WORDS
YELLOW = {"caller_kind": "self", "name": "小禾", "thoughts": "passive", "narrative": "不想上学"}
GREEN = {"caller_kind": "peer", "name": "小满", "narrative": "想找人说说话"}


def actor(name: str) -> Actor:
    """One of the demo cast, with the posts that run now, who has just shown her second factor."""
    return replace(Actor.of(User.objects.get(username=name)), proved_at=seconds())


def signed_in(name: str, language: str = "") -> Client:
    """A browser in which one of the cast is signed in, and has chosen a language."""
    client = Client(HTTP_HOST="127.0.0.1")
    if language:
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    client.force_login(User.objects.get(username=name))
    return client


def desk(code: str, role: str) -> Desk:
    return Desk.objects.get(organisation__code=code, role=role)


def call(words: Any = RED, *, by: str = "lin", division: str = "330902", **more: Any) -> Case:
    """A call logged by a hotline counsellor."""
    made: Case = cases.take_call(actor=actor(by), call=cases.CallSheet(words=words, division=division), **more)
    return made


def policy(*, effective_from: datetime | None = None, **values: Any) -> PolicyVersion:
    """A new version of the policy with some values changed, made by the city's administrator."""
    by = actor("shen")
    with identity(by):
        newest = PolicyVersion.newest()
        made = replace(newest.policy(), **values)
        version: PolicyVersion = cases.change_policy(
            actor=by,
            policy=made,
            effective_from=effective_from,
            because="试行",
            previewed=digest(made, effective_from, newest.number),
        )
    return version


def fresh(row: Any) -> Any:
    """The row as it is now, seen by a machine."""
    with identity(Actor.machine("test")):
        return type(row).objects.get(pk=row.pk)


def at_once(act: Callable[..., Any], *given: Iterable[Any]) -> list[str]:
    """What becomes of an act that two do at the same moment, each with its own of these: "done", or what refused it (the
    field of what is invalid, the state that it came too late for)."""
    both_are_here = threading.Barrier(2)

    def one(*mine: Any) -> str:
        both_are_here.wait()
        try:
            act(*mine)
        except Invalid as refused:
            return refused.field
        except WrongState as late:
            return late.state
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(one, *given))


def clocks(case: Case) -> dict[str, str]:
    """The clocks of a case by kind, each in its last state."""
    with identity(Actor.machine("test")):
        return dict(Deadline.objects.filter(case=case).order_by("started_at", "pk").values_list("kind", "state"))


def acknowledged(words: Any = RED) -> Case:
    case = call(words)
    cases.acknowledge(actor=actor("zhou"), case=case)
    return fresh(case)


def managed(words: Any = RED) -> Case:
    """A case of Dinghai, acknowledged by Zhou, that Chen manages at her school."""
    case, chen = acknowledged(words), User.objects.get(username="chen")
    cases.assign_manager(actor=actor("zhou"), case=case, manager=chen, desk=desk("xinghe", Role.SCHOOL_COUNSELLOR))
    found: Case = fresh(case)
    return found


def ready(case: Case, *, by: str) -> Case:
    """Nothing stands in the way of lowering it: it was seen face to face, and nothing is outstanding."""
    with identity(Actor.machine("test")):
        Deadline.objects.filter(case=case).update(state="met", next_at=None)
    cases.assess_risk(actor=actor(by), case=case, words={}, face_to_face=True)
    found: Case = fresh(case)
    return found


def closed_by_two(case: Case, reason: str, *, by: str = "zhou", second: str = "luo", note: str = "") -> Case:
    """A case in danger, closed for a reason that nothing in the record shows: one asks, and another signs."""
    cases.close_case(actor=actor(by), case=case, reason=reason, note=note)
    cases.confirm_lowering(actor=actor(second), case=fresh(case))
    found: Case = fresh(case)
    return found


def referred(case: Case | None = None) -> Referral:
    """A red case of Dinghai, acknowledged by Zhou and sent to Dr Fang's hospital."""
    made: Referral = referrals.open_channel(
        actor=actor("zhou"),
        case=case or acknowledged(),
        destination=desk("haiyun-hospital", Role.HOSPITAL_LIAISON),
        consent=ConsentOutcome.GIVEN,
        words={"summary": SUMMARY, "measures": "母亲陪护", "question": "请评估"},
    )
    return made


def covered(*, by: str = "chen", to: str = "zhou", days: int | None = 7) -> Handover:
    """Chen is away: her cases are with somebody else until a day, or for good."""
    made: Handover = cases.hand_over(
        actor=actor(by),
        desk=desk("xinghe", Role.SCHOOL_COUNSELLOR),
        from_user=User.objects.get(username="chen"),
        to_desk=Desk.objects.get(pk=actor(to).desks[0]),
        to_user=User.objects.get(username=to),
        until=now().date() + timedelta(days=days) if days else None,
    )
    return made


def screening(*answers: str) -> list[tuple[int, list[str]]]:
    """The lines of a screening file with PHQ-9: a student number and the answers of each, such as `S1,000000001`."""
    lines = [["student_no", *(f"q{n}" for n in range(1, 10))]]
    lines += [
        [number, *items] for number, _comma, items in (one.partition(",") for one in answers or ("S1,000000000",))
    ]
    return list(enumerate(lines, start=1))


def staged(*answers: str, by: str = "chen", school: str = "xinghe", **more: Any) -> cases.Staged:
    """A screening file brought by somebody, which waits."""
    lines = screening(*answers)
    given = {"digest": hashlib.sha256(repr(lines).encode()).hexdigest(), "instruments": "phq9=q1-q9", "day": TODAY}
    school_row = Organisation.objects.get(code=school)
    found: cases.Staged = cases.stage_screening(
        actor=Actor.machine("import") if by == "import" else actor(by), lines=lines, school=school_row, **given | more
    )
    return found


def campaign(
    *numbers: str, by: str = "chen", **more: Any
) -> tuple[Campaign, list[tuple[CampaignStudent, dict[str, Any]]]]:
    """A campaign of Chen's school that runs today, and its roll with who is on it."""
    who = actor(by)
    given = {"title": "2026 秋季普测", "codes": ["phq9", "gad7"], "first": now().date(), "last": now().date()}
    school = Organisation.objects.get(code="xinghe")
    made: Campaign = cases.plan_campaign(actor=who, schools=[school.pk], **given | more)
    with identity(who):
        (batch,) = school_batches(made)
        lines = [("学号", "姓名", "年级", "班级"), *((number, f"示例{number}", "八年级", "1班") for number in numbers)]
        cases.enrol_students(actor=who, batch_id=batch.pk, lines=list(enumerate(lines, start=1)))
        return made, reveal_roll(who, batch)


def scene() -> SimpleNamespace:
    """The scene of the matrix: Lin's call, acknowledged by Zhou, managed by Chen, sent to Dr Fang."""
    case = acknowledged()
    cases.assign_manager(
        actor=actor("zhou"),
        case=case,
        manager=User.objects.get(username="chen"),
        desk=desk("xinghe", Role.SCHOOL_COUNSELLOR),
    )
    referral = referred(fresh(case))
    return SimpleNamespace(case=fresh(case), referral=fresh(referral))
