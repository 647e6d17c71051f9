"""The audit as one file, for an auditor who has no database of ours: lines of JSON, written and read here. Pure.

    {"log": verifier key, "witnesses": [verifier keys]}
    {"checkpoint": note} …   {"witnessed": note} …   {"lost": [id, number]} …
    {"stream": id, "head": [number, hash, mac] or null}, each followed by its events
    [number, body, hash, mac, leaf or null, waits] …

Hashes and MACs in hex, bodies as text: they are JSON of codes, and hold no words.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import IO, Any
from uuid import UUID

from wellbeing.audit.chain import Link, Top
from wellbeing.audit.examine import Notes, Placed, Stream
from wellbeing.audit.note import Verifier


class BadBundle(ValueError):
    """A file that is not a bundle, or one that breaks off."""


def write(file: IO[str], streams: Iterable[Stream], notes: Notes) -> int:
    """Write a bundle; returns the number of events."""
    _line(file, {"log": str(notes.log), "witnesses": [str(one) for one in notes.witnesses]})
    for name, texts in (("checkpoint", notes.checkpoints), ("witnessed", notes.witnessed)):
        for text in texts:
            _line(file, {name: text})
    for lost, seq in notes.lost:
        _line(file, {"lost": [str(lost), seq]})
    events = 0
    for stream, head, placed in streams:
        top = head and [head.seq, head.hash.hex(), (head.mac or b"").hex()]
        _line(file, {"stream": str(stream), "head": top})
        for one in placed:
            link, events = one.link, events + 1
            body = link.body.decode("utf-8", "surrogateescape")
            _line(file, [link.seq, body, link.hash.hex(), link.mac.hex(), one.leaf, one.waits])
    _line(file, {"end": events})
    return events


def _line(file: IO[str], value: Any) -> None:
    file.write(json.dumps(value, separators=(",", ":")) + "\n")


def read(file: IO[str]) -> tuple[Notes, Iterator[Stream]]:
    """The notes, and the streams to walk once. Raises BadBundle, also on the way."""
    lines = _parsed(file)
    points, seen, lost = list[str](), list[str](), list[Any]()
    kept = {"checkpoint": points, "witnessed": seen, "lost": lost}
    first: Any = next(lines, None)
    line: Any = next(lines, None)
    try:
        while (name := next(iter(line), "")) in kept:
            kept[name].extend(line.values())
            line = next(lines, None)
        witnesses = [Verifier.of(one) for one in first["witnesses"]]
        gone = tuple((UUID(stream), int(seq)) for stream, seq in lost)
        notes = Notes(Verifier.of(first["log"]), points, seen, witnesses, gone)
    except (LookupError, TypeError, ValueError, AttributeError):
        raise BadBundle("no bundle of an audit") from None
    return notes, _streams(line, lines)


def _parsed(file: IO[str]) -> Iterator[Any]:
    for line in file:
        try:
            yield json.loads(line)
        except (ValueError, RecursionError):
            raise BadBundle("a line that is no JSON") from None


def _streams(line: Any, lines: Iterator[Any]) -> Iterator[Stream]:
    """The streams from the line on that opens the first one."""
    events = 0
    try:
        while "end" not in line:
            stream, head, placed = UUID(line["stream"]), line["head"], list[Placed]()
            while isinstance(line := next(lines), list):
                placed.append(_placed(stream, line))
            events += len(placed)
            yield stream, head and Top(int(head[0]), bytes.fromhex(head[1]), bytes.fromhex(head[2]) or None), placed
        if line["end"] != events:
            raise BadBundle("the bundle does not hold as many events as it says")
    except StopIteration:
        raise BadBundle("the bundle breaks off") from None
    except (LookupError, TypeError, AttributeError, ValueError) as error:
        raise error if isinstance(error, BadBundle) else BadBundle("a line that is no stream and no event") from None


def _placed(stream: UUID, line: list[Any]) -> Placed:
    seq, body, digest, mac, leaf, waits = line
    if not isinstance(seq, int) or abs(seq) >> 63 or not (leaf is None or isinstance(leaf, int)):
        raise ValueError("not numbers")
    said = body.encode("utf-8", "surrogateescape")
    return Placed(Link(stream, seq, said, bytes.fromhex(digest), bytes.fromhex(mac)), leaf, waits is True)
