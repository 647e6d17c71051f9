"""What logging a call and going on with its sheet share: what was filled in, when, how grave, and what is kept apart.
Used by take_call, continue_call and log_draft, in their transactions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cases import repeats, sheet
from cases.actions import _clocks, _paper, _restrictions
from cases.actions._opening import open_file
from cases.actions._warning import warn
from cases.ballot_access import sealed_slip
from cases.caller_access import seal_number
from cases.clocks import ClockKind, callbacks
from cases.models import (
    Assessment,
    Call,
    CallerNumber,
    Case,
    Channel,
    DeadlineState,
    Entry,
    EntryKind,
    PolicyVersion,
    Section,
)
from cases.paper_number import PaperKind
from cases.policy import Policy
from cases.promise import agreed, promised
from cases.quality import asked_for
from cases.repeats import caller_index
from cases.supervision import reds_of
from cases.tiers import Proposal, Tier
from wellbeing.access.actor import Actor
from wellbeing.access.grants import OWNER_DAYS
from wellbeing.errors import Invalid
from wellbeing.exchange.actions import log_ring
from wellbeing.outbox.post import post
from wellbeing.people.desks import desk_at
from wellbeing.people.models import Desk, Role, User
from wellbeing.workdays import now

# What the clock of the exchange may be before ours (wellbeing.exchange), and more than a typed minute hides.
TOLERANCE = timedelta(minutes=5)


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

    @property
    def number(self) -> str:
        """The number of the caller, as typed; empty where none was seen."""
        return str(self.words.get("caller_number") or "")

    @property
    def open_words(self) -> dict[str, Any]:
        """What is sealed in the entries: all but the caller's number, which has a key of its own."""
        return {code: value for code, value in self.words.items() if code != "caller_number"}


@dataclass(frozen=True, slots=True)
class Taker:
    """Who had the caller on the line, at which desk, and the holder of the case that the call opens."""

    counsellor: int
    desk_id: int
    division: str
    owner: User | Desk


def open_from(
    call: CallSheet,
    by: Taker,
    *,
    actor: Actor,
    tier: str = "",
    ring: UUID | None = None,
    goes_on: bool = False,
    before: Case | None = None,
) -> tuple[Case, Proposal]:
    """Open a case from a call, and warn. A sheet that `goes_on` gives its slip to the ballot box when it is finished.
    `before` is the case that the same call was logged as, and that nobody can write into any more. Invalid for a tier
    below the proposal, and for times that lie ahead."""
    at = now()
    started, policy = began(call, at), PolicyVersion.current().policy()
    paper = _paper.taken(call.paper, PaperKind.CALL, call.started_at and started, "started_at", at)
    chosen, proposal = judged(call, tier, started, policy, logged=before)
    parts, known = sheet.by_section(call.open_words), sheet.known(call.open_words)
    case, write = open_file(
        actor=actor,
        owner=by.owner,
        desk_id=by.desk_id,
        division=call.division or by.division,
        channel=Channel.HOTLINE,
        tier=chosen,
        at=at,
        until=at + OWNER_DAYS,
        identity=parts.pop(Section.IDENTITY, {}),
        school_apart=known.teacher,
        earlier=before.reference if before else "",
    )
    parts[Section.RISK] = risk_words(parts, proposal, chosen)
    entries = {
        section: write.entry(Section(section), EntryKind.CALL, words, actor=actor, at=started, desk_id=by.desk_id)
        for section, words in parts.items()
    }
    Entry.objects.bulk_create(entries.values())
    Assessment.objects.create(case=case, entry=entries[Section.RISK], at=at, face_to_face=False, proposed=proposal.tier)
    taken = _taken(case, call, by, started)
    keep_number(taken, call.number, chosen, at)
    if not goes_on:
        put_slip(call, started, at)
    start_call_backs(case, taken, call.words, policy, at, began=started, new=True)
    if ring is not None:
        log_ring(actor=actor, ring_id=ring)
    warn(case, actor=actor, known=known, rules=frozenset(one.rule for one in proposal.reasons), at=at, new=True)
    tell_of_load(taken, chosen, policy, at)
    _paper.enter(paper, case, actor=actor, occurred=started, at=at)
    return case, proposal


def _taken(case: Case, call: CallSheet, by: Taker, started: datetime) -> Call:
    """What is clear of a call."""
    return Call.objects.create(
        case=case,
        kind=sheet.call_kind(call.words),
        desk_id=by.desk_id,
        counsellor_id=by.counsellor,
        line=call.line,
        started_at=started.replace(second=0, microsecond=0),
        answered_after_s=call.answered_after_s,
        length_min=call.length_min,
        caller_index=caller_index(call.number, started),
        promised_at=promised(call.words, started),
        review_asked=asked_for(call.words),
    )


