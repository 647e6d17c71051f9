"""Bring a screening file (普测): read it to its end, and let its rows wait, sealed, until somebody confirms them.

All or nothing: one bad row refuses the whole file before anything is written. A file that is confirmed is imported in
parts, each in its own transaction (cases/actions/import_screening.py); a crash between two of them leaves a batch that
says how far it is, and that the ticker or the command finishes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import count, islice
from typing import Any

from cases.actions._file import brought, desks_of, new_batch
from cases.instruments import INSTRUMENTS
from cases.models import Campaign, PolicyVersion, ScreeningBatch
from cases.screening_access import new_batch_key, seal_figures, seal_part
from cases.screening_columns import NO_ROWS, BadFile, Columns, Fault, Line, codes_of, find_columns
from cases.screening_file import OUT_OF_RANGE, Row, read_rows
from cases.screening_from_one import Watch, counted
from cases.screening_grade import Grade, grader
from cases.screening_titles import titles_of
from cases.students import identify, known
from cases.tiers import Tier
from wellbeing.access.actor import Actor, identity
from wellbeing.access.machines import IMPORT
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.people.models import Desk, Organisation
from wellbeing.translatable import _
from wellbeing.workdays import now

PART = 1000  # rows of one part: a transaction of some 0.2 s
FAULTS = 5000  # nobody repairs more at once
SOME = 20  # answers without a 0 from which on a choice too high is taken for a sign


FROM_ONE = _("the answers look as if they count from 1: tick “The answers count from 1” and bring the file again")


@dataclass(frozen=True, slots=True)
class Staged:
    """The batch of a file, whether the file had been brought before, and what it would do (empty when it had)."""

    batch: ScreeningBatch
    again: bool
    figures: dict[str, Any] = field(default_factory=dict)


@action(P.SCREENING_UPLOAD)
def stage_screening(
    *,
    actor: Actor,
    lines: Iterable[Line],
    digest: str,
    instruments: str,
    day: date,
    school: Organisation | None = None,
    campaign: Campaign | None = None,
    size: int = PART,
) -> Outcome[Staged]:
    """Read the lines of one file by a mapping such as `phq9=q1-q9`; the same file again gives its first batch back.

    Without a `school` each row names its own, by code or name. `day` is when a row was answered that does not say so,
    `size` how many rows one transaction takes later. In a `campaign` whoever opted out is left out.
    Raises BadFile with every bad row, Forbidden for a school that is not the actor's, Invalid for a day to come.
    """
    desks = desks_of(actor, school)
    if batch := brought(school, digest, instruments):
        return Outcome(Staged(batch, again=True), stream=batch.pk, facts={"again": True}, desk=batch.desk_id)
    batch = new_batch(actor, school, campaign, digest=digest, instruments=instruments, day=day, at=now(), desks=desks)
    rest = iter(lines)
    figures = keep(Tally(actor, batch, desks), rest, find_columns(rest, instruments), size)
    return Outcome(
        Staged(batch, again=False, figures=figures), stream=batch.pk, facts={"rows": batch.rows}, desk=batch.desk_id
    )


def keep(tally: Tally, lines: Iterator[Line], columns: Columns, size: int) -> dict[str, Any]:
    """Seal the rows part by part as they are read, and say what they would do. Raises BadFile."""
    schools = None if "" in tally.desks else tally.desks
    read = read_rows(lines, columns, schools=schools, today=tally.batch.staged_at.date())
    return seal_rows(tally, _whole(read, tally.watch), size, titles_of(columns.header, tally.batch.instruments))


def seal_rows(tally: Tally, rows: Iterable[Row], size: int, titles: dict[str, list[str]]) -> dict[str, Any]:
    """Seal rows in parts of so many, with the figures of what they would do. Raises BadFile of none."""
    batch, rest = tally.batch, iter(rows)
    key = new_batch_key(batch)
    for number in count():
        part = list(islice(rest, size))
        if not part:
            break
        seal_part(batch, number, part, key).save(force_insert=True)
        tally.count(part)
    if not tally.rows:
        raise BadFile.because(NO_ROWS)
    batch.rows, figures = tally.rows, tally.figures() | {"titles": titles}
    seal_figures(batch, figures, key)
    batch.save(update_fields=["rows", "sealed"])
    return figures


def _whole(read: Iterable[Row | Fault], watch: Watch) -> Iterator[Row]:
    """The rows up to the first fault; at the end of the file all its faults as BadFile."""
    faults: list[Fault] = []
    for row in read:
        if isinstance(row, Fault):
            faults.append(row)
            if len(faults) == FAULTS:
                break
        else:
            watch.see(row.answers)
            if not faults:
                yield row
    if faults:
        beyond = sum(fault.what == OUT_OF_RANGE for fault in faults)
        looks = beyond and any(beyond + seen >= SOME for seen in watch.answers.values())
        raise BadFile([*[Fault(0, "", FROM_ONE)] * bool(looks), *faults])


class Tally:
    """What a file would do: tiers, bands, critical items, and how many students are known already."""

    def __init__(self, actor: Actor, batch: ScreeningBatch, desks: dict[str, Desk]) -> None:
        self.actor, self.batch, self.desks = actor, batch, desks
        self.grade = grader(PolicyVersion.current().policy())
        self.rows = self.incomplete = self.matched = 0
        self.tiers: Counter[str] = Counter()
        self.bands: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.critical: defaultdict[str, Counter[int]] = defaultdict(Counter)
        self.watch = Watch(codes_of(batch.instruments), counted(batch.instruments))

    def count(self, rows: list[Row]) -> None:
        """Count some rows. Only a person is told how many students are known."""
        for row in rows:
            self._one(self.grade(row.answers))
        self.rows += len(rows)
        if not self.actor.system:
            with identity(IMPORT):  # an uploader does not see every person of her schools
                self.matched += sum(hers.person is not None for hers in known(identify(rows, self.desks)))

    def _one(self, grade: Grade) -> None:
        self.tiers[grade.proposal.tier] += 1
        self.incomplete += not grade.complete
        for code, result in grade.results.items():
            self.bands[code][result.band] += 1
            for item in INSTRUMENTS[code].critical:
                self.critical[code][result.critical.get(item, 0)] += 1

    def figures(self) -> dict[str, Any]:
        """Plain values, for the preview and the command."""
        return {
            "rows": self.rows,
            "incomplete": self.incomplete,
            "matched": self.matched,
            "from_one": self.watch.suspects(),
            "tiers": {tier.value: self.tiers[tier] for tier in Tier},
            "bands": {code: dict(bands) for code, bands in self.bands.items()},
            "critical": {code: {str(v): n for v, n in found.items()} for code, found in self.critical.items()},
        }
