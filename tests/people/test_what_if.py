"""The best moves: never more hires than a search through everything that could be done finds."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from wellbeing.people.what_if import Move, Place, best_moves


def place(key: str, division: str = "d", *, missing: int = 0, movable: int = 0, kept: bool = True) -> Place:
    return Place(key, division, missing, movable, kept)


def test_a_surplus_moves_inside_its_county_only() -> None:
    plan = best_moves([place("a", movable=1), place("b", missing=1), place("c", "e", missing=1)])
    assert plan.moves == (Move("a", "b"),)
    assert plan.hires == (("c", 1),)


def test_a_shared_teacher_is_given_to_one_of_her_schools() -> None:
    plan = best_moves([place("a", missing=1), place("b", missing=1)], [("a", "b")])
    assert plan.moves == (Move("a", "a", shared=True),)
    assert plan.hires == (("b", 1),)


def test_nobody_is_called_away_from_a_school_that_has_nobody_else() -> None:
    alone = place("a", kept=False)
    assert best_moves([alone, place("b", missing=1, kept=False)], [("a", "b")]).hired == 1
    assert best_moves([place("a"), place("b", missing=1, kept=False)], [("a", "b")]).hired == 0


def test_a_teacher_shared_over_a_border_goes_where_she_is_needed_more() -> None:
    """First come, first served would give both to d and leave e without."""
    places = [place("a", "d", missing=1), place("b", "e", missing=1), place("c", "d")]
    plan = best_moves(places, [("a", "b"), ("a", "c")])
    assert plan.hired == 0


def test_nothing_missing_takes_nothing() -> None:
    assert best_moves([place("a", movable=2), place("b")]) == best_moves([])


def brute(places: list[Place], shared: list[tuple[str, ...]]) -> int:
    """Every way of giving each shared and each movable teacher to one school of a county of hers, or leaving her."""
    by_key = {one.key: one for one in places}
    units: list[list[str | None]] = []
    for one in places:
        units += [[None, *(p.key for p in places if p.division == one.division)]] * one.movable
    for keys in shared:
        free = all(by_key[key].kept or by_key[key].missing for key in keys)
        reach = {by_key[key].division for key in keys}
        units.append([None, *(p.key for p in places if free and p.division in reach)])
    best = 99
    for given_to in product(*units):
        left = sum(max(0, one.missing - given_to.count(one.key)) for one in places)
        best = min(best, left)
    return best


@st.composite
def cities(draw: st.DrawFn) -> tuple[list[Place], list[tuple[str, ...]]]:
    count = draw(st.integers(1, 5))
    places = []
    for number in range(count):
        missing = draw(st.integers(0, 2))
        movable = 0 if missing else draw(st.integers(0, 1))
        kept = movable > 0 or draw(st.booleans())
        places.append(place(f"s{number}", draw(st.sampled_from("de")), missing=missing, movable=movable, kept=kept))
    keys = [one.key for one in places]
    pairs = st.lists(st.sampled_from(keys), min_size=2, max_size=3, unique=True).map(tuple) if count > 1 else None
    shared = draw(st.lists(pairs, max_size=3)) if pairs is not None else []
    return places, shared


@settings(max_examples=300)
@given(cities())
def test_no_search_finds_fewer_hires(city: tuple[list[Place], list[tuple[str, ...]]]) -> None:
    places, shared = city
    plan = best_moves(places, shared)
    assert plan.hired == brute(places, shared)
    # and the plan can be carried out: nobody moves twice, nobody goes where nothing is missing
    sources = [move.source for move in plan.moves if not move.shared]
    assert all(sources.count(one.key) <= one.movable for one in places)
    assert sum(move.shared for move in plan.moves) <= len(shared)
    division = {one.key: one.division for one in places}
    assert all(division[move.source] == division[move.to] for move in plan.moves)
    left = dict(plan.hires)
    for one in places:
        assert one.missing == left.get(one.key, 0) + sum(move.to == one.key for move in plan.moves)
