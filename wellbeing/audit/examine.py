"""Examine a whole log: every chain, the tree over them, its checkpoints, and what witnesses saw. Pure.

The database (verify.py) and an exported bundle (bundle.py) are examined by this one walk. What each attack meets:
a changed, removed, inserted, swapped or moved event breaks its chain; a whole tail or stream that is cut off with its
head leaves leaves without events; a tree that was made anew does not fit its signed checkpoints; one that was signed
anew, or everything set back to an older state, does not fit what a witness saw; and a checkpoint that is taken from
the list leaves a gap in their numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from wellbeing.audit.chain import Fault, Link, Top, What, check
from wellbeing.audit.note import BadNote, Checkpoint, Verifier, opened
from wellbeing.audit.tree import HASH, Key, Range, event_leaf, tiles_of


@dataclass(frozen=True, slots=True)
class Placed:
    """One event with its place in the tree (None: it has none), and whether it waits for one. `repeats`: its columns
    for search say what its body says."""

    link: Link
    leaf: int | None
    waits: bool = False
    repeats: bool = True


Stream = tuple[UUID, Top | None, Iterable[Placed]]


@dataclass(slots=True)
class Report:
    """How much was examined, how much waits for the tree, and every fault found."""

    events: int = 0
    streams: int = 0
    waiting: int = 0
    size: int = 0
    checkpoints: int = 0
    witnessed: int = 0
    faults: list[Fault] = field(default_factory=list)

    def fault(self, what: What, seq: int, stream: UUID | None = None) -> None:
        self.faults.append(Fault(stream, seq, what))


@dataclass(frozen=True, slots=True)
class Notes:
    """The log's checkpoints, and notes that a witness keeps, all as text; `log` is whom the signatures must be of.
    `lost` are events that wait for the tree and are not there any more."""

    log: Verifier
    checkpoints: Sequence[str]
    witnessed: Sequence[str] = ()
    witnesses: Sequence[Verifier] = ()
    lost: Sequence[tuple[UUID, int]] = ()


def examine(
    streams: Iterable[Stream],
    notes: Notes,
    *,
    key: bytes | None,
    size_now: Callable[[], int] | None = None,
    tiles: Callable[[], Mapping[Key, bytes]] | None = None,
) -> Report:
    """Walk everything once, in memory of 32 bytes an event.

    While others write, the streams may be newer than the checkpoints: leaves up to `size_now()`, asked at the end, are
    then no fault. `tiles`, where given, are those stored for the leaves of the checkpoints.
    """
    report = Report()
    points = list(_checkpoints(notes, report))
    _count(points, report)
    report.size = max((point.size for point in points), default=0)
    for stream, seq in notes.lost:
        report.fault(What.GONE, seq, stream)
    leaves, newer = bytearray(HASH * report.size), list[int]()
    for stream, head, placed in streams:
        report.streams += 1
        report.faults += check(stream, _placed(placed, leaves, newer, report), head, key)
    limit = size_now() if size_now else report.size
    for number in newer:
        if number >= limit:
            report.fault(What.MISPLACED, number)
    found = [bytes(leaves[at : at + HASH]) for at in range(0, len(leaves), HASH)]
    for number, leaf in enumerate(found):
        if leaf == bytes(HASH):
            report.fault(What.GONE, number)
    _grow(found, points, notes, report)
    if tiles:
        _compare(tiles_of(found), tiles(), report)
    return report


def _placed(placed: Iterable[Placed], leaves: bytearray, newer: list[int], report: Report) -> Iterator[Link]:
    """Put the leaf of each event at its place, on the way to the check of its chain."""
    for one in placed:
        link = one.link
        report.events += 1
        if not one.repeats:
            report.fault(What.CHANGED, link.seq, link.stream)
        if one.leaf is None:
            report.waiting += one.waits
            if not one.waits:
                report.fault(What.OUTSIDE, link.seq, link.stream)
        elif one.leaf >= report.size:
            newer.append(one.leaf)
        elif one.leaf < 0 or any(leaves[one.leaf * HASH : (one.leaf + 1) * HASH]):
            report.fault(What.MISPLACED, link.seq, link.stream)
        elif link.seq >= 0:
            leaves[one.leaf * HASH : (one.leaf + 1) * HASH] = event_leaf(link.stream, link.seq, link.hash)
        yield link


def _checkpoints(notes: Notes, report: Report) -> Iterator[Checkpoint]:
    """The checkpoints that the log has signed."""
    for note in notes.checkpoints:
        try:
            point = opened(note, notes.log)
        except BadNote:
            report.fault(What.FORGED, report.checkpoints)
            continue
        report.checkpoints += 1
        yield point


def _count(points: list[Checkpoint], report: Report) -> None:
    """The numbers of the checkpoints have no gap; each of the ones without, which are the oldest, counts as one."""
    expected = 0
    for point in sorted(points, key=lambda point: point.size):
        if point.number is not None and point.number != expected:
            report.fault(What.SKIPPED, point.size)
            expected = point.number
        expected += 1


def _witnessed(notes: Notes, report: Report) -> Iterator[tuple[Checkpoint, bool]]:
    """What witnesses saw, and whether one of ours has signed it. The log's own signature is what holds the log to it,
    whoever kept the note."""
    for note in notes.witnessed:
        try:
            point = opened(note, notes.log)
        except BadNote:
            report.fault(What.FORGED, 0)
            continue
        yield point, not notes.witnesses or any(one.signed_at(note) is not None for one in notes.witnesses)


def _grow(leaves: list[bytes], points: list[Checkpoint], notes: Notes, report: Report) -> None:
    """Let the tree grow and hold it against every checkpoint and everything a witness saw, at their sizes."""
    wanted = [(point.size, What.UNLIKE, point.root, False) for point in points]
    wanted += [(point.size, What.WITNESS, point.root, ours) for point, ours in _witnessed(notes, report)]
    tree = Range()
    for size, what, root, ours in sorted(wanted):
        if size > len(leaves):
            report.fault(What.ROLLED_BACK, size)
            continue
        for leaf in leaves[tree.size : size]:
            tree.append(leaf)
        if tree.root() != root:
            report.fault(what, size)
        elif ours:
            report.witnessed = size


def _compare(ours: Mapping[Key, bytes], stored: Mapping[Key, bytes], report: Report) -> None:
    """The tiles must begin with what the leaves make; they may be longer by what was added since."""
    for key, hashes in ours.items():
        if not stored.get(key, b"").startswith(hashes):
            report.fault(What.TILE, key[1])
