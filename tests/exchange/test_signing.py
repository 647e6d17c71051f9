"""A saying of the exchange is signed: its body, its minute, its key."""

from __future__ import annotations

from datetime import UTC, datetime

from wellbeing.exchange.signing import genuine, sign

AT = datetime(2026, 11, 1, 22, 0, tzinfo=UTC)


def test_a_signature_holds_for_its_body_and_its_minute() -> None:
    body, stamp = b'{"call":"1"}', str(int(AT.timestamp()))
    mark = sign("key", stamp, body)
    assert genuine("key", stamp, body, mark, AT.timestamp() + 299)
    assert not genuine("key", stamp, body, mark, AT.timestamp() + 301)
    assert not genuine("key", stamp, body + b" ", mark, AT.timestamp())
    assert not genuine("other", stamp, body, mark, AT.timestamp())
    assert not genuine("", stamp, body, sign("", stamp, body), AT.timestamp())
    assert not genuine("key", "²", body, mark, AT.timestamp())
