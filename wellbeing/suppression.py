"""Small counts are hidden (DOMAIN.md, Statistics): one piece for the desks' own tables and for published figures. Pure.

A desk's own page shows one table at one time: counts under five are hidden there, and a sum that would give one away
shows only what stands openly (`shown`, `at_least`, `shown_sum`).

Figures that leave the desk are seen by whoever likes, under every filter and on every day, and hiding single numbers
does not survive that: whoever has the city with and without one division, or yesterday and today, subtracts. So they
are **rounded, once, in their finest cells**, and everything else is added up from rounded cells (`rounded`):

- One table is one way to sort one set of events into disjoint cells. It is rounded along its running sum: the sum up
  to each cell goes to the nearest multiple of five, a cell is the difference of two such sums. Cells are never
  negative, and every run of neighbouring cells, the whole table included, is at most four away from the truth.
- What a month rounds away waits for the next one (`publish`), so that nothing is lost and sums over many months are
  as near as those of one.
- A history of nothing but multiples of five is published as it is. That is the proof: whatever somebody sees of a
  published table, under whatever filters, on however many days, the world in which the true counts *are* the
  published ones would have shown exactly the same. In that world every count, sum and difference is a multiple of
  five. So nobody can conclude that any of them lies between one and four.
- Over time: a month is published once, when it is over, and never changed (the database refuses it). What comes to be
  known later is counted in the next month. Of the month that runs only the sum of a table is shown, rounded with what
  waits from before (`so_far`): it only grows, in fives, to the sum that will be published.
- A share is computed from rounded cells, and only of enough of them (`LEAST`), where rounding does not bend it.
- What is no count (a median) is given in classes and for no fewer than `LEAST` events.

Sources: L. H. Cox, "A constructive procedure for unbiased controlled rounding", JASA 82 (1987), for tables that stay
additive after rounding; A. Hundepool et al., "Statistical disclosure control" (Wiley, 2012), chapter 5, for rounding
where tables are linked and repeated over time, against which cell suppression must be audited jointly.
- The same events sorted a second time (calls by hour, by weekday) are rounded to the sums that the first table was
  published with. Tables of one dimension with equal sums always have a common table in fives: the world of the proof.
- Answers on single calls that are too few for a month of cells (marks, ratings, local and other callers) wait in a
  ballot box and are told of whole months and of the whole city alone: of fewer than five nothing, of a split into two
  nothing unless both sides have five, of ratings a mean (`coarse`). See wellbeing/reports/ballot_measures.py.
What it does not cover: two tables that sort the same events in two ways would otherwise give away their disagreement,
so each set of events is published in one table, and again only as above (wellbeing/reports/measures.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import floor

SMALL = 5
LEAST = 50  # the smallest published sum that a share is computed of: rounding then bends it by a few points at most


def shown(count: int) -> str:
    """A count as a page may show it."""
    return f"<{SMALL}" if 0 < count < SMALL else str(count)


def at_least(counts: Sequence[int]) -> str:
    """The sum of counts that stand beside it: with a hidden part among them, only what is shown of it."""
    hidden = [count for count in counts if 0 < count < SMALL]
    rest = sum(counts) - sum(hidden)
    if not hidden or (len(hidden) == 1 and not rest):
        return shown(sum(counts))
    return f"≥{rest}" if rest else "–"


def shown_sum(counts: Sequence[int]) -> str:
    """The whole sum where it reveals no hidden part, otherwise what is shown of it.

    It reveals one when a single part is hidden, and when the hidden ones can only all be 1 or all be 4. Each part
    may stand in one such sum only: two of them could be solved for it.
    """
    hidden = [count for count in counts if 0 < count < SMALL]
    safe = len(hidden) < sum(hidden) < (SMALL - 1) * len(hidden) and len(hidden) > 1
    return shown(sum(counts)) if safe else at_least(counts)


def nearest(count: int) -> int:
    """The nearest multiple of five; never falls when the count grows."""
    return SMALL * ((count + SMALL // 2) // SMALL)


def so_far(count: int) -> int:
    """A sum as it may be shown while it grows: `nearest`, and nothing where a correction has eaten it up."""
    return max(nearest(count), 0)


def rounded(counts: Sequence[int], whole: int | None = None) -> list[int]:
    """One table for publication, its cells in a fixed order: multiples of five, none negative, in sum `so_far`, or
    `whole` where the same events were published in another table before.

    Every run of neighbouring cells is at most four away from the truth, and the whole table at most two, as long as
    no cell is negative; one that is (rounded up before, or corrected) takes from its neighbours for the time being.
    """
    whole = so_far(sum(counts)) if whole is None else whole
    found: list[int] = []
    running = before = 0
    for count in counts:
        running += count
        now = min(max(nearest(running), before), whole)
        found.append(now - before)
        before = now
    if found:
        found[-1] += whole - before
    return found


def publish(counts: Sequence[int], left: Sequence[int]) -> tuple[list[int], list[int]]:
    """One month of a table, with what the months before left: what is published, and what is left for the next."""
    due = [count + rest for count, rest in zip(counts, left, strict=True)]
    made = rounded(due)
    return made, [count - shown for count, shown in zip(due, made, strict=True)]


def coarse(ratings: Sequence[int], width: int) -> tuple[int, int]:
    """The mean of ratings for publication, as (sum, number): the number goes to the nearest five, the sum to that
    multiple of the scale's `width` whose mean is nearest to the true one. So whoever knows all ratings but one, as a
    colleague may, is left with a span of about that width for it, whatever their number."""
    number = nearest(len(ratings))
    if not number:
        return 0, 0
    return width * floor(Fraction(sum(ratings) * number, len(ratings) * width) + Fraction(1, 2)), number


def told(value: int | None, *, below: int = 0) -> str:
    """A published count in words: about so many. `below` says what nothing published stands for there: fewer than so
    many (`SMALL` for a whole table and for one that waits for nothing, twice that for a run of its cells); a sum of
    several cannot say."""
    if value is None:
        return "–"
    if not value:
        return f"<{below}" if below else "≈ 0"
    return f"≈ {value:,}"
