"""Opening a file and recording a call, against the same rows in clear."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import models

from cases import actions
from cases.access import Purpose, reveal, writer
from cases.models import Case, Entry, EntryKind, Section
from tests.bench import crowd
from tests.bench.figure import Figure, ratio
from tests.bench.replay import insert_bare, inserts_of, superuser
from wellbeing.access.actor import Actor, identity
from wellbeing.demo.red_case import WORDS
from wellbeing.people.models import User
from wellbeing.vault.models import DivisionKey
from wellbeing.workdays import now

ENTRIES, SIZE = 20, 2000


def figures(scale: str) -> Iterator[Figure]:
    """Two figures: opening, recording."""
    crowd.database(10_000)
    lin, zhou = (Actor.of(User.objects.get(username=name)) for name in ("lin", "zhou"))
    case = long_file(lin)
    yield Figure(
        "opening a file of 20 entries of 2 KB ÷ the same door on clear rows",
        ratio(lambda: _open(zhou, case), lambda: _open_clear(zhou, case), times=61), "times", 1.5,
    )  # fmt: skip
    call = actions.CallSheet(words=WORDS, division="330902")
    rows = inserts_of(lambda: actions.take_call(actor=lin, call=call))
    kept = {pk: pk for pk in division_keys(lin)}
    yield Figure(
        "recording one sealed red call ÷ the same rows inserted bare",
        ratio(lambda: actions.take_call(actor=lin, call=call), lambda: insert_bare(lin, rows, kept), times=61), "times", 3,
    )  # fmt: skip


def long_file(lin: Actor) -> Case:
    """A case with 20 entries of 2 KB, and a table beside it with the same words in clear."""
    case: Case = actions.take_call(actor=lin, call=actions.CallSheet(words=WORDS, division="330902"))
    text = "灯" * (SIZE // 3)
    with identity(lin):
        Entry.objects.bulk_create(
            writer(case).entry(Section.NARRATIVE, EntryKind.CALL, {"narrative": text}, actor=lin, at=now())
            for _ in range(ENTRIES)
        )
    superuser(
        "DROP TABLE IF EXISTS bench_clear",
        "CREATE TABLE bench_clear AS SELECT id, case_id, section, kind, author_id, desk_id, at, NULL::text AS words FROM cases_entry",
        f"UPDATE bench_clear SET words = repeat('灯', {SIZE // 3})",
        "CREATE INDEX ON bench_clear (case_id)",
        "ALTER TABLE bench_clear ADD PRIMARY KEY (id)",
        "ALTER TABLE bench_clear ENABLE ROW LEVEL SECURITY",
        "CREATE POLICY app_select ON bench_clear FOR SELECT TO wellbeing_app"
        " USING (app_sees_case(case_id, (SELECT app_desks())::integer[]))",
        "GRANT SELECT ON bench_clear TO wellbeing_app",
    )
    return case


def _open(zhou: Actor, case: Case) -> Any:
    with identity(zhou):
        opened = reveal(zhou, case, {Section.NARRATIVE}, Purpose.CARE)
        assert len(opened.entries) >= ENTRIES
    return opened


def _open_clear(zhou: Actor, case: Case) -> Any:
    """The same door without sealing: the same checks, the same rows with their words in clear, the same record."""
    from cases.sections import readable_sections
    from wellbeing.access.permissions import P
    from wellbeing.access.policy import may
    from wellbeing.audit.record import record
    from wellbeing.audit.tags import Tag

    with identity(zhou):
        assert may(zhou, P.FILE_READ, case) and readable_sections(zhou, case)
        rows = list(
            ClearEntry.objects.filter(case_id=case.pk, section="narrative")
            .select_related("author")
            .order_by("at", "id")
        )
        words = [(row.pk, row.section, row.kind, str(row.author or ""), row.at, row.words) for row in rows]
        record(
            stream=case.pk,
            act=Tag.READ_FILE,
            actor=zhou,
            facts={"sections": (Section.NARRATIVE,), "entries": len(rows)},
        )
    assert len(words) >= ENTRIES
    return words


class ClearEntry(models.Model):
    """The twin table: the same rows with their words in clear."""

    id = models.UUIDField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.DO_NOTHING)
    section = models.CharField(max_length=12)
    kind = models.CharField(max_length=12)
    author = models.ForeignKey(User, on_delete=models.DO_NOTHING)
    at = models.DateTimeField()
    words = models.TextField()

    class Meta:
        app_label = "cases"
        managed = False
        db_table = "bench_clear"


def division_keys(actor: Actor) -> list[int]:
    """The keys that every sealed row of the city hangs on."""
    with identity(actor):
        return list(DivisionKey.objects.values_list("pk", flat=True))
