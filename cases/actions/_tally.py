"""Count what an import brings, by school, term, grade, instrument and band: the only moment at which somebody has the
answers of all open. Used by cases/actions/_screening.py only."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from django.db import connection

from cases.models import ScreeningBatch
from cases.screening_grade import Grade
from cases.students import Student
from cases.terms import grade_of, term_of
from wellbeing.ids import uuid7
from wellbeing.people.terms import calendar

WRITE = """
INSERT INTO cases_screeningtally AS t (id, desk_id, term, grade, instrument, band, students, points)
SELECT * FROM unnest(%s::uuid[], %s::int[], %s::text[], %s::int[], %s::text[], %s::text[], %s::int[], %s::int[])
ON CONFLICT (desk_id, term, grade, instrument, band) DO UPDATE
SET students = t.students + excluded.students, points = t.points + excluded.points
"""
Cell = tuple[int, str, int, str, str]  # desk, term, grade, instrument, band


class Tally:
    """Counts students one by one, and adds them to the rows."""

    def __init__(self) -> None:
        self.students: Counter[Cell] = Counter()
        self.points: Counter[Cell] = Counter()
        self.grades: dict[str, int] = {}
        self.terms: dict[str, str] = {}
        self.calendar = calendar()

    def add(self, one: Student, graded: Grade, new: Iterable[str], batch: ScreeningBatch) -> None:
        """One student: her tier, and the band of each instrument that is new."""
        row = one.row
        day = row.day or batch.day.isoformat()
        if day not in self.terms:
            self.terms[day] = term_of(date.fromisoformat(day), self.calendar)
        if row.grade not in self.grades:
            self.grades[row.grade] = grade_of(row.grade)
        where = (one.desk.pk, self.terms[day], self.grades[row.grade])
        self.students[*where, "", graded.proposal.tier.value] += 1
        for code in new:
            cell = (*where, code, graded.results[code].band)
            self.students[cell] += 1
            self.points[cell] += graded.results[code].whole or 0

    def write(self) -> None:
        """Add them up, in one order: two imports at once never wait in a circle."""
        if not self.students:
            return
        cells = sorted(self.students)
        columns = [list(column) for column in zip(*cells, strict=True)]
        numbers = [[counted[cell] for cell in cells] for counted in (self.students, self.points)]
        with connection.cursor() as cursor:
            cursor.execute(WRITE, [[uuid7() for _cell in cells], *columns, *numbers])
