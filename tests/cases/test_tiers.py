"""From facts to the lowest allowed tier: each rule of DOMAIN.md, and that a fact never lowers."""

from __future__ import annotations

from dataclasses import asdict, fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.policy import Policy
from cases.tiers import RULE_TEXT, Facts, Rule, Tier, higher, merge, propose

POLICY = Policy()

FIRES: dict[Rule, tuple[str, dict[str, Any]]] = {
    Rule.ACT_UNDER_WAY: ("red", {"act_under_way": True}),
    Rule.INTENT_72H: ("red", {"thoughts": "active", "intent_within_72h": True}),
    Rule.RECENT_ATTEMPT: ("red", {"attempt_days_ago": 14}),
    Rule.ASQ_ACUTE: ("red", {"asq": "acute"}),
    Rule.CSSRS_HIGH: ("red", {"cssrs": "high"}),
    Rule.ARMED: ("red", {"weapon": True}),
    Rule.PSYCHOTIC: ("red", {"psychotic_danger": True}),
    Rule.METHOD: ("orange", {"thoughts": "active", "method": True}),
    Rule.PLAN_WEEK: ("orange", {"plan_within_week": True}),
    Rule.ASQ_PAST_ATTEMPT: ("orange", {"asq": "non_acute", "past_attempt": True}),
    Rule.ITEM9_HIGH: ("orange", {"item9": 2}),
    Rule.SELF_HARM_WORSE: ("orange", {"self_harm": "worsening"}),
    Rule.CSSRS_MODERATE: ("orange", {"cssrs": "moderate"}),
    Rule.AFTER_DISCHARGE: ("orange", {"months_since_discharge": 2}),
    Rule.HOTLINE_HIGH: ("orange", {"hotline_score": 8}),
    Rule.ACTIVE_THOUGHTS: ("yellow", {"thoughts": "active"}),
    Rule.PASSIVE_WISH: ("yellow", {"thoughts": "passive"}),
    Rule.ITEM9: ("yellow", {"item9": 1}),
    Rule.PHQ_HIGH: ("yellow", {"phq_total": 15}),
    Rule.GAD_HIGH: ("yellow", {"gad_total": 15}),
    Rule.ASQ_POSITIVE: ("yellow", {"asq": "non_acute"}),
    Rule.CSSRS_LOW: ("yellow", {"cssrs": "low"}),
    Rule.SELF_HARM: ("yellow", {"self_harm": "without_intent"}),
    Rule.PAST_ATTEMPT: ("yellow", {"past_attempt": True}),
    Rule.SCHOOL_REFUSAL: ("yellow", {"school_refusal_days": 15}),
    Rule.HOTLINE_MODERATE: ("yellow", {"hotline_score": 4}),
    Rule.PHQ_MODERATE: ("blue", {"phq_total": 10}),
    Rule.GAD_MODERATE: ("blue", {"gad_total": 14}),
    Rule.MSSMHS: ("blue", {"mssmhs_factor": 3.0}),
    Rule.GROUP_AND_EVENT: ("blue", {"special_group": True, "life_event": True}),
    Rule.REPEATS: ("blue", {"calls": 3}),
    Rule.CONCERNS: ("blue", {"concerns": 2}),
    Rule.DISTRESS: ("blue", {"distress": True}),
}


def test_self_harm_that_comes_again_is_orange_as_one_that_grows_worse() -> None:
    assert {propose(Facts(self_harm=how), POLICY).tier for how in ("repeated", "worsening")} == {"orange"}


@pytest.mark.parametrize("rule", Rule)
def test_each_rule_fires_with_its_tier(rule: Rule) -> None:
    tier, facts = FIRES[rule]
    proposal = propose(Facts(**facts), POLICY)
    assert proposal.tier == tier
    assert rule in {reason.rule for reason in proposal.reasons}
    assert RULE_TEXT[rule]


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"attempt_days_ago": None},
        {"item9": 0, "phq_total": 9, "gad_total": 9},
        {"asq": "negative"},
        {"special_group": True},
        {"life_event": True},
        {"school_refusal_days": 14},
        {"months_since_discharge": 3},
        {"hotline_score": 3},
    ],
)
def test_below_every_boundary_is_green(facts: dict[str, Any]) -> None:
    assert propose(Facts(**facts), POLICY) == type(propose(Facts(), POLICY))(Tier.GREEN, ())


def test_the_strongest_reason_comes_first_and_item_nine_speaks_whatever_the_total() -> None:
    proposal = propose(Facts(item9=1, phq_total=1, distress=True), POLICY)
    assert [reason.tier for reason in proposal.reasons] == ["yellow", "blue"]
    assert propose(Facts(item9=2, phq_total=None), POLICY).tier == "orange"


@pytest.mark.parametrize(
    "together",
    [
        {"intent_within_72h": True, "plan": True},
        {"intent_within_72h": True, "means_at_hand": True},
        {"intent_within_72h": True, "farewell": True},
        {"intent_within_72h": True, "thoughts": "active"},
        {"thoughts": "active", "plan": True, "means_at_hand": True},
        {"thoughts": "active", "farewell": True},
    ],
    ids=lambda together: "+".join(together),
)
def test_red_within_hours_needs_each_of_what_makes_it_and_nothing_more(together: dict[str, Any]) -> None:
    def fires(facts: dict[str, Any]) -> bool:
        return any(reason.rule == Rule.INTENT_72H for reason in propose(Facts(**facts), POLICY).reasons)

    assert fires(together)
    for name in together:
        assert not fires({one: value for one, value in together.items() if one != name}), name


LADDERS = {
    "thoughts": ("none", "passive", "active"),
    "asq": ("", "negative", "non_acute", "acute"),
    "cssrs": ("", "none", "low", "moderate", "high"),
    "self_harm": ("none", "without_intent", "repeated", "worsening"),
    "item9": (None, 0, 1, 2, 3),
    "phq_total": (None, *range(28)),
    "gad_total": (None, *range(22)),
    "hotline_score": (None, *range(17)),
    "school_refusal_days": (None, 0, 14, 15, 60),
    "attempt_days_ago": (None, 400, 15, 14, 0),
    "months_since_discharge": (None, 12, 3, 2, 0),
}
ANY = st.builds(Facts, **{f.name: st.sampled_from(LADDERS.get(f.name, (False, True))) for f in fields(Facts)})


@given(ANY, st.data())
def test_more_evidence_never_lowers_the_tier(facts: Facts, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(asdict(facts))))
    ladder = LADDERS.get(name, (False, True))
    stronger = data.draw(st.sampled_from(ladder[ladder.index(getattr(facts, name)) :]))
    before, after = propose(facts, POLICY).tier, propose(replace(facts, **{name: stronger}), POLICY).tier
    assert after.rank <= before.rank


@given(ANY, ANY)
def test_what_two_sources_know_together_is_of_each_fact_the_gravest(one: Facts, other: Facts) -> None:
    both = merge(one, other)
    assert both == merge(other, one) == merge(both, one) and merge(one) == one
    assert propose(both, POLICY).tier.rank <= min(propose(part, POLICY).tier.rank for part in (one, other))
    for name, value in asdict(both).items():
        ladder, known = LADDERS.get(name, (False, True)), (getattr(one, name), getattr(other, name))
        assert value == max(known, key=ladder.index), name


def test_tiers_sort_by_urgency_and_are_never_numbers() -> None:
    assert sorted(Tier, key=lambda t: t.rank) == ["red", "orange", "yellow", "blue", "green"]
    assert higher(Tier.BLUE, Tier.RED) == higher(Tier.RED, Tier.BLUE) == "red"
