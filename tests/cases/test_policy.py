"""The policy as a value: there and back, and what makes it unusable."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from cases.policy import Policy, faults


def test_the_defaults_are_usable_and_come_back_from_json() -> None:
    assert faults(Policy()) == ()
    again = Policy.from_json(json.loads(json.dumps(Policy().to_json())))
    assert again == Policy()
    assert again.ladder == Policy().ladder


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(TypeError, match="unknown policy fields"):
        Policy.from_json({"acknowlege": {}})


def test_what_makes_a_policy_unusable() -> None:
    gap = replace(Policy(), acknowledge={"red": {"minutes": 15}})
    assert "gap:acknowledge:orange" in faults(gap)
    slow = replace(Policy(), acknowledge={**Policy().acknowledge, "red": {"hours": 3}})
    assert faults(slow) == ("order:acknowledge",)
    for ladder in ((), ("county_centre",), ("bureau", "city_centre"), ("bureau", "bureau")):
        assert faults(replace(Policy(), ladder=ladder)) == ("ladder",)
