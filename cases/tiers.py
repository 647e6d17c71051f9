"""Risk tiers (预警等级): from facts to the lowest allowed tier with its reasons. Pure.

Source: DOMAIN.md, Tiers; PRACTICE.md 2.1 and 2.4. A score or an answer raises, it never lowers; a named person decides.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from cases.policy import Policy
from wellbeing.translatable import _


class Tier(StrEnum):
    """Codes, never numbers: state law counts 一级 as the highest, many school papers as the lowest."""

    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    BLUE = "blue"
    GREEN = "green"

    @property
    def rank(self) -> int:
        """0 for red to 4 for green: sorts the most urgent first."""
        return _RANK[self]


_RANK = {tier: place for place, tier in enumerate(Tier)}


def higher(a: Tier, b: Tier) -> Tier:
    """The more urgent of the two."""
    return a if a.rank <= b.rank else b


class Rule(StrEnum):
    """Each rule by which a fact calls for a tier."""

    ACT_UNDER_WAY = "act_under_way"
    INTENT_72H = "intent_72h"
    RECENT_ATTEMPT = "recent_attempt"
    ASQ_ACUTE = "asq_acute"
    CSSRS_HIGH = "cssrs_high"
    ARMED = "armed"
    PSYCHOTIC = "psychotic"
    METHOD = "method"
    PLAN_WEEK = "plan_week"
    ASQ_PAST_ATTEMPT = "asq_past_attempt"
    ITEM9_HIGH = "item9_high"
    SELF_HARM_WORSE = "self_harm_worse"
    CSSRS_MODERATE = "cssrs_moderate"
    AFTER_DISCHARGE = "after_discharge"
    HOTLINE_HIGH = "hotline_high"
    ACTIVE_THOUGHTS = "active_thoughts"
    PASSIVE_WISH = "passive_wish"
    ITEM9 = "item9"
    PHQ_HIGH = "phq_high"
    GAD_HIGH = "gad_high"
    ASQ_POSITIVE = "asq_positive"
    CSSRS_LOW = "cssrs_low"
    SELF_HARM = "self_harm"
    PAST_ATTEMPT = "past_attempt"
    SCHOOL_REFUSAL = "school_refusal"
    HOTLINE_MODERATE = "hotline_moderate"
    PHQ_MODERATE = "phq_moderate"
    GAD_MODERATE = "gad_moderate"
    MSSMHS = "mssmhs"
    GROUP_AND_EVENT = "group_and_event"
    REPEATS = "repeats"
    CONCERNS = "concerns"
    DISTRESS = "distress"


RULE_TEXT: dict[str, str] = {
    Rule.ACT_UNDER_WAY: _("An act is under way or just done"),
    Rule.INTENT_72H: _("Plan, means or farewell with intent within 72 hours"),
    Rule.RECENT_ATTEMPT: _("An attempt within the last two weeks"),
    Rule.ASQ_ACUTE: _("ASQ: thoughts of killing oneself right now"),
    Rule.CSSRS_HIGH: _("C-SSRS: high risk"),
    Rule.ARMED: _("Armed and a danger"),
    Rule.PSYCHOTIC: _("In danger by what only she or he hears or sees"),
    Rule.METHOD: _("Thoughts of suicide with a method or a plan"),
    Rule.PLAN_WEEK: _("A plan within a week"),
    Rule.ASQ_PAST_ATTEMPT: _("ASQ positive with a past attempt"),
    Rule.ITEM9_HIGH: _("PHQ item 9 answered 2 or 3"),
    Rule.SELF_HARM_WORSE: _("Repeated or worsening self-harm"),
    Rule.CSSRS_MODERATE: _("C-SSRS: moderate risk"),
    Rule.AFTER_DISCHARGE: _("The first three months after discharge or return to school"),
    Rule.HOTLINE_HIGH: _("Hotline scale 8 to 16"),
    Rule.ACTIVE_THOUGHTS: _("Thoughts of ending one's life"),
    Rule.PASSIVE_WISH: _("A passive wish to be dead"),
    Rule.ITEM9: _("PHQ item 9 answered 1"),
    Rule.PHQ_HIGH: _("PHQ total 15 or more"),
    Rule.GAD_HIGH: _("GAD total 15 or more"),
    Rule.ASQ_POSITIVE: _("ASQ positive"),
    Rule.CSSRS_LOW: _("C-SSRS: low risk"),
    Rule.SELF_HARM: _("Self-harm without intent to die"),
    Rule.PAST_ATTEMPT: _("A past attempt"),
    Rule.SCHOOL_REFUSAL: _("Away from school for more than two weeks"),
    Rule.HOTLINE_MODERATE: _("Hotline scale 4 to 7"),
    Rule.PHQ_MODERATE: _("PHQ total 10 to 14"),
    Rule.GAD_MODERATE: _("GAD total 10 to 14"),
    Rule.MSSMHS: _("MSSMHS: a factor of 3 or more"),
    Rule.GROUP_AND_EVENT: _("A special group plus a life event"),
    Rule.REPEATS: _("The same caller again and again within a week"),
    Rule.CONCERNS: _("Several concerns about one person"),
    Rule.DISTRESS: _("In distress"),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known. Every default means "not known", which is no evidence of safety. Days, months, scores as named."""

    act_under_way: bool = False
    thoughts: str = "none"  # none | passive | active
    method: bool = False
    plan: bool = False
    plan_within_week: bool = False
    intent_within_72h: bool = False
    means_at_hand: bool = False
    farewell: bool = False
    past_attempt: bool = False
    attempt_days_ago: int | None = None
    asq: str = ""  # "" | negative | non_acute | acute
    cssrs: str = ""  # "" | low | moderate | high
    item9: int | None = None
    phq_total: int | None = None
    gad_total: int | None = None
    hotline_score: int | None = None
    mssmhs_factor: float | None = None  # the highest of the ten factor means, 1 to 5
    self_harm: str = "none"  # none | without_intent | repeated | worsening
    psychotic_danger: bool = False
    weapon: bool = False
    alone_now: bool = False
    months_since_discharge: int | None = None
    school_refusal_days: int | None = None
    special_group: bool = False
    life_event: bool = False
    distress: bool = False
    calls: int = 0  # of this caller within policy.repeat_days
    concerns: int = 0  # about this person within policy.concern_days


