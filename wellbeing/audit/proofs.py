"""What a witness asks for: the newest checkpoint, and the proof that the tree goes on from the one it saw last."""

from __future__ import annotations

import base64

from django.db import connection

from wellbeing.audit.note import BadNote, Checkpoint, signed, split
from wellbeing.audit.sequencer import as_machine, tiles_from
from wellbeing.audit.signing import witnesses
from wellbeing.audit.tree import Tiles, consistency_proof


def newest() -> str | None:
    """The newest checkpoint as a note; None while there is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT note FROM audit_checkpoint ORDER BY size DESC LIMIT 1")
        row = cursor.fetchone()
    return row and str(row[0])


def for_witness(old: int) -> str:
    """The newest checkpoint with its proof from size `old`: the body of an add-checkpoint request of C2SP tlog-witness.

    `old N`, the proof line by line in base64, an empty line, the note. Of a size that this log does not have, as one
    that was set back is asked for, there is no proof: the witness reads the note, and refuses it. Raises LookupError
    when there is no checkpoint.
    """
    note = newest()
    point = note and Checkpoint.of(note)
    if not note or not point or old < 0:
        raise LookupError("no such size")
    if old > point.size:
        return f"old {old}\n\n{note}"
    stored = Tiles(point.size, lambda key: tiles_from([key]).get(key, b""))
    proof = consistency_proof(old, point.size, stored.node)
    return f"old {old}\n" + "".join(base64.b64encode(one).decode() + "\n" for one in proof) + "\n" + note


def note_cosignature(line: str) -> str:
    """Keep what a witness signed, if we know the witness and it is on a checkpoint of ours; its name. Raises BadNote.

    Whoever brings it needs no other right: the signature is the proof.
    """
    with as_machine(), connection.cursor() as cursor:
        cursor.execute("SELECT size, note FROM audit_checkpoint ORDER BY size DESC LIMIT 500")
        for size, note in cursor.fetchall():
            body, _signatures = split(note)
            for witness in witnesses():
                at = witness.signed_at(signed(body, [line]))
                if at is not None:
                    cursor.execute(
                        "INSERT INTO audit_cosignature (witness, size, at, line) VALUES (%s, %s, to_timestamp(%s), %s)"
                        " ON CONFLICT DO NOTHING",
                        [witness.name, size, at, line],
                    )
                    return witness.name
    raise BadNote("no witness of ours has signed this on a newer checkpoint of ours")
