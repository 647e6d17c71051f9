"""Find among one's own cases: by reference, or by name opened within the searcher's scope."""

import unicodedata

from cases.access import open_case, open_closed, reveal_covers
from cases.models import Case
from cases.queues import worklist
from wellbeing.access.actor import Actor
from wellbeing.audit.record import record, user_stream
from wellbeing.audit.tags import Tag
from wellbeing.errors import Forbidden

SCOPE = 2_000  # names opened per search; a larger desk searches by reference


def find(actor: Actor, words: str, limit: int = 25) -> list[tuple[Case, str]]:
    """The cases whose reference is `words`, or whose name contains them; what the actor may not see is not found. How
    many were found is recorded, and not what was looked for."""
    found = _found(actor, words, limit)
    record(stream=user_stream(actor.id), act=Tag.SEARCHED, actor=actor, facts={"hits": len(found)})
    return found


def _found(actor: Actor, words: str, limit: int) -> list[tuple[Case, str]]:
    wanted = _fold(words)
    if not wanted:
        return []
    if wanted.startswith("zs-"):
        try:
            case = open_case(actor, wanted.upper())
        except Forbidden:
            return []
        return [(case, reveal_covers(actor, [case]).get(case.pk, ""))]
    cases = worklist(actor, limit=SCOPE)
    names = reveal_covers(actor, cases)
    return [(case, names[case.pk]) for case in cases if wanted in _fold(names.get(case.pk, ""))][:limit]


def find_closed(actor: Actor, words: str) -> Case | None:
    """The closed case of this reference, for the desks that may open it again; nobody else learns that there is one."""
    try:
        return open_closed(actor, _fold(words).upper())
    except Forbidden:
        return None


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()
