"""The sequencer: gives every waiting event its place in the tree, and signs a checkpoint after each portion.

One at a time by an advisory lock, from whichever process comes: the ticker every ten seconds or 1,000 events, and
whoever has just recorded what may not wait (tags.AT_ONCE). It takes what waits, never "what is newer than the last",
because transactions commit in another order than they begin. Cost per event: one row, and a share of the last tile of
each level, whatever the size of the tree.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection, transaction
from django.db.backends.utils import CursorWrapper

from wellbeing.audit.note import BadNote, Checkpoint, signed
from wellbeing.audit.signing import signer
from wellbeing.audit.tree import Key, Tiles, edge, event_leaf

log = logging.getLogger("wellbeing.audit")
PORTION = 1000
PATIENCE = timedelta(seconds=10)
LOCK = 6962  # held by whoever places events, or reads the whole tree at one moment
# A restored copy on hold (outbox/hold.py) signs nothing: with the log's own key it would tell a second story.
_TAKE = (
    "WITH took AS (DELETE FROM audit_waiting WHERE id IN (SELECT id FROM audit_waiting ORDER BY id LIMIT %s)"
    " AND NOT EXISTS (SELECT 1 FROM outbox_hold) RETURNING id, stream, seq)"
    " SELECT t.stream, t.seq, e.hash FROM took t LEFT JOIN audit_event e USING (stream, seq) ORDER BY t.id"
)
_KEEP = (
    "INSERT INTO audit_tile (level, number, hashes) VALUES (%s, %s, %s)"
    " ON CONFLICT (level, number) DO UPDATE SET hashes = EXCLUDED.hashes"
)


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits, up to one portion."""

    count: int
    urgent: bool
    age: timedelta

    @property
    def due(self) -> bool:
        return self.urgent or self.count >= PORTION or (self.count > 0 and self.age >= PATIENCE)


@contextmanager
def as_machine() -> Iterator[None]:
    """A transaction that row-level security knows for a machine's; the identity of before comes back after it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.system', true), set_config('app.system', 'on', true)")
        ((before, _on),) = cursor.fetchall()
        yield
        cursor.execute("SELECT set_config('app.system', %s, true)", [before or ""])


def queue() -> Queue:
    """What waits for its place. Seen by a machine, or by the audit administrator."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), coalesce(bool_or(urgent), false), coalesce(max(now() - since), interval '0')"
            " FROM (SELECT urgent, since FROM audit_waiting ORDER BY id LIMIT %s) first",
            [PORTION],
        )
        return Queue(*cursor.fetchone())


def seal_when_due() -> int:
    """Sign what is due; the number of checkpoints made. A missing key is logged and stops nothing else."""
    with as_machine():
        due = queue().due
    return _quietly() if due else 0


def seal_at_once() -> None:
    """Sign now, after a commit that may not wait. Where this process has no key, the ticker does it at once."""
    _quietly()


def _quietly() -> int:
    try:
        return seal()
    except (ImproperlyConfigured, DatabaseError) as error:
        log.error("no checkpoint was signed", extra={"codes": {"why": type(error).__name__}})
        return 0


def seal(*, portions: int = 20) -> int:
    """Give every waiting event its place, portion by portion, each with its checkpoint in one transaction.

    Returns how many checkpoints were signed. Raises ImproperlyConfigured without a key.
    """
    made = 0
    while made < portions and _portion():
        made += 1
    return made


def _portion() -> bool:
    sign = signer()
    with as_machine(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute(_TAKE, [PORTION])
        taken = cursor.fetchall()
        if not taken:
            return False
        size, number = _last(cursor)
        known = tiles_from(edge(size))
        tiles = Tiles(size, lambda key: known.get(key, b""))
        for stream, seq, digest in taken:
            # An event that somebody took away before it came here leaves a leaf that no event fits.
            tiles.append(event_leaf(stream, seq, bytes(digest or b"")))
        cursor.execute(
            "INSERT INTO audit_leaf (number, stream, seq)"
            " SELECT %s + n - 1, stream, seq"
            " FROM unnest(%s::uuid[], %s::bigint[]) WITH ORDINALITY AS t (stream, seq, n)",
            [size, [one[0] for one in taken], [one[1] for one in taken]],
        )
        cursor.executemany(_KEEP, [(*key, bytes(tiles.kept[key])) for key in sorted(tiles.touched)])
        body = Checkpoint(sign.name, tiles.size, tiles.root(), number).body()
        cursor.execute(
            "INSERT INTO audit_checkpoint (size, at, note) VALUES (%s, app_now(), %s)",
            [tiles.size, signed(body, [sign.line(body)])],
        )
    return True


def _last(cursor: CursorWrapper) -> tuple[int, int]:
    """The size of the newest checkpoint, and the number of the next one: of those before it, where they had none."""
    cursor.execute("SELECT size, note FROM audit_checkpoint ORDER BY size DESC LIMIT 1")
    if (newest := cursor.fetchone()) is None:
        return 0, 0
    with suppress(BadNote):  # what stands there instead is found by whoever verifies
        if (known := Checkpoint.of(newest[1]).number) is not None:
            return int(newest[0]), known + 1
    cursor.execute("SELECT count(*) FROM audit_checkpoint")
    return int(newest[0]), int(cursor.fetchone()[0])


def tiles_from(keys: list[Key]) -> dict[Key, bytes]:
    """Those of some tiles that are stored."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.level, t.number, t.hashes FROM audit_tile t"
            " JOIN unnest(%s::smallint[], %s::bigint[]) AS k (level, number) USING (level, number)",
            [[level for level, _number in keys], [number for _level, number in keys]],
        )
        return {(level, number): bytes(hashes) for level, number, hashes in cursor}
