"""Erase again whatever the journal names: after a backup of the database was restored (SECURITY 2.5)."""

from django.db.models import F

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.audit.record import SYSTEM_STREAM
from wellbeing.outbox.models import Hold
from wellbeing.vault import journal
from wellbeing.vault.ending import destroy


@action(P.CASE_ERASE)
def replay_erasures(*, actor: Actor) -> Outcome[tuple[int, int]]:
    """How many owners the journal names, and how many keys were destroyed again; nothing when a line cannot be read.
    A restored copy on hold notes how many of its keys went, so that its rows can still be counted."""
    owners = list(journal.read())
    ended = destroy(owners)
    Hold.objects.update(ended=F("ended") + ended)
    return Outcome((len(owners), ended), stream=SYSTEM_STREAM, facts={"owners": len(owners), "keys": ended})
