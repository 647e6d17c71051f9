"""Log a call on the hotline (来电登记): a person, a sealed case, its risk assessment, and the warning it calls for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cases import sheet
from cases.actions import _clocks, _drafts, _paper, _restrictions
from cases.actions._opening import open_file
from cases.actions._warning import warn
from cases.ballot_access import sealed_slip
from cases.caller_access import seal_number
from cases.clocks import ClockKind, callbacks
from cases.drafts import DraftKind
from cases.models import Assessment, Call, CallerNumber, Case, Channel, Entry, EntryKind, PolicyVersion, Section
from cases.paper_number import PaperKind
from cases.policy import Policy
from cases.repeats import caller_index, calls_since
from cases.tiers import Facts, Proposal, Tier, merge, propose
from wellbeing.access.actor import Actor
from wellbeing.access.grants import OWNER_DAYS
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.exchange.actions import log_ring
from wellbeing.people.models import Desk, Role, User
from wellbeing.workdays import now

TOLERANCE = timedelta(minutes=1)  # times are typed to the minute


@dataclass(frozen=True, slots=True)
class CallSheet:
    """What the counsellor filled in. `words` go by the codes of cases/sheet.py; nothing in it is required.

    `division` is the code of the county the case belongs to, empty when the caller did not say. Seconds and minutes.
    `paper` is the number of the sheet of paper that it was written on while the system was down; empty otherwise.
    """

    words: Mapping[str, Any] = field(default_factory=dict)
    division: str = ""
    line: str = "2912345"
    started_at: datetime | None = None
    answered_after_s: int | None = None
    length_min: int | None = None
    paper: str = ""


@action(P.CALL_TAKE)
def take_call(
    *, actor: Actor, call: CallSheet, tier: str = "", ring: UUID | None = None, draft: UUID | None = None
) -> Outcome[Case]:
    """Open a case from a call. `tier` may be higher than the proposal, never lower (Invalid); empty takes the
    proposal. `ring` is the exchange's call that this sheet logs. Its `draft` ends in the same transaction; WrongState
    when it has become a case before."""
    at = now()
    started, policy = _began(call, at), PolicyVersion.current().policy()
    paper = _paper.taken(call.paper, PaperKind.CALL, call.started_at, "started_at", at)
    chosen, proposal = _judged(call, tier, started, policy)
    post = actor.post_as(Role.HOTLINE_COUNSELLOR, Role.HOTLINE_SUPERVISOR)
    assert post is not None  # may() has seen the post
    words = {code: value for code, value in call.words.items() if code != "caller_number"}  # sealed apart
    parts, known = sheet.by_section(words), sheet.known(words)
    case, write = open_file(
        actor=actor,
        owner=User(pk=actor.id),
        desk_id=post.desk_id,
        division=call.division or post.division,
        channel=Channel.HOTLINE,
        tier=chosen,
        at=at,
        until=at + OWNER_DAYS,
        identity=parts.pop(Section.IDENTITY, {}),
        school_apart=known.teacher,
    )
    reasons = [reason.rule for reason in proposal.reasons]
    parts.setdefault(Section.RISK, {}).update(proposed=proposal.tier, rules=reasons, tier=chosen)
    entries = {
        section: write.entry(Section(section), EntryKind.CALL, words, actor=actor, at=started, desk_id=post.desk_id)
        for section, words in parts.items()
    }
    Entry.objects.bulk_create(entries.values())
    Assessment.objects.create(case=case, entry=entries[Section.RISK], at=at, face_to_face=False, proposed=proposal.tier)
    taken = Call.objects.create(
        case=case,
        kind=sheet.call_kind(call.words),
        desk_id=post.desk_id,
        counsellor_id=actor.person,
        line=call.line,
        started_at=started.replace(second=0, microsecond=0),
        answered_after_s=call.answered_after_s,
        length_min=call.length_min,
        caller_index=caller_index(_number(call), started),
    )
    _keep_number(taken, _number(call), at)
    _restrictions.met(_number(call), chosen, at)
    _put_slip(call, started, at)
    if chosen in policy.callback_tiers:
        hotline = Desk.objects.get(pk=post.desk_id)
        _clocks.start(case, hotline, ClockKind.CALLBACK, at=at, due=callbacks(started, policy)[0], new=True)
    if ring is not None:
        log_ring(actor=actor, ring_id=ring)
    warn(case, actor=actor, known=known, rules=frozenset(reasons), at=at, new=True)
    _paper.enter(paper, case, actor=actor, occurred=started, at=at)
    if draft:
        _drafts.ended(_drafts.begun(actor, draft, DraftKind.CALL), case=case)
    return Outcome(case, stream=case.pk, facts={"tier": chosen, "proposed": proposal.tier})


def _number(call: CallSheet) -> str:
    return str(call.words.get("caller_number") or "")


def _keep_number(taken: Call, number: str, at: datetime) -> None:
    """Under a key of its own: two people open it, and it ends before the case does."""
    if number:
        kept = CallerNumber(call=taken, case=taken.case, division=taken.case.division_id, logged_at=at)
        seal_number(kept, number)
        kept.save(force_insert=True)


def _put_slip(call: CallSheet, started: datetime, at: datetime) -> None:
    """Into the ballot box of the month, where the sheet says something that is counted."""
    if (made := sealed_slip(call.words, started, at)) is not None:
        made.save(force_insert=True)


def _began(call: CallSheet, at: datetime) -> datetime:
    """When the call began; Invalid where it would begin or end in the future."""
    started = call.started_at or at
    if started > at:
        raise Invalid("started_at", _("The call cannot begin in the future."))
    if call.started_at and started + timedelta(minutes=call.length_min or 0) > at + TOLERANCE:
        raise Invalid("length_min", _("The call would have ended in the future; check when it began and its length."))
    return started


def _judged(call: CallSheet, tier: str, started: datetime, policy: Policy) -> tuple[Tier, Proposal]:
    """The tier that was chosen and the one that is proposed, repeated calls of the same caller included."""
    calls = 1 + calls_since(_number(call), started, policy.repeat_days)
    proposal = propose(merge(sheet.facts(call.words), Facts(calls=calls)), policy)
    chosen = Tier(tier) if tier else proposal.tier
    if chosen.rank > proposal.tier.rank:
        raise Invalid(
            "tier", _("The tier cannot be lower than the proposal; lowering comes later, with an assessment.")
        )
    return chosen, proposal
