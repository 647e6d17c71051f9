"""Seals of rows: made over kind and values in their order, under a key that no row holds."""

from __future__ import annotations

import hmac
from datetime import UTC, datetime, timedelta, timezone

from wellbeing.vault.named import named_key
from wellbeing.vault.seals import instant, row_holds, row_seal


def test_a_seal_holds_over_its_own_values_alone(db: None) -> None:
    seal = row_seal("post", "lin", 7, None)
    assert row_holds(seal, "post", "lin", 7, None) and row_holds(memoryview(seal), "post", "lin", 7, None)
    for other in (("grant", "lin", 7, None), ("post", "gao", 7, None), ("post", 7, "lin", None), ("post", "lin", 7)):
        assert not row_holds(seal, *other)
    for wrong in (None, b"", seal[:-1], bytes(32), b"\x00" + seal):
        assert not row_holds(wrong, "post", "lin", 7, None)


def test_what_was_sealed_once_holds_for_good(db: None) -> None:
    """HMAC-SHA256 over kind and values, a unit separator between them, under the named key `row`."""
    assert row_seal("post", "lin", 7, None) == hmac.digest(named_key("row"), b"post\x1flin\x1f7\x1fNone", "sha256")


def test_a_moment_reads_the_same_in_every_zone_and_to_the_microsecond() -> None:
    at = datetime(2026, 11, 27, 8, 0, 0, 120, tzinfo=timezone(timedelta(hours=8)))
    assert instant(at) == instant(at.astimezone(UTC)) == "1795737600.000120"
    assert instant(at + timedelta(microseconds=1)) == "1795737600.000121"