# Texts from the harmless to the grave; anything else counts as its number or truth does.
_GRAVER = {
    "thoughts": ("none", "passive", "active"),
    "asq": ("", "negative", "non_acute", "acute"),
    "cssrs": ("", "none", "low", "moderate", "high"),
    "self_harm": ("none", "without_intent", "repeated", "worsening"),
}
_SOONER = ("attempt_days_ago", "months_since_discharge")


def merge(*sources: Facts) -> Facts:
    """What several sources know together (call, session, instruments, concerns): of each fact the gravest."""
    return Facts(**{f.name: _gravest(f.name, [getattr(one, f.name) for one in sources]) for f in fields(Facts)})


def _gravest(name: str, values: list[Any]) -> Any:
    known = [value for value in values if value is not None]
    if not known:
        return None
    if name in _GRAVER:
        return max(known, key=_GRAVER[name].index)
    return min(known) if name in _SOONER else max(known)


@dataclass(frozen=True, slots=True)
class Reason:
    rule: Rule
    tier: Tier


@dataclass(frozen=True, slots=True)
class Proposal:
    """The lowest tier that is allowed, and every rule that fired, the strongest first."""

    tier: Tier
    reasons: tuple[Reason, ...]


def propose(facts: Facts, policy: Policy) -> Proposal:
    """The lowest allowed tier for the facts. Adding a fact never lowers it."""
    fired = [*_red(facts, policy), *_orange(facts, policy), *_yellow(facts, policy), *_blue(facts, policy)]
    return Proposal(fired[0].tier if fired else Tier.GREEN, tuple(fired))


def _fire(tier: Tier, *rules: tuple[Rule, bool]) -> list[Reason]:
    return [Reason(rule, tier) for rule, holds in rules if holds]


