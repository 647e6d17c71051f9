"""Go on with the sheet of a call that was logged while the caller was still on the line (续写): what is new is sealed
as the next version of its sections, and may raise the tier."""

from datetime import datetime
from typing import Any
from uuid import UUID

from cases import sheet
from cases.access import writer
from cases.actions import _calling, _drafts, _notices, _schools
from cases.actions._calling import CallSheet
from cases.actions._raising import raise_to, warn_anew
from cases.actions._warning import tell_also
from cases.consent import danger
from cases.models import Assessment, Call, CallerNumber, Case, Entry, EntryKind, PolicyVersion, Section, Warning
from cases.policy import Policy
from cases.quality import asked_for
from cases.repeats import caller_index
from cases.sheet_access import sheet_words
from cases.telling import Known
from cases.tiers import Proposal, Tier
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.people.desks import members
from wellbeing.people.models import Division
from wellbeing.rota.duty import on_duty
from wellbeing.workdays import now


@action(P.CALL_CONTINUE)
def continue_call(
    *, actor: Actor, case: Case, call: CallSheet, draft: UUID, tier: str = "", last: bool = False
) -> Outcome[Case]:
    """Seal the sections that have changed since the last version; the `last` one ends the sheet and its draft.

    Answers that are graver raise the case at once and warn anew. Nothing here lowers it: a case that stands higher
    stays there, whatever is answered or chosen later (Invalid only below what the rules propose). Clocks that run are
    not started anew. A number that was kept is not written over. What is new is told to whoever took the warning, and
    to the desk where nobody has, or she is not there; where nobody is warned of the case any more, it is warned of anew
    in danger. WrongState when the sheet has been finished.
    """
    at, before, policy = now(), Tier(case.tier), PolicyVersion.current().policy()
    going = _drafts.going_on(actor, draft, case)
    taken = Call.objects.get(case=case)
    _calling.began(call, at)
    started = taken.started_at  # as it was logged: another one would count other calls, and choose another month's box
    chosen, proposal = _calling.judged(call, tier, started, policy, logged=case)
    known, rules = sheet.known(call.words), frozenset(one.rule for one in proposal.reasons)
    if known.teacher and not case.school_apart:
        case.school_apart = True
        case.save(update_fields=["school_apart"])
        _schools.shut_out(case, at=at)
    raised = raise_to(case, chosen, actor=actor, at=at, rules=rules, known=known)
    changed = _write(case, taken, call, proposal, actor=actor, at=at)
    if not raised:
        tell_also(case, Known(teacher=case.school_apart, somebody=known.somebody), rules, at=at)
    if changed and not raised:  # a raising warns by itself
        _tell_news(case, rules, actor=actor, at=at, policy=policy)
    _calling.start_call_backs(case, taken, call.words, policy, at, began=taken.started_at)
    _keep(taken, call, chosen, at)
    if last:
        _calling.put_slip(call, started, at)
        _drafts.ended(going, case=case)
    else:
        _drafts.handed_on(going)
    facts: dict[str, Any] = {"sections": changed, "last": last}
    return Outcome(case, stream=case.pk, facts=facts | ({"from": before, "to": chosen} if raised else {}))


def _tell_news(case: Case, rules: frozenset[str], *, actor: Actor, at: datetime, policy: Policy) -> None:
    warning = Warning.objects.select_related("desk", "acknowledged_by").filter(case=case, ended_at=None).first()
    if warning is None:  # green, or handed over at the minimum while she was still writing
        if danger(case.tier):
            warn_anew(case, actor=actor, at=at, rules=rules)
        return
    key, taker = f"call_news:{case.pk}:{at.isoformat()}", warning.acknowledged_by
    duty, taken_by = on_duty(warning.desk_id), warning.acknowledged_by_id
    if taken_by not in (duty or members(warning.desk_id)):  # nobody yet, or somebody who is not there any more
        _notices.tell_desk("call_news", case, warning.desk, duty, key=key, policy=policy)
    if taker is not None and _notices.sees(taker, case):  # a file that has gone is hers no more
        _notices.send("call_news", case, [_notices.Ring(_notices.IN_APP, user_id=taker.pk)], key=key, policy=policy)


def _write(
    case: Case, taken: Call, call: CallSheet, proposal: Proposal, *, actor: Actor, at: datetime
) -> tuple[Section, ...]:
    """The next version of each section that says something else than the one before; which those are."""
    parts, stood = sheet.by_section(call.open_words), sheet_words(actor, case)
    if call.division and call.division != case.division_id:  # only the duty desk can hand the file over: it reads where
        told = {"division_told": str(Division.objects.get(code=call.division))}
        parts[Section.IDENTITY] = parts.get(Section.IDENTITY, {}) | told
    parts[Section.RISK] = _calling.risk_words(parts, proposal, case.tier)
    changed = tuple(s for s in Section if parts.get(s, {}) != stood.get(s, {}))
    write = writer(case)
    entries = {
        section: write.entry(section, EntryKind.CALL, parts.get(section, {}), actor=actor, at=at, desk_id=taken.desk_id)
        for section in changed
    }
    Entry.objects.bulk_create(entries.values())
    if Section.RISK in entries:
        made = {"at": at, "face_to_face": False, "proposed": proposal.tier}
        Assessment.objects.create(case=case, entry=entries[Section.RISK], **made)
    if Section.IDENTITY in entries:  # who is only now called by a name stands under it in lists
        case.cover = write.cover(str(call.words.get("name") or ""))
        case.save(update_fields=["cover"])
    return changed


def _keep(taken: Call, call: CallSheet, tier: Tier, at: datetime) -> None:
    """What is clear of the call, as it is known now, and the number that is seen only now."""
    taken.kind, taken.length_min = sheet.call_kind(call.words), call.length_min
    taken.answered_after_s, taken.review_asked = call.answered_after_s, asked_for(call.words)
    if call.number and not CallerNumber.objects.filter(call=taken).exists():
        taken.caller_index = caller_index(call.number, taken.started_at)
        _calling.keep_number(taken, call.number, tier, at)
    clear = ("kind", "length_min", "answered_after_s", "caller_index", "promised_at", "review_asked")
    taken.save(update_fields=clear)
