"""The director's page does not grow with the city's history, and an export does not grow in memory."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta

from django.template.loader import render_to_string
from django.utils.translation import override

from tests.bench import crowd
from tests.bench.figure import Figure, quickest
from tests.bench.replay import superuser
from tests.bench.worklists import SIZES
from wellbeing.access.actor import Actor, identity
from wellbeing.people.models import Desk, Role, User
from wellbeing.reports import measures as m
from wellbeing.reports import oversight
from wellbeing.reports.counting import count_day
from wellbeing.reports.months import back, month_of
from wellbeing.workdays import now

OPEN = 200  # red and orange cases, in the small city and in the large one
TODAY = 60  # calls of today, in both
ROWS = 100_000
MACHINE = Actor.machine("ticker")
OURS = "SELECT id FROM cases_case WHERE reference LIKE 'ZS-0%'"


def figures(scale: str) -> Iterator[Figure]:
    """Three figures: the page and the counting of a day by size, and the memory of an export."""
    size = SIZES[scale]
    (page, day), (large_page, large_day) = _seconds(10_000, 1), _seconds(size, 5)
    yield Figure(f"oversight page: {size:,} cases, 5 years ÷ 10,000, 1 year", large_page / page, "times", 1.5)
    yield Figure(f"counting today: {size:,} cases ÷ 10,000", large_day / day, "times", 1.5)
    name = crowd.database(10_000)
    _history(630)
    for form in ("csv", "xlsx"):
        yield Figure(f"export of {ROWS:,} rows, {form}: memory of the process", _megabytes(name, form), "MB", 200)


def _seconds(size: int, years: int) -> tuple[float, float]:
    crowd.database(size)
    _events(size, years)
    _history(12 * years)
    shen, today = Actor.of(User.objects.get(username="shen")), now().date()

    def page() -> None:
        with identity(shen), override("zh-hans"):
            assert "≈" in render_to_string("reports/oversight.html", oversight.page(shen))

    def count() -> None:
        with identity(MACHINE):
            found = count_day(today)
            assert sum(n for (_d, measure), n in found.items() if measure.startswith("calls.")) >= TODAY - 1

    try:
        return quickest(page, times=61), quickest(count, times=61)
    finally:
        superuser(f"DELETE FROM cases_warning WHERE id IN ({OURS})", f"DELETE FROM cases_call WHERE id IN ({OURS})")
        superuser("UPDATE cases_case SET tier = 'yellow' WHERE tier IN ('red', 'orange') AND reference LIKE 'ZS-0%'")


def _events(size: int, years: int) -> None:
    """A call and a warning of every case over the years, some of them today; some cases open and in danger."""
    hotline = Desk.objects.get(organisation__code="hotline", role=Role.HOTLINE_COUNSELLOR)
    lin, number = User.objects.get(username="lin").pk, "('x' || right(c.id::text, 12))::bit(48)::bigint"
    at = (
        f"CASE WHEN {number} % {size // TODAY} = 0 THEN now() - interval '1 second' ELSE"
        f" now() - interval '1 day' - interval '{365 * years} days' * ({number} % 9973) / 9973 END"
    )
    superuser(
        f"DELETE FROM cases_warning WHERE id IN ({OURS})",
        f"DELETE FROM cases_call WHERE id IN ({OURS})",
        "INSERT INTO cases_call (id, case_id, desk_id, counsellor_id, line, kind, started_at, answered_after_s,"
        f" length_min) SELECT c.id, c.id, {hotline.pk}, {lin}, '2912345', '', {at}, 12, 18 FROM cases_case c WHERE reference LIKE 'ZS-0%'",
        "INSERT INTO cases_warning (id, case_id, tier, desk_id, raised_at, ended_at, rings)"
        f" SELECT c.id, c.id, 'yellow', owner_desk_id, {at}, now(), 0 FROM cases_case c WHERE reference LIKE 'ZS-0%'",
        f"UPDATE cases_case c SET tier = 'red' WHERE reference LIKE 'ZS-0%' AND {number} % {size // OPEN} = 0",
        "VACUUM ANALYZE cases_call",
        "VACUUM ANALYZE cases_warning",
        "VACUUM ANALYZE cases_case",
    )


def _history(months: int) -> None:
    """So many months of prepared days and of published figures up to the last one."""
    end = month_of(now().date())
    begin = back(end, months)
    measures = [measure for table in m.TABLES for measure in table.measures]
    again = [measure for table in m.AGAIN for measure in table.measures]
    classes = [m.ASA, m.YEARS_ASA, m.HOURS, *m.CLASSES, *again]
    superuser(
        "DELETE FROM reports_monthfigure",
        "DELETE FROM reports_dayfigure",
        "DELETE FROM reports_figureday",
        "INSERT INTO reports_monthfigure (month, division_id, measure, value)"
        f" SELECT d::date, code, measure, 15 FROM generate_series(date '{begin}', date '{_eve(end)}', '1 month') d,"
        f" people_division, unnest(ARRAY{measures}) measure",
        "INSERT INTO reports_monthfigure (month, division_id, measure, value)"
        f" SELECT d::date, '{m.CITY}', measure, 20 FROM generate_series(date '{begin}', date '{_eve(end)}', '1 month') d,"
        f" unnest(ARRAY{classes}) measure",
        "INSERT INTO reports_figureday (day, counted_at)"
        f" SELECT d::date, now() FROM generate_series(date '{begin}', current_date, '1 day') d",
        "INSERT INTO reports_dayfigure (day, division_id, measure, counted, waiting)"
        f" SELECT d::date, code, measure, 2, CASE WHEN d >= date '{end}' THEN 2 ELSE 0 END"
        f" FROM generate_series(greatest(date '{begin}', date '{end}' - 1830), current_date, '1 day') d,"
        f" people_division, unnest(ARRAY{measures}) measure",
        "VACUUM ANALYZE reports_dayfigure",
        "VACUUM ANALYZE reports_monthfigure",
    )


def _eve(month: date) -> date:
    return month - timedelta(days=1)


def _megabytes(name: str, form: str) -> float:
    """The most that a process of its own held while it sent the export."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.bench.exported", name, form, str(ROWS)],
        env=os.environ,
        capture_output=True,
        text=True,
        check=True,
    )
    return int(ran.stdout.split()[-1]) / 1024
