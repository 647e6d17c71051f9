"""Chains: every tampering is found, and a clean chain raises no alarm. Pure."""

from __future__ import annotations

import hashlib
import hmac
import uuid
from datetime import UTC, datetime
from enum import StrEnum

import pytest
from django.db.models import TextChoices
from hypothesis import given
from hypothesis import strategies as st

from wellbeing.access.permissions import P
from wellbeing.audit.chain import GENESIS, Fault, Link, Top, What, body_bytes, check, codes, head_mac, link, mac, plain
from wellbeing.audit.tags import AT_ONCE, Tag, at_once

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


def test_the_bytes_are_those_of_the_format_whatever_is_changed_here() -> None:
    """From the text of the format, step by step: what was written years ago is verified by these bytes."""
    body, number = body_bytes({"b": [1, "\u706f"], "a": "red"}), (7).to_bytes(8, "big")
    assert body == b'{"a":"red","b":[1,"\\u706f"]}'
    digest = hashlib.sha256(b"\x00" + GENESIS + number + body).digest()
    assert link(GENESIS, 7, body) == digest
    assert mac(KEY, digest) == hmac.new(KEY, digest, "sha256").digest()
    assert (
        head_mac(KEY, STREAM, 7, digest) == hmac.new(KEY, b"\x01" + STREAM.bytes + number + digest, "sha256").digest()
    )
    assert str(Fault(STREAM, 7, What.ROLLED_BACK)) == f"behind what a witness saw stream {STREAM} event 7"
    assert str(Fault(None, 7, What.GONE)) == "gone from under the tree tree at 7"


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


def test_what_may_not_wait_for_the_next_checkpoint() -> None:
    """Break-glass, requests, callers' numbers, exports, changes of keys and their end; every area that is named is one that there is."""
    acts = [*(one.value for one in P), *(one.value for one in Tag)]
    assert [area for area in AT_ONCE if not any(act.startswith(area) for act in acts)] == []
    keys = (P.KEYS_ROTATE, P.KEYS_RETIRE, P.INDEX_KEYS_END, P.BACKUP_NOTE)
    assert all(map(at_once, (*keys, P.GLASS_BREAK, P.SEALED_ASK, P.RECORDS_HAND_OUT, P.EXPORT_FETCH, P.FIGURES_EXPORT)))
    ended = (P.CASE_ERASE, P.ERASURE_PROPOSE, P.ERASURE_ASK, P.ERASURE_CONFIRM, P.CALLER_FORGET)
    assert all(map(at_once, (*ended, P.CALLER_ASK, P.CALLER_CONFIRM, P.CALLER_READ)))
    assert not any(map(at_once, (P.CASE_SEE, P.FIGURES_SEE, Tag.AUDIT_SEARCHED, Tag.READ_CALLER)))