def tell_of_load(taken: Call, tier: Tier, policy: Policy, at: datetime) -> None:
    """A counsellor who has too many red calls in a shift is relieved by her supervisor, who is told it once a shift."""
    if tier != Tier.RED:
        return
    desk = Desk.objects.get(pk=taken.desk_id)
    reds, begun = reds_of(taken.counsellor_id, desk, at, policy)
    supervisors = desk_at(desk.organisation_id, Role.HOTLINE_SUPERVISOR)
    if reds >= policy.reds_per_shift and supervisors:
        key = f"heavy:{taken.counsellor_id}:{begun:%Y%m%d%H%M}"
        post(kind="heavy_shift", desk_id=supervisors.pk, target="live_desks", dedupe_key=key)


def began(call: CallSheet, at: datetime) -> datetime:
    """When the call began, now at the latest; Invalid where it would begin or end in the future. A clock that goes a
    little before ours refuses nobody whose caller is on the line."""
    started = call.started_at or at
    if started > at + TOLERANCE:
        raise Invalid("started_at", _("The call cannot begin in the future."))
    if call.started_at and started + timedelta(minutes=call.length_min or 0) > at + TOLERANCE:
        raise Invalid("length_min", _("The call would have ended in the future; check when it began and its length."))
    return min(started, at)


def refused_in(call: CallSheet) -> list[str]:
    """The fields for which logging this sheet would be refused: times that cannot be, and a sheet of paper that is none
    of the asker's house. Whoever logs it in the counsellor's place asks before: she can correct none of them."""
    at, found = now(), list[str]()
    try:
        started = began(call, at)
    except Invalid as refused:
        found.append(refused.field)
        started = at
    try:
        _paper.taken(call.paper, PaperKind.CALL, call.started_at and started, "paper", at)
    except Invalid:
        found.append("paper")
    return found


def judged(
    call: CallSheet, tier: str, started: datetime, policy: Policy, *, logged: Case | None = None
) -> tuple[Tier, Proposal]:
    """The tier that was chosen and the one that is proposed; Invalid where it would be lower. `logged`: as in
    cases.repeats.proposal."""
    proposal = repeats.proposal(call.words, started, policy, logged=logged)
    chosen = Tier(tier) if tier else proposal.tier
    if chosen.rank > proposal.tier.rank:
        raise Invalid(
            "tier", _("The tier cannot be lower than the proposal; lowering comes later, with an assessment.")
        )
    return chosen, proposal


def risk_words(parts: Mapping[str, Mapping[str, Any]], proposal: Proposal, tier: str) -> dict[str, Any]:
    """The risk section of a sheet: its answers, what the rules propose for them and why, and the tier."""
    rules = [one.rule for one in proposal.reasons]
    return {**parts.get(Section.RISK, {}), "proposed": proposal.tier, "rules": rules, "tier": tier}


def keep_number(taken: Call, number: str, tier: Tier, at: datetime) -> None:
    """Under a key of its own: two people open it, and it ends before the case does. A restriction meets the call."""
    if number:
        kept = CallerNumber(call=taken, case=taken.case, division=taken.case.division_id, logged_at=at)
        seal_number(kept, number)
        kept.save(force_insert=True)
    _restrictions.met(number, tier, at)


def put_slip(call: CallSheet, started: datetime, at: datetime) -> None:
    """Into the ballot box of the month, where the sheet says something that is counted."""
    if (made := sealed_slip(call.words, started, at)) is not None:
        made.save(force_insert=True)


def start_call_backs(
    case: Case,
    taken: Call,
    words: Mapping[str, Any],
    policy: Policy,
    at: datetime,
    *,
    began: datetime,
    new: bool = False,
) -> None:
    """The first call-back of the series, which counts from when the call `began`: at the tiers that policy names
    whether or not the caller agreed, at others only where she did (PRACTICE.md 3.4). In a `new` case none runs already.

    One that runs stays, unless another day was promised since or the case rose into danger: then the series begins
    anew, in danger never later. One that stood on her word alone ends when she takes it back.
    """
    promise, crisis = promised(words, began), case.tier in policy.callback_tiers
    stood = None if new else next(iter(_clocks.running(case, ClockKind.CALLBACK)), None)
    moved, taken.promised_at = promise != taken.promised_at, promise
    if not crisis and not agreed(words):
        if stood and stood.tier not in policy.callback_tiers:
            _clocks.stop(case, ClockKind.CALLBACK, state=DeadlineState.VOID, at=at)
        return
    risen = crisis and stood is not None and stood.tier not in policy.callback_tiers
    if stood and not risen and (stood.step or not moved):
        return
    hotline, due = Desk.objects.get(pk=taken.desk_id), callbacks(began, policy, Tier(case.tier), promise)[0]
    _clocks.start(case, hotline, ClockKind.CALLBACK, at=at, due=due, never_later=crisis, new=new)
