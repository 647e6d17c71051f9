"""Note a meeting (面谈、家访、家长沟通): what was talked about, what follows, sealed under the case."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cases.actions import _noting
from cases.contact_access import check_contact
from cases.models import Case, Entry
from cases.session import AT_HOME, Meeting, kept
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action


@action(P.SESSION_LOG)
def log_session(
    *,
    actor: Actor,
    case: Case,
    kind: Meeting,
    words: Mapping[str, Any],
    held_at: datetime | None = None,
    next_at: datetime | None = None,
    desk_id: int | None = None,
) -> Outcome[Entry]:
    """Keep a note by the codes of cases/session.py, or free words; `next_at` sets the follow-up, else policy does.

    Invalid when nothing is said, `held_at` lies ahead or `next_at` behind, and for a home that must not
    be reached.
    """
    if kind in AT_HOME:
        check_contact(actor, case, "kind")
    said = kept(kind, words)
    at = _noting.check(said, held_at, next_at)
    made = _noting.note(case, kind, said, actor=actor, at=at, next_at=next_at, desk_id=desk_id)
    return Outcome(made, stream=case.pk, facts={"kind": kind, "next_at": next_at})
