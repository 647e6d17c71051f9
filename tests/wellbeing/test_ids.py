"""Ids of rows: in the order in which one process wrote them, and never twice."""

from __future__ import annotations

import time

from wellbeing.ids import uuid7


def test_ids_keep_the_order_of_their_writing_and_are_never_the_same() -> None:
    before = time.time_ns() // 1_000_000
    written = []
    for _row in range(300):
        written.append(uuid7())
        time.sleep(0.000_01)  # a row takes longer
    after = time.time_ns() // 1_000_000
    assert written == sorted(written)
    assert {(one.version, one.variant) for one in written} == {(7, "specified in RFC 4122")}
    assert all(before <= one.int >> 80 <= after for one in written)
    assert len({uuid7().int & (1 << 62) - 1 for _row in range(1_000)}) == 1_000
