"""Chains: every tampering is found, and a clean chain raises no alarm. Pure."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from enum import StrEnum

import pytest
from django.db.models import TextChoices
from hypothesis import given
from hypothesis import strategies as st

from wellbeing.audit.chain import GENESIS, Link, Top, What, body_bytes, check, codes, head_mac, link, mac, plain

KEY = b"k" * 32
STREAM = uuid.UUID(int=1)


def chain(length: int, key: bytes = KEY) -> tuple[list[Link], Top]:
    links, previous = [], GENESIS
    for seq in range(1, length + 1):
        body = body_bytes({"seq": seq, "act": "cases:tier:raise"})
        previous = link(previous, seq, body)
        links.append(Link(STREAM, seq, body, previous, mac(key, previous)))
    return links, Top(length, previous, head_mac(key, STREAM, length, previous))


@given(st.integers(1, 30))
def test_a_clean_chain_has_no_fault(length: int) -> None:
    links, head = chain(length)
    assert check(STREAM, links, head, KEY) == []


@given(st.integers(2, 20), st.data())
def test_every_tampering_is_found(length: int, data: st.DataObject) -> None:
    links, head = chain(length)
    at = data.draw(st.integers(0, length - 1))
    kind = data.draw(st.sampled_from(["change", "remove", "insert", "swap", "cut", "set back", "zeroth", "rewrite"]))
    one = links[at]
    if kind == "change":
        links[at] = Link(STREAM, one.seq, one.body + b" ", one.hash, one.mac)
    elif kind == "remove":
        del links[at]
    elif kind == "insert":
        links.insert(at, Link(STREAM, one.seq, one.body, one.hash, one.mac))
    elif kind == "swap":
        other = (at + 1) % length
        a, b = links[at], links[other]
        links[at] = Link(STREAM, a.seq, b.body, b.hash, b.mac)
        links[other] = Link(STREAM, b.seq, a.body, a.hash, a.mac)
    elif kind == "cut":
        links = links[:at]
    elif kind == "set back":  # the tail cut and the head rewritten to fit, without the key
        links = links[: max(1, at)]
        head = Top(links[-1].seq, links[-1].hash, head.mac)
    elif kind == "zeroth":
        links.insert(0, Link(STREAM, 0, one.body, one.hash, one.mac))
    else:  # a whole new chain by somebody without the key
        links, head = chain(length, b"guess")
    assert check(STREAM, links, head, KEY)


def test_a_missing_head_is_a_fault() -> None:
    links, _head = chain(3)
    assert [fault.what for fault in check(STREAM, links, None, KEY)] == [What.CUT]


class Code(StrEnum):
    RED = "red"


class Choice(TextChoices):
    RED = "red", "Red"


def test_facts_hold_codes_and_never_words() -> None:
    at = datetime(2026, 11, 24, tzinfo=UTC)
    assert plain((1, None, True, Code.RED, Choice.RED, STREAM)) == [1, None, True, "red", "red", str(STREAM)]
    assert plain(at) == "2026-11-24T00:00:00+00:00"
    for words in ("小渔", b"x", {"a": 1}, 1.5):
        with pytest.raises(TypeError):
            plain(words)
    assert codes({"tier": Code.RED}) == {"tier": "red"}
    for name in ("小渔", "two words"):
        with pytest.raises(TypeError):
            codes({name: 1})
