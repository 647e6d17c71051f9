"""How often one person may look for somebody within a minute (SECURITY.md 2.6). What is counted are the events that
such looks leave in the audit; one that was refused leaves none and costs nothing further."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_lazy as _

from wellbeing.access.actor import Actor, identity
from wellbeing.access.machines import PACE
from wellbeing.audit.models import Event
from wellbeing.errors import Invalid
from wellbeing.workdays import now

MINUTE = timedelta(minutes=1)
TOO_FAST = _("You have searched very often within a minute. Wait a moment and search again; what you typed stays here.")


def too_fast(actor: Actor, act: str) -> bool:
    """Whether the actor has done this as often within the last minute as one person may. Until the transaction ends the
    next one waits: many at once are no way round."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"pace:{act}:{actor.id}"])
    with identity(PACE):  # nobody reads her own events
        at = now()  # nothing after it counts, where the clock was set back
        done: int = Event.objects.filter(actor_id=actor.id, act=act, at__gt=at - MINUTE, at__lte=at).count()
    return done >= int(settings.LOOKS_PER_MINUTE)


def check_pace(actor: Actor, act: str, field: str) -> None:
    """Invalid, with a sentence for that field, for one search too many."""
    if too_fast(actor, act):
        raise Invalid(field, TOO_FAST)
