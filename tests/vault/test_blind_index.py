"""Blind indexes find the same value again, however it was written, and nothing across purposes or periods."""

import hmac
from types import SimpleNamespace

import pytest
from django.db import ProgrammingError

from wellbeing.access.actor import Actor, identity
from wellbeing.vault import keys, named
from wellbeing.vault.blind_index import NORMALISERS, index, name, phone, student_number
from wellbeing.vault.models import NamedKey


def test_a_number_is_found_however_it_is_written() -> None:
    assert phone("2912345") == phone("0580-2912345") == phone("+86 580 2912345") == "+865802912345"
    assert phone("+86 (0580) 2912345") == phone("0086 2912345") == "+865802912345"  # with our own code before it
    assert phone("138 0000 0000") == phone("+8613800000000") == phone("００８６13800000000") == "+8613800000000"
    assert (
        phone("8612345") == "+865808612345" and phone("0580 29123456") == "+8658029123456"
    )  # 86 begins no country here
    assert phone("86 580 2912345") == "+865802912345" and phone("86123456789") == "+8686123456789"
    assert phone("29123456") == "+8658029123456" and phone("029 123456") == "+8629123456"  # with its area code
    assert student_number("ｘ 2024-001 ") == "X2024001"
    with pytest.raises(ValueError, match="no digits"):
        phone("anonymous")


def test_a_foreign_number_is_not_one_of_this_country() -> None:
    assert phone("+1 380-000-0000") == phone("001 380 000 0000") == "+13800000000"
    assert phone("13800000000") == phone("(+86) 138 0000 0000") == phone("0086 138 0000 0000") == "+8613800000000"


def test_the_key_of_a_period_ends_and_nothing_makes_it_again(committed: SimpleNamespace) -> None:
    """After its row is destroyed the same number gives another mark; the key without a period stays."""
    old = [index("phone", "2912345", period=period) for period in ("2026Q1", "2026Q3", "")]
    with identity(Actor.machine("test")):
        assert named.destroy_before(name("phone"), "2026Q2") == 1
    keys.forget()
    assert named.existing_key(name("phone"), "2026Q1") is None
    assert named.existing_key(name("phone"), "2026Q1", over=True) is None
    new = [index("phone", "2912345", period=period) for period in ("2026Q1", "2026Q3", "")]
    assert [a == b for a, b in zip(old, new, strict=True)] == [False, True, True]
    assert named.existing_key(name("phone"), "2026Q1", over=True) is None, "that there is none was remembered"
    assert named.existing_key(name("phone"), "2026Q4") is None
    index("phone", "2912345", period="2026Q4")
    assert named.existing_key(name("phone"), "2026Q4") is not None, "of a period that goes on it was not"
    keys.forget()
    assert named.existing_key(name("phone"), "2026Q1", over=True) is not None
    with pytest.raises(ProgrammingError, match="permission denied"), identity(Actor.machine("test")):
        NamedKey.objects.update(wrapped=b"")


def test_what_was_indexed_once_is_found_for_good(db: None) -> None:
    """Key, hash, length and the bits that are dropped are those of the rows that stand there already."""
    whole = int.from_bytes(hmac.digest(named.named_key("index/phone/1", "2026Q4"), b"+865802912345", "sha256"), "big")
    for bits in (1, 7, 8, 13, 64, 128, 256):
        kept = (whole >> 256 - bits) << -bits % 8
        assert index("phone", "0580 2912345", bits=bits, period="2026Q4") == kept.to_bytes((bits + 7) // 8, "big")
    assert len(index("phone", "2912345")) == 16


def test_each_purpose_reads_its_values_in_its_own_way(db: None) -> None:
    told, read_aloud, made = "+865802912345", "05802912345A", "0580-2912345 a"
    assert {purpose: normalise(made) for purpose, normalise in NORMALISERS.items()} == {
        **{"phone": told, "student_number": read_aloud, "answer_code": read_aloud, "recovery_code": read_aloud},
        **{"screening_row": made, "address": made, "session": made, "tries": made},
    }
    with pytest.raises(KeyError):
        index("nothing", made)


def test_purposes_and_periods_do_not_meet(db: None) -> None:
    value = index("phone", "2912345")
    assert value == index("phone", "0580 2912345")
    assert len({value, index("student_number", "2912345"), index("phone", "2912345", period="2026Q4")}) == 3


def test_truncated_indexes_keep_only_their_bits(db: None) -> None:
    made = {index("phone", f"138{n:08d}", bits=13) for n in range(2_000)}
    assert all(len(value) == 2 and value[1] & 0b111 == 0 for value in made)
    assert len(made) < 2_000  # collisions are meant: a guess is never confirmed
