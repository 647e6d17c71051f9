"""The policy as a value: there and back."""

from __future__ import annotations

import json

import pytest

from cases.policy import Policy


def test_the_defaults_come_back_from_json() -> None:
    again = Policy.from_json(json.loads(json.dumps(Policy().to_json())))
    assert again == Policy()
    assert again.ladder == Policy().ladder


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(TypeError, match="unknown policy fields"):
        Policy.from_json({"acknowlege": {}})
