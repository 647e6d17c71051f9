"""The staffing page over a city of 3,000 schools against one of 100: the whole page, over HTTP, with the walls on."""

from __future__ import annotations

from collections.abc import Iterator

from django.test import Client
from django.urls import reverse

from tests.bench import crowd
from tests.bench.figure import Figure, quickest
from tests.bench.replay import superuser
from wellbeing.people.models import User
from wellbeing.reports import staffing_board
from wellbeing.reports.staffing_board import PAGE

SMALL, LARGE = 100, 3_000
TERM = "00000000-0000-7000-8000-00000000be9c"
# Of ten schools one did not report, three lack a full-time teacher, one has her on leave, one shares her; most are met.
STAGES = "ARRAY['primary','junior','senior','nine_year','junior','complete_secondary','vocational','special','junior','primary']"
COUNTIES = "ARRAY['330902','330903','330921','330922']"


def figures(scale: str) -> Iterator[Figure]:
    """Two figures: the page that a director opens, by the size of the city, and the same after every change (our own
    bar: then the rule is held against every school again)."""
    crowd.database(10_000)
    (small, small_changed), (large, large_changed) = (_page_seconds(schools) for schools in (SMALL, LARGE))
    yield Figure(f"staffing page: {LARGE:,} schools ÷ {SMALL}", large / small, "times", 3)
    yield Figure(
        f"staffing page after a change: {LARGE:,} schools ÷ {SMALL}", large_changed / small_changed, "times", 5
    )


def _page_seconds(schools: int) -> tuple[float, float]:
    _load(schools)
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(username="shen"))

    def page() -> None:
        answer = client.get(reverse("staffing"))
        assert answer.status_code == 200 and answer.content.count(b"/staffing/returns/") == PAGE + 1

    def changed() -> None:
        staffing_board._KEPT.clear()
        page()

    return quickest(page, times=31), quickest(changed, times=31)


def _load(schools: int) -> None:
    """One term, and this many schools with their returns and teachers; what an earlier run left is taken away."""
    old = "SELECT id FROM people_organisation WHERE code LIKE 'bz-%'"
    superuser(
        "DELETE FROM people_returnedteacher",
        "DELETE FROM people_staffingreturn",
        "DELETE FROM people_term",
        f"DELETE FROM people_school WHERE organisation_id IN ({old})",
        "DELETE FROM people_organisation WHERE code LIKE 'bz-%'",
        "INSERT INTO people_organisation (id, code, kind, division_id, name, name_en)"
        f" SELECT gen_random_uuid(), 'bz-' || n, 'school', ({COUNTIES})[1 + n % 4], '学校' || n, 'School ' || n"
        f" FROM generate_series(1, {schools}) n",
        "INSERT INTO people_school (organisation_id, stage, enrolment, boarding)"
        f" SELECT id, ({STAGES})[1 + substr(code, 4)::int % 10], 200 + substr(code, 4)::int % 1800, false"
        " FROM people_organisation WHERE code LIKE 'bz-%'",
        "INSERT INTO people_term (id, name, first_day, last_day, opened_at)"
        f" VALUES ('{TERM}', 'bench', CURRENT_DATE - 60, CURRENT_DATE + 60, now())",
        "INSERT INTO people_staffingreturn (id, term_id, school_id, division_id, stage, enrolment, boarding, state,"
        f" because, moved_at) SELECT gen_random_uuid(), '{TERM}', o.id, o.division_id, s.stage, s.enrolment, false,"
        " CASE substr(o.code, 4)::int % 10 WHEN 9 THEN 'draft' ELSE 'confirmed' END, '', now()"
        " FROM people_school s JOIN people_organisation o ON o.id = s.organisation_id WHERE o.code LIKE 'bz-%'",
        "INSERT INTO people_returnedteacher (staffing_return_id, number, full_time, qualification, weekly_hours, fte,"
        " leave_from, supervision_hours, training_hours)"
        " SELECT r.id, CASE WHEN n % 10 = 5 THEN 'S' || n / 20 ELSE 'T' || n || '-' || k END, n % 10 NOT IN (1, 2, 3) AND k = 1,"
        " 'degree', 8, 0.5, CASE WHEN n % 10 = 4 THEN CURRENT_DATE - 9 END, 0, 0 FROM people_staffingreturn r"
        " JOIN people_organisation o ON o.id = r.school_id CROSS JOIN LATERAL (SELECT substr(o.code, 4)::int AS n) x"
        " CROSS JOIN generate_series(1, 2) k WHERE k = 1 OR n % 2 = 0",
        "ANALYZE people_organisation",
        "ANALYZE people_school",
        "ANALYZE people_staffingreturn",
        "ANALYZE people_returnedteacher",
    )
