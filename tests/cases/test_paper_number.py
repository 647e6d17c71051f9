"""Numbers on paper: their check digit, and how they are read."""

from __future__ import annotations

import pytest

from cases.paper_number import check_digit, read, shown

# ISO/IEC 7064 (0794 and 5), a German tax number and a Croatian OIB, which use the same digit.
VECTORS = ["07945", "86095742719", "33392005961"]
FULL = str.maketrans("0123456789-", "０１２３４５６７８９－")


@pytest.mark.parametrize("number", VECTORS)
def test_the_check_digit_is_that_of_iso_7064(number: str) -> None:
    assert check_digit(number[:-1]) == int(number[-1])


def test_a_number_is_read_as_it_stands_and_no_wrong_digit_passes() -> None:
    assert [read(typed) for typed in (shown(42), "0000 042" + shown(42)[-1], shown(42).translate(FULL))] == [42] * 3
    assert [read(typed) for typed in ("", "42", "0000042-x", "²000042", "0000042")] == [None] * 5
    swaps = 0
    for serial in (1, 42, 31_415, 9_876_543, 12_345_678):
        digits = shown(serial).replace("-", "")
        wrong = [digits[:i] + d + digits[i + 1 :] for i in range(len(digits)) for d in "0123456789" if d != digits[i]]
        assert not [typed for typed in wrong if read(typed) is not None]
        swapped = {digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :] for i in range(len(digits) - 1)} - {digits}
        swaps += sum(read(typed) is not None for typed in swapped)
    assert swaps <= 1
