"""What every text of the registers is held to, and every moment."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.errors import Forbidden, Invalid
from wellbeing.registers.access import writes
from wellbeing.registers.kinds import long_number
from wellbeing.registers.models import Incident
from wellbeing.workdays import now


def checked(field: str, text: str) -> str:
    """A text that says something and holds no number that could name somebody. Raises Invalid at its field."""
    if not text.strip():
        raise Invalid(field, _("Write something here."))
    if long_number(text):
        raise Invalid(field, _("No telephone, identity or student numbers here: take the long number out."))
    return text.strip()


def past(field: str, at: datetime, *, since: datetime | None = None) -> datetime:
    """A moment that has been, and not before `since`. Raises Invalid at its field."""
    if at > now():
        raise Invalid(field, _("This lies in the future."))
    if since is not None and at < since:
        raise Invalid(field, _("This lies before the incident."))
    return at


def hers(actor: Actor, incident: Incident, permission: P) -> None:
    """Raises Forbidden where the incident is neither of her school nor of her county."""
    if not writes(actor, incident, permission):
        raise Forbidden
