"""Erase again whatever the journal names: after a backup of the database was restored (SECURITY 2.5)."""

from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import F

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.audit.record import SYSTEM_STREAM
from wellbeing.outbox.models import Hold
from wellbeing.vault import journal
from wellbeing.vault.ending import destroy


class Replayed(NamedTuple):
    """How many owners the journal names, how many keys were destroyed again, and how many owners a legal hold keeps."""

    owners: int
    ended: int
    held: int


@action(P.CASE_ERASE)
def replay_erasures(*, actor: Actor) -> Outcome[Replayed]:
    """What the journal names is destroyed again; nothing when a line cannot be read. A restored copy on hold notes how
    many of its keys went, so that its rows can still be counted.

    A legal hold that was lifted after the backup stands in the restored copy again, and the database keeps what it
    holds: everything else is erased, and the hold is lifted once more before this is repeated.
    """
    owners, ended, held = list(journal.read()), 0, 0
    for owner in owners:
        try:
            with transaction.atomic():
                ended += destroy([owner])
        except IntegrityError:
            held += 1
    Hold.objects.update(ended=F("ended") + ended)
    said = Replayed(len(owners), ended, held)
    return Outcome(said, stream=SYSTEM_STREAM, facts={"owners": said.owners, "keys": ended, "held": held})
