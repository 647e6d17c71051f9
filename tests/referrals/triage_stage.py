"""A referral that a school asks for, and its way to a hospital."""

from __future__ import annotations

from typing import Any

from referrals import actions
from referrals.access import open_referral, reveal_packets
from referrals.models import Referral
from tests.stage import RED, actor, desk, managed
from wellbeing.access.actor import identity
from wellbeing.people.models import Role

WORDS = {"summary": "手臂有新伤,回避同学", "measures": "已与班主任沟通", "review": "研判会:校长、德育主任、心理教师"}


def submitted(words: Any = RED) -> Referral:
    made: Referral = actions.submit_referral(actor=actor("chen"), case=managed(words), words=WORDS)
    return made


def hospital(name: str = "haiyun") -> Any:
    return desk(f"{name}-hospital", Role.HOSPITAL_LIAISON)


def sent(referral: Referral, to: str = "haiyun", **more: Any) -> Referral:
    made: Referral = actions.send_referral(
        actor=actor("zhou"),
        referral=referral,
        destination=hospital(to),
        words={"summary": "请评估"},
        **{"consent": "given", **more},
    )
    return made


def read(name: str, referral: Referral) -> dict[str, Any]:
    who = actor(name)
    with identity(who):
        seen = open_referral(who, referral.reference)
        return {one.packet.purpose: one.words for one in reveal_packets(who, seen)}
