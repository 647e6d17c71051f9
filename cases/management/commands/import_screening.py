"""`manage.py import_screening FILE --instruments phq9=q1-q9 --school CODE`: import a screening, all or nothing."""

from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.crypto import salted_hmac
from tqdm import tqdm

from cases.actions import import_screening
from cases.instruments import INSTRUMENTS
from cases.models import ScreeningBatch
from cases.screening_file import BadFile, Row, read
from wellbeing.access.actor import Actor
from wellbeing.people.desks import desk_at
from wellbeing.people.models import Organisation, Role

SHOWN = 20


class Command(BaseCommand):
    help = "Import a screening from a CSV file. Either the whole file is imported or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--instruments", required=True, metavar="phq9=q1-q9", help="columns of each instrument")
        parser.add_argument("--school", required=True, metavar="CODE")
        parser.add_argument("--limit", type=int, metavar="N", help="only the first N rows")

    def handle(self, *args: Any, **options: Any) -> None:
        school = Organisation.objects.filter(code=options["school"]).first()
        desk = desk_at(school.pk, Role.SCHOOL_COUNSELLOR) if school else None
        if school is None or desk is None:
            raise CommandError(f"No school with the code {options['school']!r} and a counsellor's desk.")
        try:
            data = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"The file cannot be read: {error.strerror}.") from None
        try:
            rows = read(data, options["instruments"], options["limit"])
        except BadFile as bad:
            for fault in bad.faults[:SHOWN]:
                self.stderr.write(fault)
            more = f" (the first {SHOWN} shown)" if len(bad.faults) > SHOWN else ""
            raise CommandError(f"Nothing was imported: {len(bad.faults)} faults{more}.") from None
        limit = options["limit"] or 0
        digest = salted_hmac("screening file", data + limit.to_bytes(4, "big"), algorithm="sha256").hexdigest()
        done = import_screening(
            actor=Actor.machine("import"),
            school=school,
            desk=desk,
            rows=tqdm(rows, unit="row", disable=None),
            digest=digest,
            instruments=options["instruments"],
        )
        if done.again:
            self.stdout.write("This file was imported before; nothing changed.")
        self._report(done.batch, rows)

    def _report(self, batch: ScreeningBatch, rows: list[Row]) -> None:
        """Counts only: bands, critical items, incomplete forms, warnings."""
        self.stdout.write(f"{batch.rows} students, {batch.incomplete} incomplete, {batch.warnings} warnings")
        for code in rows[0].answers if rows else ():
            results = [INSTRUMENTS[code].score(row.answers[code]) for row in rows]
            bands = Counter(result.band for result in results)
            names = [name for _least, name in INSTRUMENTS[code].bands] + ["incomplete"]
            self.stdout.write(f"{code}: " + ", ".join(f"{name} {bands[name]}" for name in names))
            if INSTRUMENTS[code].critical:
                answered = Counter(next(iter(r.critical.values()), 0) for r in results)
                positive = ", ".join(f"{value}: {answered[value]}" for value in (1, 2, 3))
                self.stdout.write(f"{code} critical item positive: {sum(answered[v] for v in (1, 2, 3))} ({positive})")
