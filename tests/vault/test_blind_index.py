"""Blind indexes find the same value again, however it was written, and nothing across purposes or periods."""

import pytest

from wellbeing.vault.blind_index import index, phone, student_number
from wellbeing.vault.providers import provider


def test_a_number_is_found_however_it_is_written() -> None:
    assert phone("2912345") == phone("0580-2912345") == phone("+86 580 2912345") == "+865802912345"
    assert phone("138 0000 0000") == phone("+8613800000000") == phone("００８６13800000000") == "+8613800000000"
    assert student_number("ｘ 2024-001 ") == "X2024001"
    with pytest.raises(ValueError, match="no digits"):
        phone("anonymous")


def test_a_foreign_number_is_not_one_of_this_country() -> None:
    assert phone("+1 380-000-0000") == phone("001 380 000 0000") == "+13800000000"
    assert phone("13800000000") == phone("(+86) 138 0000 0000") == phone("0086 138 0000 0000") == "+8613800000000"


def test_no_index_key_is_a_wrapping_key() -> None:
    """What may be derived by name never is the key that wraps other keys."""
    for purpose in ("wrap/division", "wrap/division\x00", "x\x00y"):
        with pytest.raises(ValueError, match="wrapping key"):
            provider().derive(purpose)


def test_purposes_and_periods_do_not_meet() -> None:
    value = index("phone", "2912345")
    assert value == index("phone", "0580 2912345")
    assert len({value, index("student_number", "2912345"), index("phone", "2912345", period="2026Q4")}) == 3


def test_truncated_indexes_keep_only_their_bits() -> None:
    made = {index("phone", f"138{n:08d}", bits=13) for n in range(2_000)}
    assert all(len(value) == 2 and value[1] & 0b111 == 0 for value in made)
    assert len(made) < 2_000  # collisions are meant: a guess is never confirmed
