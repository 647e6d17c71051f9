"""A screening of a whole city, against `bulk_create` of the same rows bare: time, memory, and time per row by size.

The answers are those of the sample in wellbeing/demo/data, drawn so that 23 of 100 students are flagged (PRACTICE.md
0, no. 8); GAD-7 takes the first seven answers of another row. The import runs in a process of its own, which says its
highest memory; the base then writes every row of it again, ready made, into an empty city.
"""

from __future__ import annotations

import csv
import os
import random
import re
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wellbeing.settings")
    os.environ.setdefault("CELERY_QUEUE", "bench")
    django.setup()

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql

from cases.models import (
    Case,
    CaseGroupObjectPermission,
    Deadline,
    Entry,
    Person,
    ScreeningBatch,
    ScreeningResult,
    Warning,
)
from tests.bench import crowd
from tests.bench.figure import Figure
from wellbeing.access.actor import Actor, identity
from wellbeing.outbox.models import Notice
from wellbeing.vault.models import DataKeyRow, DivisionKey

SAMPLE = Path(__file__).resolve().parents[2] / "wellbeing" / "demo" / "data" / "phq9-nhanes-2017-2018.csv"
MAPPING = "phq9=q1-q9,gad7=a1-a7"
SCHOOLS = ("xinghe", "wangchao")
FLAGGED = 0.23
# In an order in which every row finds what it points to.
TABLES = (
    *(DivisionKey, ScreeningBatch, DataKeyRow, Person, ScreeningResult),
    *(Case, CaseGroupObjectPermission, Entry, Warning, Deadline, Notice),
)
ROWS = 5000  # of one transaction
SIZE = 1000  # of one statement: more would pass the 65,535 parameters that the protocol allows
MACHINE = Actor.machine("import")


def figures(scale: str) -> Iterator[Figure]:
    """Three figures in one run."""
    many, few = (100_000, 10_000) if scale == "full" else (10_000, 1_000)
    # On both sides of what they are held against, so that the load of the machine falls on both.
    before, _memory = _import(few, "bench_screening_small")
    first, memory = _import(many, "bench_screening")
    bare = _bare("bench_screening", "bench_screening_bare")
    second, _memory = _import(many, "bench_screening")
    after, _memory = _import(few, "bench_screening_small")
    seconds, small = (first + second) / 2, (before + after) / 2
    print(f"{seconds:.1f} s, and {bare:.1f} s bare", file=sys.stderr)
    yield Figure(f"{many:,} students × 2 imported ÷ bulk_create of their rows", seconds / bare, "times", 1)
    yield Figure(f"memory of importing {many:,} students", memory, "MB", 400)
    yield Figure(f"time per student at {many:,} ÷ at {few:,}", seconds / many / (small / few), "times", 1.2)


def write_file(path: Path, students: int, seed: int = 5) -> None:
    """A file of so many students over the schools of the city."""
    draw = random.Random(seed)
    with SAMPLE.open() as sample:
        rows = [line[3:12] for line in csv.reader(sample)][1:]
    rows = [[answer if answer in ("0", "1", "2", "3") else "" for answer in row] for row in rows]
    flagged = [row for row in rows if sum(int(a or 0) for a in row) >= 10 or row[8] in ("1", "2", "3")]
    calm = [row for row in rows if row not in flagged]
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        header = [
            "student_no",
            "姓名",
            "学校",
            "年级",
            *(f"q{n}" for n in range(1, 10)),
            *(f"a{n}" for n in range(1, 8)),
        ]
        writer.writerow(header)
        for number in range(students):
            school = SCHOOLS[number % len(SCHOOLS)]
            one = draw.choice(flagged if draw.random() < FLAGGED else calm)
            writer.writerow([f"2026{number:06d}", f"示例{number}", school, "八年级", *one, *draw.choice(rows)[:7]])


def _import(students: int, name: str) -> tuple[float, float]:
    """Import so many students into a new city: seconds, and MB at most."""
    _city(name)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "city.csv"
        write_file(path, students)
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.screening", name, str(path)],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    print(done.stdout, end="", file=sys.stderr)
    seconds, memory = re.findall(r"([\d.]+) (?:s|MB)\b", done.stdout)[-2:]
    return float(seconds), float(memory)


def _city(name: str) -> None:
    """A new, empty city."""
    crowd.use("postgres")
    with psycopg.connect(settings.SUPERUSER_DATABASE_URL, autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        admin.execute(sql.SQL("CREATE DATABASE {} OWNER wellbeing_owner").format(sql.Identifier(name)))
    crowd._migrate(name)


def _bare(source: str, target: str) -> float:
    """Seconds that bulk_create takes for the rows of one city in another; making the objects is not counted."""
    _city(target)
    seconds = 0.0
    url = settings.SUPERUSER_DATABASE_URL.rsplit("/", 1)[0] + f"/{source}"
    with psycopg.connect(url, options="-c search_path=public,vault") as admin:
        for model in TABLES:
            for rows in _rows(admin, model):
                started = time.perf_counter()
                with identity(MACHINE):
                    model._base_manager.bulk_create(rows, batch_size=SIZE)
                seconds += time.perf_counter() - started
    return seconds


def _rows(admin: psycopg.Connection[Any], model: Any) -> Iterator[list[Any]]:
    fields = [field for field in model._meta.concrete_fields if field.get_internal_type() != "BigAutoField"]
    columns = ", ".join(field.column for field in fields)
    with admin.cursor(name="rows") as cursor:
        cursor.itersize = ROWS
        cursor.execute(f"SELECT {columns} FROM {model._meta.db_table}")
        while found := cursor.fetchmany(ROWS):
            names = [field.attname for field in fields]
            yield [model(**dict(zip(names, values, strict=True))) for values in found]


def main(name: str, path: str) -> None:
    """Import one file, and say how long it took and how much memory it needed at most."""
    from io import StringIO

    from django.core.management import call_command

    crowd.use(name)
    with connection.cursor():
        pass
    started = time.perf_counter()
    out = StringIO()
    call_command("import_screening", path, instruments=MAPPING, stdout=out)
    seconds = time.perf_counter() - started
    print(out.getvalue().splitlines()[0])
    print(f"{seconds:.3f} s, {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.1f} MB")


if __name__ == "__main__":
    main(*sys.argv[1:])
