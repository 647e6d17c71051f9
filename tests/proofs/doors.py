"""Every door at which something is read, for AZ-4: what is asked there of the stage of tests/rules/test_matrix.py, and who
of the cast finds it. A new function of an access module stands here, or with its reason among those that are not asked."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from django.conf import settings

from cases import (
    access,
    ballot_access,
    call_backs,
    caller_access,
    campaign_access,
    covering,
    draft_access,
    export_access,
    glass_access,
    name_access,
    paper_access,
    person_file,
    queues,
    records_access,
    restriction_access,
    retention_access,
    screening_access,
    search,
    sheet_access,
    shift,
    steps,
    waiting_access,
)
from cases.access import Purpose
from cases.models import Case, Draft, ShiftNote
from cases.paper_number import PaperKind, shown
from referrals import access as referral_access
from referrals import queues as referral_queues
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.api import access as api_access
from wellbeing.exchange import access as exchange_access
from wellbeing.exchange import queues as exchange_queues
from wellbeing.exchange import seats
from wellbeing.people import access as people_access
from wellbeing.registers import access as register_access
from wellbeing.registers import year_access

Ask = Callable[[Actor, Any], Any]
WRITES = ("_", "seal_", "new_", "end_", "destroy_", "forget_")  # nothing is read there
SEALED = ("narrative",)

# Who finds something there ("" where nothing of the kind stands on the stage), and the question; whoever finds nothing
# must find nothing with a filter less either.
DOORS: dict[str, tuple[str, Ask]] = {
    "cases.access.visible_cases": ("zhou", lambda who, stage: access.visible_cases(who)),
    "cases.access.open_case": ("zhou", lambda who, stage: access.open_case(who, stage.case.reference)),
    "cases.access.reveal": ("zhou", lambda who, stage: access.reveal(who, stage.case, SEALED, Purpose.CARE).entries),
    "cases.access.reveal_covers": ("zhou", lambda who, stage: access.reveal_covers(who, [stage.case])),
    "cases.call_backs.call_backs": ("lin", lambda who, stage: call_backs.call_backs(who)),
    "cases.caller_access.asks": ("lin", lambda who, stage: caller_access.asks(who)),
    "cases.caller_access.number_of": ("lin", lambda who, stage: caller_access.number_of(stage.case)),
    "cases.caller_access.open_ask": (
        "lin",
        lambda who, stage: caller_access.open_ask(who, stage.ask.pk, P.CALLER_READ),
    ),
    "cases.campaign_access.school_batches": ("chen", lambda who, stage: campaign_access.school_batches(stage.campaign)),
    "cases.campaign_access.reveal_roll": (
        "chen",
        lambda who, stage: campaign_access.reveal_roll(who, stage.student.batch),
    ),
    "cases.campaign_access.takes_part_of": (
        "chen",
        lambda who, stage: campaign_access.takes_part_of(who, stage.student.pk),
    ),
    "cases.covering.handovers": ("chen", lambda who, stage: covering.handovers(who)),
    "cases.covering.handover": ("chen", lambda who, stage: covering.handover(who, stage.handover.pk)),
    "cases.draft_access.open_draft": ("lin", lambda who, stage: draft_access.open_draft(who, stage.draft.pk)),
    "cases.draft_access.open_drafts": ("lin", lambda who, stage: draft_access.open_drafts(who)),
    "cases.draft_access.goes_on_in": (
        "lin",
        lambda who, stage: draft_access.goes_on_in(who, Draft(case_id=stage.going.pk)),
    ),
    "cases.draft_access.own_note": (
        "lin",
        lambda who, stage: draft_access.own_note(who, stage.note.pk, P.SHIFT_HAND_OVER),
    ),
    "cases.draft_access.reveal_draft": ("lin", lambda who, stage: draft_access.reveal_draft(who, stage.draft)),
    "cases.export_access.exports": ("chen", lambda who, stage: export_access.exports(who)),
    "cases.export_access.open_export": (
        "chen",
        lambda who, stage: export_access.open_export(who, stage.export.pk, P.EXPORT_FETCH),
    ),
    "cases.export_access.open_file": ("chen", lambda who, stage: export_access.open_file(stage.small)),
    "cases.glass_access.earlier": ("lin", lambda who, stage: glass_access.earlier(who)),
    "cases.glass_access.openings": ("zhou", lambda who, stage: glass_access.openings(who)),
    "cases.glass_access.open_glass": (
        "zhou",
        lambda who, stage: glass_access.open_glass(who, stage.glass.pk, P.GLASS_REVIEW),
    ),
    "cases.glass_access.open_running": (
        "lin",
        lambda who, stage: glass_access.open_running(who, stage.glass.pk, P.SEALED_ASK),
    ),
    "cases.glass_access.open_sealed_ask": (
        "he",
        lambda who, stage: glass_access.open_sealed_ask(who, stage.sealed.pk, P.SEALED_CONFIRM),
    ),
    "cases.glass_access.confirmed_by_asker": (
        "he",
        lambda who, stage: glass_access.confirmed_by_asker([stage.glass, stage.over_glass]),
    ),
    "cases.glass_access.running": ("lin", lambda who, stage: glass_access.running(who, stage.behind)),
    "cases.glass_access.sealed_asks": ("lin", lambda who, stage: glass_access.sealed_asks([stage.glass])),
    "cases.glass_access.reveal_reasons": ("zhou", lambda who, stage: glass_access.reveal_reasons(who, [stage.glass])),
    "cases.name_access.find_by_cover": (
        "zhou",
        lambda who, stage: name_access.find_by_cover(who, lambda _said: True, 25),
    ),
    "cases.name_access.find_by_identity": (
        "zhou",
        lambda who, stage: name_access.find_by_identity(who, lambda _said: True, 25),
    ),
    "cases.name_access.heard_of": ("zhou", lambda who, stage: name_access.heard_of(who, lambda _said: True)),
    "cases.name_access.shown": ("zhou", lambda who, stage: name_access.shown(who, [stage.case.pk])),
    "cases.paper_access.batches": ("chen", lambda who, stage: paper_access.batches(who)),
    "cases.paper_access.entered": ("chen", lambda who, stage: paper_access.entered(who)),
    "cases.person_file.cases_of": ("zhou", lambda who, stage: person_file.cases_of(who, stage.case)),
    "cases.queues.worklist": ("zhou", lambda who, stage: queues.worklist(who)),
    "cases.queues.held": ("zhou", lambda who, stage: queues.held(who, before=None, limit=25)),
    "cases.queues.board": ("zhou", lambda who, stage: queues.board(who).rows),
    "cases.queues.earlier": ("zhou", lambda who, stage: queues.earlier(who, Case(earlier=stage.case.reference))),
    "cases.queues.stubs": ("lin", lambda who, stage: queues.stubs(who)),
    "cases.records_access.record_requests": ("zhou", lambda who, stage: records_access.record_requests(who)),
    "cases.records_access.open_request": (
        "zhou",
        lambda who, stage: records_access.open_request(who, stage.record.reference),
    ),
    "cases.records_access.answer_of": ("zhou", lambda who, stage: records_access.answer_of(stage.record)),
    "cases.records_access.sent_back": ("zhou", lambda who, stage: records_access.sent_back(stage.refused)),
    "cases.records_access.releasable": (
        "zhou",
        lambda who, stage: records_access.releasable(who, stage.case.reference),
    ),
    "cases.records_access.reveal_request": (
        "zhou",
        lambda who, stage: records_access.reveal_request(who, stage.record),
    ),
    "cases.restriction_access.live": ("su", lambda who, stage: restriction_access.live(stage.at)),
    "cases.restriction_access.restrictions": ("su", lambda who, stage: restriction_access.restrictions(who)),
    "cases.restriction_access.open_restriction": (
        "su",
        lambda who, stage: restriction_access.open_restriction(who, stage.restriction.pk, P.CALLER_RESTRICT),
    ),
    "cases.retention_access.erasures": ("zhou", lambda who, stage: retention_access.erasures(who)),
    "cases.retention_access.open_erasure": (
        "zhou",
        lambda who, stage: retention_access.open_erasure(who, stage.over.reference, P.ERASURE_ASK),
    ),
    "cases.retention_access.confirmed": ("", lambda who, stage: retention_access.confirmed()),
    "cases.retention_access.standing": ("zhou", lambda who, stage: retention_access.standing(stage.at)),
    "cases.retention_access.holds": ("zhou", lambda who, stage: retention_access.holds(who)),
    "cases.retention_access.open_hold": ("zhou", lambda who, stage: retention_access.open_hold(who, stage.hold.pk)),
    "cases.screening_access.batches_of": ("chen", lambda who, stage: screening_access.batches_of(who)),
    "cases.screening_access.open_batch": ("chen", lambda who, stage: screening_access.open_batch(who, stage.batch.pk)),
    "cases.screening_access.reveal_preview": (
        "chen",
        lambda who, stage: screening_access.reveal_preview(who, stage.batch, 25),
    ),
    "cases.search.find": ("zhou", lambda who, stage: search.find(who, stage.case.reference)),
    "cases.shift.open_danger": ("lin", lambda who, stage: shift.open_danger(who)),
    "cases.shift.unsaid": ("gao", lambda who, stage: shift.unsaid(who)),
    "cases.queues.may_reopen": ("lin", lambda who, stage: queues.may_reopen(who, [stage.ended.reference])),
    "cases.shift.last_notes": ("gao", lambda who, stage: shift.last_notes(who)),
    "cases.steps.next_steps": ("chen", lambda who, stage: steps.next_steps(who)),
    "cases.steps.reds": ("", lambda who, stage: steps.reds(who)),
    "cases.steps.due_next": ("zhou", lambda who, stage: steps.due_next(who)),
    "cases.steps.counts": ("chen", lambda who, stage: steps.counts(who)),
    "cases.steps.waiting": ("zhou", lambda who, stage: steps.waiting(who)),
    "cases.sheet_access.sheet_words": ("zhou", lambda who, stage: sheet_access.sheet_words(who, stage.case)),
    "cases.sheet_access.before_ringing": (
        "lin",
        lambda who, stage: (
            sheet_access.before_ringing(who, stage.case).words
        ),  # and of her own rights, whatever is there
    ),
    "cases.waiting_access.bands_at": ("chen", lambda who, stage: waiting_access.bands_at(who)),
    "cases.waiting_access.waiting_page": (
        "chen",
        lambda who, stage: waiting_access.waiting_page(who, lambda _one: True)[0],
    ),
    "cases.waiting_access.waiting_flags": ("chen", lambda who, stage: waiting_access.waiting_flags(who)),
    "cases.waiting_access.waiting_count": ("chen", lambda who, stage: waiting_access.waiting_count(who)),
    "cases.waiting_access.flags_of": ("chen", lambda who, stage: waiting_access.flags_of(who, [stage.screened.pk])),
    "cases.ballot_access.closed_boxes": ("", lambda who, stage: ballot_access.closed_boxes()),
    "cases.ballot_access.open_box": ("", lambda who, stage: ballot_access.open_box(stage.month)),
    "referrals.access.visible_referrals": ("zhou", lambda who, stage: referral_access.visible_referrals(who)),
    "referrals.access.open_referral": (
        "zhou",
        lambda who, stage: referral_access.open_referral(who, stage.referral.reference),
    ),
    "referrals.access.case_seen": ("zhou", lambda who, stage: referral_access.case_seen(who, stage.referral)),
    "referrals.access.readable_packets": (
        "zhou",
        lambda who, stage: referral_access.readable_packets(who, stage.referral),
    ),
    "referrals.access.reveal_packets": ("zhou", lambda who, stage: referral_access.reveal_packets(who, stage.referral)),
    "referrals.access.disclosures": ("zhou", lambda who, stage: referral_access.disclosures(who, stage.referral)),
    "referrals.queues.inbox": ("zhou", lambda who, stage: referral_queues.inbox(who)),
    "referrals.queues.queue": ("fang", lambda who, stage: referral_queues.queue(who)),
    "wellbeing.api.access.tokens_of": ("lin", lambda who, stage: api_access.tokens_of(who)),
    "wellbeing.api.access.open_token": ("lin", lambda who, stage: api_access.open_token(who, str(stage.token.pk))),
    "wellbeing.exchange.access.open_ring": (
        "lin",
        lambda who, stage: exchange_access.open_ring(who, stage.ring.pk, P.RING_SEE),
    ),
    "wellbeing.exchange.access.reveal_number": (
        "lin",
        lambda who, stage: exchange_access.reveal_number(who, stage.ring),
    ),
    "wellbeing.exchange.queues.ended": ("lin", lambda who, stage: exchange_queues.ended(all_of_them=True)),
    "wellbeing.exchange.seats.seats": ("su", lambda who, stage: seats.seats(stage.seat.hotline_id)),
    "wellbeing.exchange.seats.open_seat": ("su", lambda who, stage: seats.open_seat(who, stage.seat.pk)),
    "wellbeing.people.access.open_return": (
        "chen",
        lambda who, stage: people_access.open_return(who, str(stage.filed.pk)).pk == stage.filed.pk,
    ),
    "wellbeing.registers.access.incidents": ("zhou", lambda who, stage: register_access.incidents(who)),
    "wellbeing.registers.access.open_incident": (
        "zhou",
        lambda who, stage: register_access.open_incident(who, stage.incident.reference),
    ),
    "wellbeing.registers.access.reveal": ("zhou", lambda who, stage: register_access.reveal(who, stage.incident)),
    "wellbeing.registers.access.activities": ("he", lambda who, stage: register_access.activities(who)),
    "wellbeing.registers.access.open_activity": (
        "he",
        lambda who, stage: register_access.open_activity(who, stage.activity.pk),
    ),
    "wellbeing.registers.year_access.returns": ("su", lambda who, stage: year_access.returns(who)),
    "wellbeing.registers.year_access.of_year": (
        "su",
        lambda who, stage: year_access.of_year(who, stage.year.year),
    ),
    "wellbeing.registers.year_access.open_year": (
        "su",
        lambda who, stage: year_access.open_year(who, stage.year.pk),
    ),
    "wellbeing.registers.year_access.to_fill": (
        "su",
        lambda who, stage: year_access.to_fill(who, stage.year.year).filled_at,  # none of one that is begun only now
    ),
    "cases.access.reveal_entry": (
        "zhou",
        lambda who, stage: access.reveal_entry(who, stage.case, stage.entry, Purpose.CARE).words,
    ),
    "cases.access.reveal_results": ("chen", lambda who, stage: access.reveal_results(who, stage.screened)),
    "cases.access.who_may_read": ("zhou", lambda who, stage: access.who_may_read(stage.case)),
    "cases.caller_access.open_number": ("lin", lambda who, stage: caller_access.open_number(stage.ask)),
    "cases.caller_access.known_here": (
        "gao",
        lambda who, stage: caller_access.known_here(stage.number, stage.at, 90),
    ),
    "cases.draft_access.reveal_notes": (
        "gao",
        lambda who, stage: draft_access.reveal_notes(who, ShiftNote.objects.all()),
    ),
    "cases.name_access.persons_numbered": ("chen", lambda who, stage: name_access.persons_numbered(stage.marks)),
    "cases.paper_access.batch_of": ("chen", lambda who, stage: paper_access.batch_of(who, stage.sheet.batch)),
    "cases.paper_access.kind_of": ("chen", lambda who, stage: paper_access.kind_of(shown(stage.sheet.pk))),
    "cases.paper_access.waiting_sheet": (
        "chen",
        lambda who, stage: paper_access.waiting_sheet(shown(stage.sheet.pk), PaperKind.CONCERN),
    ),
    "cases.paper_access.cases_of": ("chen", lambda who, stage: paper_access.cases_of([stage.back])),
    "cases.paper_access.case_of": ("chen", lambda who, stage: paper_access.case_of(stage.back)),
    "cases.records_access.reveal_answer": (
        "zhou",
        lambda who, stage: records_access.reveal_answer(who, stage.answer).because,
    ),
    "cases.records_access.reveal_note": ("zhou", lambda who, stage: records_access.reveal_note(stage.noted)),
    "cases.restriction_access.of_marks": (
        "su",
        lambda who, stage: restriction_access.of_marks(stage.of_marks, stage.at),
    ),
    "cases.restriction_access.restricted": (
        "su",
        lambda who, stage: restriction_access.restricted(stage.number, stage.at),
    ),
    "cases.restriction_access.candidates": ("su", lambda who, stage: restriction_access.candidates(who)),
    "cases.restriction_access.silent": ("su", lambda who, stage: restriction_access.silent(who)),
    "cases.restriction_access.harassing_call": (
        "su",
        lambda who, stage: restriction_access.harassing_call(who, stage.harassing.pk, P.CALLER_RESTRICT),
    ),
    "cases.retention_access.case_within_reach": (
        "zhou",
        lambda who, stage: retention_access.case_within_reach(who, stage.case.reference),
    ),
    "cases.screening_access.open_figures": ("chen", lambda who, stage: screening_access.open_figures(stage.batch)),
    "cases.screening_access.reveal_lines": (
        "chen",
        lambda who, stage: screening_access.reveal_lines(who, stage.unmapped, 9),
    ),
    "cases.waiting_access.reveal_waiting": (
        "chen",
        lambda who, stage: [one.bands for one in waiting_access.reveal_waiting(who, stage.flags)],
    ),
    "referrals.access.who_may_read": ("zhou", lambda who, stage: referral_access.who_may_read(stage.referral)),
    "referrals.access.reveal_letter": (
        "fang",
        lambda who, stage: referral_access.reveal_letter(who, stage.referral.reference, "hospital")[1].words,
    ),
    "wellbeing.people.access.open_centre": (
        "zhou",
        lambda who, stage: people_access.open_centre(who, "dinghai-centre").moved_at,
    ),
}

# A machine looks in the asker's stead here, and no wall stands behind: each filter is taken away, but nobody says that she
# sits elsewhere, for where she sits is what these doors go by.
BY_POST = frozenset(
    {
        *("cases.restriction_access.candidates", "cases.restriction_access.silent"),
        *("cases.restriction_access.harassing_call", "cases.retention_access.case_within_reach"),
    }
)

# Where a machine looks in the asker's stead, no wall stands behind the door's own filter. Those with a filter by the
# asker's posts are asked above (BY_POST); these have none that could be forgotten without being another door.
HELD = "a machine answers of the one row whose key its asker holds, whoever she is: its filter is that key"
IN_HAND = "a machine looks for whoever has the number on the line: to tell others, and nothing of it is shown to her"
OPENED = "a machine searches the county of a request that another door has opened, which the action records"
COUNTED = "a machine counts, under one filter: the schools that schools_of gives, which everybody may read of"
KEY_OR_RULE = "asks no row, or of a row that another door has opened"
FOR_A_MACHINE = "for a machine alone, which the wall lets see"
NOT_ASKED: dict[str, tuple[str, ...]] = {
    HELD: (
        *("cases.contact_access.by_its_keys", "cases.contact_access.stop_of"),
        *("cases.contact_access.stopped", "cases.contact_access.check_contact"),
        *("cases.records_access.case_of", "cases.records_access.check_home"),
        "cases.records_access.files_opened",
        *("cases.restriction_access.harassing_since", "cases.restriction_access.call_to_restrict"),
        *("cases.retention_access.held", "cases.retention_access.asked_about", "referrals.access.shut_by_consent"),
        "cases.export_access.open_to",
    ),
    IN_HAND: ("cases.caller_access.known_elsewhere",),
    OPENED: ("cases.records_access.find_case",),
    COUNTED: ("cases.school_access.progress", "cases.school_access.tallies"),
    "shows the one row that its asker names: tests/rules/test_walls.py": (
        *("cases.access.open_closed", "cases.glass_access.behind_glass"),
    ),
    FOR_A_MACHINE: (
        *("cases.campaign_access.student_of", "cases.campaign_access.student_words", "cases.campaign_access.may_try"),
        "cases.campaign_access.just_answered",
        *("cases.draft_access.open_due", "cases.retention_access.due_cases", "cases.screening_access.open_part"),
        *("cases.screening_access.open_lines", "referrals.access.letter_for_link", "referrals.access.open_visit"),
        "referrals.access.waiting_link",
    ),
    KEY_OR_RULE: (
        *("cases.access.cover_place", "cases.access.machine_writer", "cases.access.writer"),
        *("cases.ballot_access.sealed_slip", "cases.campaign_access.collecting"),
        *("cases.campaign_access.batch_key", "cases.contact_access.may_follow", "cases.draft_access.browser_key"),
        *("cases.export_access.above", "cases.export_access.asking_desk", "cases.export_access.receivers"),
        *(
            "cases.export_access.waits_for_second",
            "cases.export_access.counts_for",
            "cases.paper_access.entered_by",
            "cases.paper_access.my_kinds",
            "cases.paper_access.went_to",
            "cases.paper_access.roles_for",
        ),
        *("cases.records_access.decides", "cases.records_access.reveal_extract", "cases.restriction_access.mark_of"),
        *("cases.records_access.names_nobody", "cases.sheet_access.standing"),
        *("cases.screening_access.brings_by", "cases.screening_access.schools_by_name"),
        "cases.screening_access.titles_of",
        *("wellbeing.api.access.oversees", "wellbeing.api.access.posts_for_tokens", "wellbeing.api.access.standing_of"),
        *("wellbeing.people.access.counties_of", "wellbeing.people.access.in_turn", "wellbeing.people.access.is_city"),
        *(
            "wellbeing.people.access.schools_of",
            "wellbeing.registers.access.key_of",
            "wellbeing.registers.access.line",
            "wellbeing.registers.access.writes",
            "wellbeing.registers.year_access.confirmed",
            "wellbeing.registers.year_access.staff_label",
            "wellbeing.people.access.supervised",
            "wellbeing.registers.year_access.years",
        ),
    ),
    "what everybody who is known may see: schools, campaigns, mappings of columns, terms, desks, who is on duty": (
        "cases.records_access.schools_near",
        *("cases.campaign_access.open_campaign", "cases.campaign_access.campaigns_of"),
        *("cases.campaign_access.schools_in", "cases.screening_access.schools_of"),
        *("cases.screening_access.mapping_of", "wellbeing.people.access.open_term", "wellbeing.rota.access.open_desk"),
        *(
            "wellbeing.rota.access.open_shift",
            "wellbeing.rota.access.open_own_shift",
            "wellbeing.rota.access.open_swap",
        ),
        "wellbeing.registers.access.schools_of",
    ),
}


def modules() -> Iterator[ModuleType]:
    """Every access module of the house."""
    root = Path(settings.BASE_DIR)
    for path in sorted([*root.glob("*/*access.py"), *root.glob("wellbeing/*/*access.py")]):
        yield import_module(".".join(path.relative_to(root).with_suffix("").parts))


def functions() -> set[str]:
    """What an access module offers, by its full name; what seals, makes or ends a key reads nothing."""
    return {
        f"{module.__name__}.{name}"
        for module in modules()
        for name, held in vars(module).items()
        if inspect.isfunction(held) and held.__module__ == module.__name__ and not name.startswith(WRITES)
    }