def _red(f: Facts, p: Policy) -> list[Reason]:
    active = f.thoughts == "active"
    ready = f.plan or f.means_at_hand or f.farewell
    # Intent soon with anything prepared; or thoughts with both a plan and the means to carry it out in reach.
    soon = (
        (f.intent_within_72h and (ready or active))
        or (active and f.plan and f.means_at_hand)
        or (active and f.farewell)
    )
    recent = f.attempt_days_ago is not None and f.attempt_days_ago <= p.recent_attempt_days
    return _fire(
        Tier.RED,
        (Rule.ACT_UNDER_WAY, f.act_under_way),
        (Rule.INTENT_72H, soon),
        (Rule.RECENT_ATTEMPT, recent),
        (Rule.ASQ_ACUTE, f.asq == "acute"),
        (Rule.CSSRS_HIGH, f.cssrs == "high"),
        (Rule.ARMED, f.weapon),
        (Rule.PSYCHOTIC, f.psychotic_danger),
    )


def _orange(f: Facts, p: Policy) -> list[Reason]:
    discharged = f.months_since_discharge is not None and f.months_since_discharge < p.after_discharge_months
    return _fire(
        Tier.ORANGE,
        (Rule.METHOD, f.thoughts == "active" and (f.method or f.plan or f.means_at_hand)),
        (Rule.PLAN_WEEK, f.plan_within_week or f.intent_within_72h or f.farewell or f.plan),
        (Rule.ASQ_PAST_ATTEMPT, f.asq in ("non_acute", "acute") and f.past_attempt),
        (Rule.ITEM9_HIGH, f.item9 is not None and f.item9 >= p.item9_orange),
        (Rule.SELF_HARM_WORSE, f.self_harm in ("repeated", "worsening")),
        (Rule.CSSRS_MODERATE, f.cssrs == "moderate"),
        (Rule.AFTER_DISCHARGE, discharged),
        (Rule.HOTLINE_HIGH, f.hotline_score is not None and f.hotline_score >= p.hotline_orange),
    )


def _yellow(f: Facts, p: Policy) -> list[Reason]:
    away = f.school_refusal_days is not None and f.school_refusal_days > p.school_refusal_days
    return _fire(
        Tier.YELLOW,
        (Rule.ACTIVE_THOUGHTS, f.thoughts == "active"),
        (Rule.PASSIVE_WISH, f.thoughts == "passive"),
        (Rule.ITEM9, f.item9 is not None and p.item9_yellow <= f.item9 < p.item9_orange),
        (Rule.PHQ_HIGH, f.phq_total is not None and f.phq_total >= p.phq_yellow),
        (Rule.GAD_HIGH, f.gad_total is not None and f.gad_total >= p.gad_yellow),
        (Rule.ASQ_POSITIVE, f.asq == "non_acute"),
        (Rule.CSSRS_LOW, f.cssrs == "low"),
        (Rule.SELF_HARM, f.self_harm == "without_intent"),
        (Rule.PAST_ATTEMPT, f.past_attempt or f.attempt_days_ago is not None),
        (Rule.SCHOOL_REFUSAL, away),
        (Rule.HOTLINE_MODERATE, f.hotline_score is not None and p.hotline_yellow <= f.hotline_score < p.hotline_orange),
    )


def _blue(f: Facts, p: Policy) -> list[Reason]:
    return _fire(
        Tier.BLUE,
        (Rule.PHQ_MODERATE, f.phq_total is not None and p.phq_blue <= f.phq_total < p.phq_yellow),
        (Rule.GAD_MODERATE, f.gad_total is not None and p.gad_blue <= f.gad_total < p.gad_yellow),
        (Rule.MSSMHS, f.mssmhs_factor is not None and f.mssmhs_factor >= p.mssmhs_blue),
        (Rule.GROUP_AND_EVENT, f.special_group and f.life_event),
        (Rule.REPEATS, f.calls >= p.repeat_calls),
        (Rule.CONCERNS, f.concerns >= p.concerns),
        (Rule.DISTRESS, f.distress),
    )
