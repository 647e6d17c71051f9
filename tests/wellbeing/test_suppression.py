"""Nobody can conclude from published figures that a count lies between one and four: not by filters, not by days."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellbeing.suppression import SMALL, nearest, publish, rounded, shown, so_far, told

Table = list[int]  # one month: 4 measures × 5 divisions, the measures one after the other
DIVISIONS, MEASURES, MONTHS = 5, 4, 14
PAIRS = 10_000
tables = st.lists(st.integers(0, 40), max_size=20)


@given(tables)
def test_cells_are_fives_and_runs_stay_near(counts: list[int]) -> None:
    made = rounded(counts)
    assert all(cell >= 0 and cell % SMALL == 0 for cell in made)
    for first in range(len(counts)):
        for end in range(first + 1, len(counts) + 1):
            assert abs(sum(made[first:end]) - sum(counts[first:end])) <= 4
    assert abs(sum(made) - sum(counts)) <= 2


@given(st.lists(st.integers(0, 40).map(lambda n: n * SMALL), max_size=20))
def test_the_world_that_is_published_publishes_itself(counts: list[int]) -> None:
    """The proof of the module: the true counts may always be the published ones."""
    assert rounded(counts) == counts


@given(tables)
def test_what_was_published_may_be_the_truth(counts: list[int]) -> None:
    assert rounded(rounded(counts)) == rounded(counts)


@given(st.lists(st.tuples(*[st.integers(0, 9)] * 6), min_size=1, max_size=12))
def test_months_lose_nothing(months: list[tuple[int, ...]]) -> None:
    """What is rounded away waits: sums over any months stay near, of the whole table, and no cell of it stands more than
    four above the truth; what one lacks its neighbours hold, and gives way as they do."""
    left = [0] * 6
    for counts in months:
        made, left = publish(counts, left)
        assert all(cell >= 0 and cell % SMALL == 0 for cell in made)
        assert abs(sum(left)) <= 2 and all(rest > -SMALL for rest in left)
        assert sum(made) or sum(counts) < SMALL  # what told() says of nothing published
        assert all(shown or count < 2 * SMALL for shown, count in zip(made, counts, strict=True))


@given(st.lists(st.lists(st.integers(0, 9).map(lambda n: n * SMALL), min_size=6, max_size=6), max_size=12))
def test_a_history_of_fives_is_published_as_it_is(months: list[Table]) -> None:
    left = [0] * 6
    for counts in months:
        made, left = publish(counts, left)
        assert made == counts and not any(left)


@given(st.lists(st.integers(0, 3), min_size=1, max_size=60), st.integers(-2, 2))
def test_a_month_that_runs_grows_by_fives(days: list[int], left: int) -> None:
    seen, total = [so_far(left)], left
    for day in days:
        total += day
        seen.append(so_far(total))
    assert all(step >= 0 and step % SMALL == 0 for step in (b - a for a, b in pairwise(seen)))
    assert seen[-1] == sum(rounded([total]))  # the month that is over says what its last day said


def test_every_history_of_two_months_has_a_world_without_small_counts() -> None:
    """By enumeration: two cells, two months, the second cell from the second month on, and the running sum looked at in the middle of the second."""
    worlds: dict[tuple[int, ...], list[tuple[int, ...]]] = {}
    for history in product(range(6), repeat=5):
        a, early_a, early_b, late_a, late_b = history
        first, left = publish([a, 0], [0, 0])
        seen = so_far(sum(left) + early_a + early_b)
        second, _rest = publish([early_a + late_a, early_b + late_b], left)
        worlds.setdefault((*first, seen, *second), []).append(history)
    for published, possible in worlds.items():
        if max(published) > 5:  # its worlds reach past those that are enumerated
            continue
        for part in product((0, 1), repeat=5):
            sums = {sum(n for n, take in zip(world, part, strict=True) if take) for world in possible}
            assert sums - {1, 2, 3, 4}, (published, part)


def test_every_small_table_has_a_world_without_small_counts() -> None:
    """By enumeration: among all tables that publish the same, some have none of 1–4 in any given cell or sum."""
    worlds: dict[tuple[int, ...], list[tuple[int, ...]]] = {}
    for counts in product(range(11), repeat=4):
        worlds.setdefault(tuple(rounded(counts)), []).append(counts)
    for published, possible in worlds.items():
        if max(published) > 10:  # its worlds reach past those that are enumerated
            continue
        for part in product((0, 1), repeat=4):
            sums = {sum(n for n, take in zip(world, part, strict=True) if take) for world in possible}
            assert sums - {1, 2, 3, 4}, (published, part)


# The attack: two views of a year, one filter inside the other; what lies between them is read off.


def a_year(dice: random.Random) -> list[Table]:
    return [[dice.choice((0, 0, 1, 2, 3, 4, 6, 9, 23)) for _ in range(DIVISIONS * MEASURES)] for _ in range(MONTHS)]


def a_filter(dice: random.Random) -> set[tuple[int, int, int]]:
    first = dice.randrange(MONTHS)
    months = range(first, min(MONTHS, first + dice.randint(1, 4)))
    divisions = dice.sample(range(DIVISIONS), dice.randint(1, DIVISIONS))
    measures = dice.sample(range(MEASURES), dice.randint(1, 2))
    return set(product(months, measures, divisions))


def narrower(dice: random.Random, wide: set[tuple[int, int, int]]) -> set[tuple[int, int, int]]:
    """The same filter without one of its months, measures or divisions."""
    axis = dice.randrange(3)
    value = dice.choice(sorted({cell[axis] for cell in wide}))
    return {cell for cell in wide if cell[axis] != value}


Publisher = Callable[[Table, Table], tuple[Table, Table]]


def as_they_are(counts: Table, left: Table) -> tuple[Table, Table]:
    return counts, left


def revealed(year: Sequence[Table], publisher: Publisher, pairs: int = PAIRS) -> int:
    """How many pairs of filters give a difference of 1–4 that is the truth."""
    dice, published, left = random.Random(2912345), [], [0] * (DIVISIONS * MEASURES)
    for month in year:
        made, left = publisher(month, left)
        published.append(made)

    def view(of: Sequence[Table], cells: set[tuple[int, int, int]]) -> int:
        return sum(of[month][measure * DIVISIONS + division] for month, measure, division in cells)

    found = 0
    for _ in range(pairs):
        wide = a_filter(dice)
        narrow = narrower(dice, wide)
        difference = view(published, wide) - view(published, narrow)
        truth = view(year, wide) - view(year, narrow)
        found += 0 < difference < SMALL and difference == truth
    return found


@pytest.mark.parametrize("seed", range(3))
def test_ten_thousand_pairs_of_filters_reveal_nothing(seed: int) -> None:
    assert revealed(a_year(random.Random(seed)), publish) == 0


def test_the_attack_works() -> None:
    """Positive control: it breaks tables that are published as they are, and those with single cells hidden."""
    year = a_year(random.Random(1))
    assert revealed(year, as_they_are) > 500

    def hidden(month: Table) -> list[str]:
        return [shown(n) for n in month]

    # The city's sum beside its divisions: one hidden cell is what is missing.
    solved = 0
    for month in year:
        for measure in range(MEASURES):
            row = month[measure * DIVISIONS : (measure + 1) * DIVISIONS]
            cells = hidden(row)
            if cells.count("<5") == 1:
                solved += 0 < sum(row) - sum(int(cell) for cell in cells if cell != "<5") < SMALL
    assert solved > 0


def test_ten_thousand_pairs_of_days_reveal_nothing() -> None:
    """The running month on two days, or a closed one before and after: the difference is never 1–4."""
    dice = random.Random(7)
    daily = [dice.choice((0, 0, 0, 1, 1, 2, 3)) for _ in range(MONTHS * 30)]

    def seen(day: int, month: int, show: Callable[[int], int]) -> int:
        return show(sum(daily[month * 30 : min(day, (month + 1) * 30)]))

    broken = {nearest: 0, int: 0}
    for show in broken:
        for _ in range(PAIRS):
            month = dice.randrange(MONTHS)
            early, late = sorted(dice.choices(range(month * 30, MONTHS * 30), k=2))
            broken[show] += 0 < seen(late, month, show) - seen(early, month, show) < SMALL
    assert broken[nearest] == 0
    assert broken[int] > 100  # the same days as they are


def test_what_is_said() -> None:
    assert [told(None), told(0), told(0, below=5), told(5), told(1250)] == ["–", "≈ 0", "<5", "≈ 5", "≈ 1,250"]
