"""The stage of the matrix, dressed for AZ-4: at every door of doors.py there is something that somebody finds."""

from __future__ import annotations

from types import SimpleNamespace

import psycopg

from cases import actions, records_access, repeats
from cases.drafts import DraftKind
from cases.models import Case, Entry, PaperSheet, Person, ScreeningFlag, SealedAsk
from cases.outlived import find_what_is_due
from cases.paper_number import PaperKind, shown
from cases.tick import import_waiting
from tests.cases.export_stage import exported
from tests.cases.glass_stage import opened
from tests.cases.records_stage import checked, decided, proposed
from tests.rules.test_matrix import set_stage
from tests.stage import GREEN, actor, call, staged
from wellbeing.access.actor import Actor, identity
from wellbeing.people.models import Organisation
from wellbeing.workdays import now

TEST = Actor.machine("test")


def dressed(city: SimpleNamespace) -> SimpleNamespace:
    """The stage of the matrix, with what the doors ask for besides."""
    stage = set_stage()
    stage.at = now()
    stage.small, stage.behind = exported(3), Case(pk=stage.glass.case_id)
    stage.draft = actions.save_draft(
        actor=actor("lin"),
        draft_id=stage.draft.pk,
        kind=DraftKind.CALL,
        words={"narrative": "示例"},
        base=stage.draft.version,
    )
    stage.ask = actions.confirm_caller(actor=actor("su"), ask_id=stage.ask.pk)
    actions.hand_over_shift(actor=actor("lin"), text="夜里有一位来电人可能再打来")
    call()  # of which that note does not tell
    call({"call_kind": "silent"})
    stage.sheet = actions.print_sheets(actor=actor("chen"), kind=PaperKind.CONCERN, count=2)
    stage.of_marks = repeats.marks(stage.number, stage.at, repeats.KEPT.days)
    with identity(actor("zhou")):
        stage.entry = Entry.objects.filter(case=stage.case, section="narrative").latest("at").pk
        stage.answer = records_access.answer_of(stage.record)
    _screened(stage)
    _on_paper(stage)
    _seconded(stage)
    stage.refused = checked()
    proposed(stage.refused, None)
    stage.noted = decided(stage.refused, agree=False, note="请核对监护关系")
    _over(stage, city.superuser_url)
    return stage


def _screened(stage: SimpleNamespace) -> None:
    """A file of Chen's school with a student who must be talked with, a second one that still waits, a third without
    columns, and a student of whom it is recorded that she takes part."""
    batch = staged("S2,333333333").batch
    actions.confirm_screening(actor=actor("chen"), batch_id=batch.pk)
    import_waiting(60)
    given = {
        "lines": [(1, ["学号", "题一"]), (2, ["S3", "0"])],
        "digest": "0" * 64,
        "codes": ["phq9"],
        "day": now().date(),
    }
    stage.unmapped = actions.hold_screening(
        actor=actor("chen"), school=Organisation.objects.get(code="xinghe"), **given
    )
    actions.record_opt_out(actor=actor("chen"), student_id=stage.student.pk, takes_part=True)
    with identity(TEST):
        stage.flags = list(ScreeningFlag.objects.select_related("case").all())
        stage.screened = stage.flags[0].case
        stage.marks = list(Person.objects.exclude(student_index=None).values_list("student_index", flat=True))


def _on_paper(stage: SimpleNamespace) -> None:
    with identity(actor("chen")):
        first, second = PaperSheet.objects.filter(batch=stage.sheet.batch).order_by("pk")
    given = {"name": "小岚", "seen": "不说话", "paper": shown(first.pk), "occurred_at": now()}
    actions.report_concern(actor=actor("ding"), **given)
    with identity(actor("chen")):
        stage.back, stage.sheet = PaperSheet.objects.get(pk=first.pk), second


def _seconded(stage: SimpleNamespace) -> None:
    """An opening whose sealed section He has confirmed."""
    stage.over_glass = opened()
    ask: SealedAsk = actions.ask_sealed(actor=actor("lin"), glass_id=stage.over_glass.pk, why="danger")
    actions.confirm_sealed(actor=actor("he"), ask_id=ask.pk)


def _over(stage: SimpleNamespace, superuser: str) -> None:
    """A case that has closed, one whose years are over, confirmed by two; a ballot box whose month is over; a clock that
    has run out, at whatever hour of the day this is asked."""
    stage.ended, stage.over, gone = call(GREEN), call(GREEN), call(GREEN)
    for case in (stage.ended, stage.over, gone):
        actions.close_case(actor=actor("lin"), case=case, reason="no_concern")
    with psycopg.connect(superuser, autocommit=True) as admin:
        admin.execute(
            "UPDATE cases_case SET opened_at = opened_at - interval '4000 days', closed_at = closed_at - interval '4000 days'"
            " WHERE id = ANY (%s)",
            [[stage.over.pk, gone.pk]],
        )
        admin.execute("UPDATE cases_ballot SET month = month - interval '3 months'")
        stage.month = admin.execute("SELECT min(month) FROM cases_ballot").fetchone()[0]  # type: ignore[index]
    find_what_is_due()
    actions.ask_erasure(actor=actor("zhou"), reference=gone.reference, typed=gone.reference)
    actions.confirm_erasure(actor=actor("he"), reference=gone.reference, typed=gone.reference)
    with psycopg.connect(superuser, autocommit=True) as admin:
        late = "UPDATE cases_deadline SET due_at = public.app_now() WHERE state = 'running' AND case_id = %s"
        admin.execute(late, [stage.case.pk])
