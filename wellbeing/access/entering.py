"""What is kept of every decision at a page or an address of the API (ASVS 16.3.2): whoever was refused, in the audit;
whoever entered, in the process log, since what she opens there is an event of its own."""

from __future__ import annotations

import logging
from typing import Any

from django.http import HttpRequest

from wellbeing.access.actor import Actor, identity
from wellbeing.access.permissions import P
from wellbeing.audit.record import record, user_stream
from wellbeing.audit.tags import Tag

log = logging.getLogger("wellbeing.entered")


def note_entry(request: HttpRequest, actor: Actor, permission: P) -> None:
    """One line of the log: whose request on which route entered by which permission. No address, no reference."""
    log.info("entered", extra={"request": request, "codes": {"permission": permission.value, "by": actor.id}})


def note_refusal(actor: Actor, permission: P, *, polled: bool = False) -> None:
    """Who was refused what, and whether a page that stood open asked by itself. Missing and forbidden leave the same
    event, and nothing says of which file."""
    facts: dict[str, Any] = {"permission": permission}
    if polled:
        facts["polled"] = True
    with identity(actor):
        record(stream=user_stream(actor.id), act=Tag.REFUSED, actor=actor, facts=facts)
