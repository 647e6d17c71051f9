"""Every state of the table has a clock that runs. The random walk over it is a proof: tests/proofs/green_channel.py."""

from __future__ import annotations

from referrals.flow import REFERRAL, STATE_TEXT


def test_every_state_that_is_not_an_end_has_a_clock_that_runs() -> None:
    """From any beginning, over any road of the table: the clocks started and not yet stopped are never none."""
    seen = set[tuple[str, frozenset[str]]]()
    edge = [(REFERRAL.initial, frozenset[str]())]
    while edge:
        state, running = edge.pop()
        for step in REFERRAL.steps:
            if step.state != state:
                continue
            after = (step.next, (running - set(step.stops)) | set(step.starts))
            assert (step.next in REFERRAL.final) == (not after[1]), (step, after[1])
            if after not in seen:
                seen.add(after)
                edge.append(after)


def test_a_withdrawn_or_closed_referral_goes_nowhere_and_every_state_has_words() -> None:
    for state in ("withdrawn", "closed", "declined", "expired"):
        assert not any(REFERRAL.allows(state, step.action) for step in REFERRAL.steps)
    assert set(STATE_TEXT) == set(REFERRAL.states)
