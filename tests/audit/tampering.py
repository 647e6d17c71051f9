"""Tampering without end: a small log, one attack, and the verifier must say so; the log as it was must be sound.

`prove(tries, seed)` is what `make prove` registers. The attacker owns the database: he writes any row, computes every
hash, keeps old rows and old heads and puts them back. He has neither the key of the MACs nor that of the log, except
in the two attacks that say so: those the witness alone must find.
"""

from __future__ import annotations

import copy
import io
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from uuid import UUID

from wellbeing.audit import bundle
from wellbeing.audit.chain import GENESIS, Link, Top, body_bytes, head_mac, link, mac
from wellbeing.audit.examine import Notes, Placed, Report, examine
from wellbeing.audit.note import WITNESS, Checkpoint, Signer, Verifier, signed
from wellbeing.audit.tree import Range, event_leaf

KEY = b"k" * 32
LOG, FORGER, OUTSIDE = Signer("log", b"l" * 32), Signer("log", b"f" * 32), Signer("outside", b"w" * 32, WITNESS)
ACTS = ("cases:call:take", "cases:tier:raise", "cases:file:opened")


@dataclass
class Log:
    """The rows as they stand in the database."""

    events: dict[tuple[UUID, int], Link] = field(default_factory=dict)
    heads: dict[UUID, Top] = field(default_factory=dict)
    leaves: dict[tuple[UUID, int], int] = field(default_factory=dict)
    waiting: list[tuple[UUID, int]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    witnessed: list[str] = field(default_factory=list)  # on another machine: no attack reaches it

    def add(self, stream: UUID, body: bytes, key: bytes = KEY) -> None:
        before = self.heads.get(stream, Top(0, GENESIS, None))
        seq, digest = before.seq + 1, link(before.hash, before.seq + 1, body)
        self.events[stream, seq] = Link(stream, seq, body, digest, mac(key, digest))
        self.heads[stream] = Top(seq, digest, head_mac(key, stream, seq, digest))
        self.waiting.append((stream, seq))

    def seal(self, by: Signer = LOG) -> None:
        for place in self.waiting:
            self.leaves[place] = len(self.leaves)
        self.waiting.clear()
        self.sign(len(self.leaves), by)

    def sign(self, size: int, by: Signer = LOG) -> None:
        tree = Range()
        for place in sorted(self.leaves, key=self.leaves.__getitem__)[:size]:
            tree.append(event_leaf(*place, self.events[place].hash))
        body = Checkpoint("log", size, tree.root(), len(self.notes)).body()
        self.notes.append(signed(body, [by.line(body)]))

    def witness(self) -> None:
        body, _gap, _rest = self.notes[-1].rpartition("\n\n")
        self.witnessed.append(self.notes[-1] + OUTSIDE.line(body + "\n", 1))

    def bundle(self) -> tuple[list[tuple[UUID, Top | None, list[Placed]]], Notes]:
        streams = sorted({stream for stream, _seq in self.events} | set(self.heads))
        rows = [
            (stream, self.heads.get(stream), [
                Placed(self.events[place], self.leaves.get(place), place in self.waiting)
                for place in sorted(place for place in self.events if place[0] == stream)
            ])
            for stream in streams
        ]  # fmt: skip
        lost = [place for place in self.waiting if place not in self.events]
        return rows, Notes(LOG.verifier, self.notes, self.witnessed, [OUTSIDE.verifier], lost)


def examined(log: Log, *, as_file: bool = False) -> Report:
    """What the verifier says, of the rows or of the file that is exported from them."""
    rows, notes = log.bundle()
    if not as_file:
        return examine(rows, notes, key=KEY)
    file = io.StringIO()
    bundle.write(file, rows, notes)
    file.seek(0)
    found, streams = bundle.read(file)
    assert found.log == Verifier.of(str(LOG.verifier))
    return examine(streams, found, key=KEY)


def history(rng: random.Random) -> tuple[Log, Log]:
    """A log of some streams, sealed now and then, witnessed once; and how it stood some time before the witness came."""
    log, streams = Log(), [UUID(int=rng.getrandbits(128)) for _ in range(rng.randint(2, 5))]
    before: Log | None = None
    rounds = rng.randint(3, 6)
    for number in range(rounds):
        for _ in range(rng.randint(2, 8)):
            log.add(rng.choice(streams), body_bytes({"act": rng.choice(ACTS), "n": rng.getrandbits(20)}))
        if number < rounds - 1:
            log.seal()
        if number == 0:
            before = copy.deepcopy(log)
    log.witness()
    assert before is not None
    before.witnessed = log.witnessed
    return log, before


def _rehash(log: Log, stream: UUID, key: bytes) -> None:
    """Make the chain of a stream whole again, as whoever has no key can: hashes fit, MACs are guessed."""
    seqs = sorted(seq for one, seq in log.events if one == stream)
    rows = [log.events.pop((stream, seq)) for seq in seqs]
    places = [log.leaves.pop((stream, seq), None) for seq in seqs]
    log.heads.pop(stream, None)
    queue = list(log.waiting)
    for row in rows:
        log.add(stream, row.body, key)
    log.waiting = queue
    for seq, leaf in enumerate(places, 1):
        if leaf is not None:
            log.leaves[stream, seq] = leaf


def _some(log: Log, rng: random.Random, *, sealed: bool = False) -> tuple[UUID, int]:
    return rng.choice(sorted(log.leaves if sealed else log.events))


def change(log: Log, rng: random.Random) -> None:
    place = _some(log, rng)
    one, at = log.events[place], rng.randrange(3)
    names = ("body", "hash", "mac")
    value = bytearray(getattr(one, names[at]))
    value[rng.randrange(len(value))] ^= 1 << rng.randrange(8)
    log.events[place] = replace(one, **{names[at]: bytes(value)})


def change_and_rehash(log: Log, rng: random.Random) -> None:
    place = _some(log, rng)
    log.events[place] = replace(log.events[place], body=body_bytes({"act": "nothing", "n": rng.getrandbits(20)}))
    _rehash(log, place[0], b"guess")


def remove(log: Log, rng: random.Random) -> None:
    place = _some(log, rng)
    del log.events[place]
    if rng.random() < 0.5:
        log.leaves.pop(place, None)


def remove_and_rehash(log: Log, rng: random.Random) -> None:
    place = _some(log, rng)
    del log.events[place]
    _rehash(log, place[0], b"guess")


def insert(log: Log, rng: random.Random) -> None:
    place = _some(log, rng)
    one = log.events[place]
    seq = rng.choice([0, -1, log.heads[place[0]].seq + 1, one.seq + 1000])
    log.events[place[0], seq] = replace(one, seq=seq)
    log.waiting.append((place[0], seq))


def swap(log: Log, rng: random.Random) -> None:
    first, second = _some(log, rng), _some(log, rng)
    while log.events[first].body == log.events[second].body:
        first, second = _some(log, rng), _some(log, rng)
    a, b = log.events[first], log.events[second]
    log.events[first] = replace(b, stream=first[0], seq=first[1])
    log.events[second] = replace(a, stream=second[0], seq=second[1])


def move(log: Log, rng: random.Random) -> None:
    """Take an event out of its case and put it at the end of another."""
    place, other = _some(log, rng), rng.choice(sorted({stream for stream, _seq in log.events}))
    one = log.events.pop(place)
    target = (other, log.heads[other].seq + 1)
    log.events[target] = replace(one, stream=other, seq=target[1])
    if place in log.leaves:
        log.leaves[target] = log.leaves.pop(place)


def cut_with_an_old_head(log: Log, rng: random.Random) -> None:
    """The tail is gone, and the head is one that once was valid, with its true MAC; the leaves are gone as well."""
    stream, seq = _some(log, rng, sealed=True)
    for place in [place for place in log.events if place[0] == stream and place[1] >= seq]:
        del log.events[place]
        log.leaves.pop(place, None)
    log.waiting = [place for place in log.waiting if place in log.events]
    log.heads.pop(stream)
    if seq > 1:
        kept = log.events[stream, seq - 1]
        log.heads[stream] = Top(seq - 1, kept.hash, head_mac(KEY, stream, seq - 1, kept.hash))


def cut_stream(log: Log, rng: random.Random) -> None:
    stream, _seq = _some(log, rng, sealed=True)
    for rows in (log.events, log.leaves):
        for place in [place for place in rows if place[0] == stream]:
            del rows[place]  # type: ignore[attr-defined]
    log.waiting = [place for place in log.waiting if place in log.events]
    del log.heads[stream]


def drop_from_the_queue(log: Log, rng: random.Random) -> None:
    """An event is kept from the tree for ever."""
    if not log.waiting:
        log.add(_some(log, rng)[0], b"{}")
    log.waiting.remove(rng.choice(log.waiting))


def move_leaf(log: Log, rng: random.Random) -> None:
    first, second = rng.sample(sorted(log.leaves), 2)
    log.leaves[first], log.leaves[second] = log.leaves[second], log.leaves[first]


def take_leaf(log: Log, rng: random.Random) -> None:
    del log.leaves[_some(log, rng, sealed=True)]


def set_leaf(log: Log, rng: random.Random) -> None:
    log.leaves[_some(log, rng)] = rng.choice([-1, len(log.leaves), len(log.leaves) + 5, 1 << 60])


def drop_newest_checkpoint(log: Log, rng: random.Random) -> None:
    log.notes.pop()


def drop_older_checkpoint(log: Log, rng: random.Random) -> None:
    del log.notes[rng.randrange(len(log.notes) - 1)]


def forge_checkpoint(log: Log, rng: random.Random) -> None:
    """A tree made anew over changed rows, signed with another key of the same name."""
    place = _some(log, rng, sealed=True)
    log.events[place] = replace(log.events[place], body=b"{}")
    _rehash(log, place[0], b"guess")
    sizes = [Checkpoint.of(note).size for note in log.notes]
    log.notes.clear()
    for size in sizes:
        log.sign(size, FORGER)


def alter_checkpoint(log: Log, rng: random.Random) -> None:
    at = rng.randrange(len(log.notes))
    point = Checkpoint.of(log.notes[at])
    wrong = rng.choice(
        [replace(point, size=point.size + 1), replace(point, root=bytes(32)), replace(point, origin="l")]
    )
    log.notes[at] = log.notes[at].replace(point.body(), wrong.body())


def fork_with_both_keys(log: Log, rng: random.Random) -> None:
    """Both keys are stolen: the chain, the tree and the checkpoints all fit. The witness saw another tree."""
    place = _some(log, rng, sealed=True)
    log.events[place] = replace(log.events[place], body=b"{}")
    _rehash(log, place[0], KEY)
    sizes = [Checkpoint.of(note).size for note in log.notes]
    log.notes.clear()
    for size in sizes:
        log.sign(size)
    log.seal()


def roll_back(log: Log, rng: random.Random, before: Log) -> None:
    """Everything is put back to how it once was, keys, signatures and all."""
    old = copy.deepcopy(before)
    log.events, log.heads, log.leaves, log.waiting, log.notes = (
        old.events,
        old.heads,
        old.leaves,
        old.waiting,
        old.notes,
    )


ATTACKS: tuple[Callable[[Log, random.Random], None], ...] = (
    change, change_and_rehash, remove, remove_and_rehash, insert, swap, move, cut_with_an_old_head, cut_stream,
    drop_from_the_queue, move_leaf, take_leaf, set_leaf, drop_newest_checkpoint, drop_older_checkpoint, forge_checkpoint, alter_checkpoint,
    fork_with_both_keys,
)  # fmt: skip
REUSED = 40  # attacks on copies of one history


@dataclass
class Proof:
    tried: int = 0
    clean: int = 0
    missed: Counter[str] = field(default_factory=Counter)
    false_alarms: int = 0


def prove(tries: int, seed: int) -> Proof:
    """That many attacks, each on a sound log; every log is verified before as well."""
    rng, proof = random.Random(seed), Proof()
    while proof.tried < tries:
        log, before = history(rng)
        proof.clean += 1
        proof.false_alarms += bool(examined(log).faults) + bool(examined(log, as_file=True).faults)
        for _ in range(min(REUSED, tries - proof.tried)):
            attack, hurt = rng.choice((*ATTACKS, None)), copy.deepcopy(log)
            roll_back(hurt, rng, before) if attack is None else attack(hurt, rng)
            proof.tried += 1
            if not examined(hurt, as_file=rng.random() < 0.02).faults:
                proof.missed[attack.__name__ if attack else "roll_back"] += 1
    return proof
