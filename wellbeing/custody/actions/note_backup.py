"""Put on record that a backup was taken: everything was read, by whom and when stands in the audit."""

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.audit.record import SYSTEM_STREAM
from wellbeing.outbox import heartbeat


@action(P.BACKUP_NOTE)
def note_backup(*, actor: Actor, rows: int, size: int, pruned: int) -> Outcome[None]:
    """How many rows, how many bytes the files have, and how many old files went. /health/ counts from here."""
    heartbeat.beat(heartbeat.BACKUP)
    return Outcome(None, stream=SYSTEM_STREAM, facts={"rows": rows, "size": size, "pruned": pruned})
