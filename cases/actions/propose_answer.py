"""Propose the answer to a request for records: nothing, or these fields of these entries, each as it may go."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.access import Opened
from cases.actions._records import move
from cases.actions._turn import in_turn
from cases.models import Case, RecordAnswer
from cases.record_requests import Pick, Redaction, blacken
from cases.records_access import SECOND, check_home, open_request, releasable, seal_answer
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Forbidden, Invalid
from wellbeing.moments import absolute
from wellbeing.people.telling import tell_desks
from wellbeing.workdays import now


@action(P.RECORDS_PROPOSE)
def propose_answer(
    *, actor: Actor, reference: str, because: str, about: str = "", picks: Sequence[Pick] = ()
) -> Outcome[RecordAnswer]:
    """Seal what would go; without picks, or without a case, the answer is "nothing" and looks the same to everybody
    but the second person.

    Invalid without a reason, for a case that the actor cannot open, for a field that may not go or does not exist, for
    blackening that rewrites, and for anything that would reach a home that must not be reached.
    """
    row, at = open_request(actor, reference, P.RECORDS_PROPOSE, lock=True), now()
    move(row, "propose_answer")
    if not because.strip():
        raise Invalid("because", _("Write why: the second person judges by it."))
    found, entries = _opened(actor, about) if about.strip() else (None, [])
    if found is not None:
        in_turn(found.pk)
    if found is not None and picks:
        check_home(actor, row, found, "about")
    lines = [_line(entries, pick) for pick in picks]
    answer = RecordAnswer(request=row, case=found, division=row.division, gives=bool(lines), desk_id=row.desk_id, at=at)
    answer.proposed_by_id = actor.person
    seal_answer(answer, lines, because.strip())
    answer.save(force_insert=True)
    tell_desks(*SECOND, kind="records_proposed", target="record_requests", key=str(answer.pk), but=row.desk_id)
    return Outcome(answer, stream=row.pk, facts={"gives": answer.gives, "lines": len(lines), "answer": answer.pk})


def _opened(actor: Actor, about: str) -> tuple[Case, list[tuple[Opened, tuple[str, ...]]]]:
    try:
        return releasable(actor, about.strip().upper())
    except Forbidden:
        raise Invalid("about", _("None of the cases that you may open has this reference.")) from None


def _line(entries: list[tuple[Opened, tuple[str, ...]]], pick: Pick) -> dict[str, Any]:
    """One line of the packet: what goes and where it stood, without its author and its hour."""
    entry = next((one for one, codes in entries if str(one.id) == pick.entry and pick.code in codes), None)
    if entry is None:
        raise Invalid("about", _("One of these fields may not go to anybody."))
    value, field = entry.words[pick.code], f"how:{pick.entry}:{pick.code}"
    if pick.how == Redaction.BLACKENED:
        if not isinstance(value, str):
            raise Invalid(field, _("Only a text can be blackened in part; leave this one out."))
        try:
            value = blacken(value, pick.text)
        except ValueError:
            raise Invalid(field, _("Put [[ ]] round what is to be blackened, and change nothing else.")) from None
    elif pick.how == Redaction.SUMMARY:
        if not pick.text.strip() or pick.text.strip() == str(value).strip():
            raise Invalid(field, _("Write the summary in your own words."))
        value = pick.text.strip()
    place = {"section": entry.section, "kind": entry.kind, "day": absolute(entry.at)[:10]}
    return {**place, "code": pick.code, "how": Redaction(pick.how).value, "value": value}
