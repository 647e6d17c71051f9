"""What it takes to have a full-time teacher in every school that must: the best moves, and who must be hired. Pure.

Nobody moves out of a county. A full-time teacher may move from a school that has more than it must; one who is shared
between schools may be given to one of them. No school that has somebody of its own is left without. What remains
missing must be hired, and no other choice of moves needs fewer (tests/people/test_what_if.py: brute force).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A school: full-time teachers missing and, of those it has, how many may move (staffing.Finding.movable);
    `kept` when somebody unshared works there, so that a shared one may leave."""

    key: str
    division: str
    missing: int
    movable: int
    kept: bool


@dataclass(frozen=True, slots=True)
class Move:
    """One full-time teacher comes to a school; `shared` when she only gives up her other schools."""

    source: str
    to: str
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """The moves, and the posts that must be filled from outside, by school."""

    moves: tuple[Move, ...]
    hires: tuple[tuple[str, int], ...]

    @property
    def hired(self) -> int:
        return sum(count for _key, count in self.hires)


def best_moves(places: Sequence[Place], shared: Iterable[Sequence[str]] = ()) -> Plan:
    """The plan with the fewest hires. `shared` lists, per full-time teacher shared between schools, their keys.

    A shared teacher goes to a division where one is missing after its own movable teachers are used: a matching of
    teachers and divisions, found by augmenting paths.
    """
    by_key = {place.key: place for place in places}
    wanted, spare = Counter[str](), Counter[str]()
    for place in places:
        wanted[place.division] += place.missing
        spare[place.division] += place.movable
    offers = [_offers(keys, by_key) for keys in shared]
    room = {division: max(0, wanted[division] - spare[division]) for division in wanted}
    chosen = _match([frozenset(by_key[key].division for key in offer) for offer in offers], room)
    open_posts = {place.key: place.missing for place in places}
    moves: list[Move] = []
    for offer, division in zip(offers, chosen, strict=True):
        if division is not None:
            here = [key for key in offer if by_key[key].division == division]
            _settle(here, places, division, open_posts, moves)
    for place in places:
        for _time in range(place.movable):
            target = _first_open(places, place.division, open_posts)
            if target is not None:
                open_posts[target] -= 1
                moves.append(Move(place.key, target))
    return Plan(tuple(moves), tuple((key, left) for key, left in open_posts.items() if left))


def _offers(keys: Sequence[str], by_key: dict[str, Place]) -> tuple[str, ...]:
    """The schools of a shared teacher who may leave them: each keeps somebody, or lacks a full-time teacher anyway.
    Otherwise none: she is needed where she is."""
    free = all(key in by_key and (by_key[key].kept or by_key[key].missing) for key in keys)
    return tuple(keys) if free else ()


def _settle(
    here: Sequence[str], places: Sequence[Place], division: str, open_posts: dict[str, int], moves: list[Move]
) -> None:
    """Give a shared teacher to a school of hers that lacks one, else to one of the division."""
    target = next((key for key in here if open_posts[key]), None) or _first_open(places, division, open_posts)
    if target is not None:
        open_posts[target] -= 1
        moves.append(Move(here[0], target, shared=True))


def _first_open(places: Sequence[Place], division: str, open_posts: dict[str, int]) -> str | None:
    return next((one.key for one in places if one.division == division and open_posts[one.key]), None)


def _match(choices: Sequence[frozenset[str]], room: dict[str, int]) -> list[str | None]:
    """For each teacher a division with room, for as many teachers as possible."""
    held: dict[str, list[int]] = {division: [] for division in room}
    chosen: list[str | None] = [None] * len(choices)

    def place(teacher: int, seen: set[str]) -> bool:
        for division in sorted(choices[teacher] - seen):
            seen.add(division)
            if len(held[division]) < room[division]:
                break
            other = next((one for one in held[division] if place(one, seen)), None)
            if other is not None:
                held[division].remove(other)
                break
        else:
            return False
        held[division].append(teacher)
        chosen[teacher] = division
        return True

    for teacher in range(len(choices)):
        place(teacher, set())
    return chosen
