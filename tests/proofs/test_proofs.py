"""Every proof of the table, short in the suite; `make prove` runs them long and prints the table."""

from __future__ import annotations

import os
import time
from importlib import import_module

import pytest

from tests.proofs.proof import Found, Line, Proof

PARTS = (
    *("round_trips", "envelopes", "garbage", "nonces", "rotations", "timing", "erased", "stolen_dump"),
    *("walls", "forgotten_filters", "matrix", "swapped_ids", "oracles", "glass", "same_answer", "logs", "forged_rows"),
    *("canaries", "anonymous", "forgery", "injections", "browsed", "outward", "stolen_cookies", "uploads"),
    *("api_schema", "green_channel"),
)
PROOFS: list[Proof] = [import_module(f"tests.proofs.{part}").PROOF for part in PARTS]
LEVEL = os.environ.get("LEVEL", "short")
SEED = int(os.environ.get("SEED", "20261124"))
LINES: list[Line] = []


@pytest.mark.parametrize(
    "proof",
    [
        pytest.param(one, marks=[pytest.mark.browser, pytest.mark.xdist_group("browser")] if one.browser else [])
        for one in PROOFS
    ],
    ids=lambda proof: proof.id,
)
def test_the_promise_holds_and_a_planted_fault_is_caught(proof: Proof, request: pytest.FixtureRequest) -> None:
    tries = int(os.environ.get("STEPS", "0")) or proof.tries(LEVEL)
    given = [
        request.getfixturevalue(name)
        for name, wanted in (("committed", proof.city), ("chromium", proof.browser))
        if wanted
    ]
    began = time.monotonic()
    try:
        found = proof.run(tries, SEED, *given)
        planted = proof.planted(proof.planted_tries or proof.short, SEED, *given)
    except Exception as error:  # the table has a line for it all the same
        LINES.append(Line(proof, Found(0, 0, f"broken off: {type(error).__name__}"), Found(0, 0)))
        raise
    line = Line(proof, found, planted, time.monotonic() - began)
    LINES.append(line)
    assert line.holds, line.text()
