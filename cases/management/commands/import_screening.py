"""`manage.py import_screening FILE --instruments phq9=q1-q9 --school CODE`: import a screening, all or nothing."""

from argparse import ArgumentParser
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.crypto import salted_hmac
from tqdm import tqdm

from cases import actions
from cases.instruments import INSTRUMENTS
from cases.models import ScreeningBatch
from cases.screening_columns import BadFile, table_lines
from wellbeing.access.actor import identity
from wellbeing.access.machines import IMPORT
from wellbeing.errors import Forbidden, Invalid
from wellbeing.people.models import Organisation
from wellbeing.workdays import now

SHOWN = 20


class Command(BaseCommand):
    help = (
        "Import a screening from a CSV or XLSX file: the whole file or nothing. Killed, it goes on where it stopped"
        " when it is started again, or by the ticker."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--instruments", required=True, metavar="phq9=q1-q9", help="columns of each instrument")
        parser.add_argument("--school", metavar="CODE", help="without it each row names its school")
        parser.add_argument("--day", type=date.fromisoformat, metavar="YYYY-MM-DD", help="of answering; default today")
        parser.add_argument("--limit", type=int, metavar="N", help="only the first N rows")

    def handle(self, *args: Any, **options: Any) -> None:
        school = Organisation.objects.filter(code=options["school"]).first()
        if options["school"] and school is None:
            raise CommandError(f"No school with the code {options['school']!r} and a counsellor's desk.")
        try:
            data = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"The file cannot be read: {error.strerror}.") from None
        staged = self._stage(data, school, options)
        batch = staged.batch
        if staged.again:
            self.stdout.write("This file was imported before; nothing changed.")
            self.stdout.write(f"{batch.taken} of {batch.rows} students")
        if batch.state == "staged":
            batch = actions.confirm_screening(actor=IMPORT, batch_id=batch.pk)
        with tqdm(total=batch.rows, initial=batch.taken, unit="row", disable=None) as bar:
            while batch.state == "running":
                batch = actions.import_screening(actor=IMPORT, batch=batch)
                bar.update(batch.taken - bar.n)
        if not staged.again:
            self._report(batch, staged.figures)

    def _stage(self, data: bytes, school: Organisation | None, options: dict[str, Any]) -> actions.Staged:
        limit = options["limit"] or 0
        with identity(IMPORT):
            today = now().date()
        try:
            staged: actions.Staged = actions.stage_screening(
                actor=IMPORT,
                lines=islice(table_lines(data), limit + 1 if limit else None),
                digest=salted_hmac("screening file", data + limit.to_bytes(4, "big"), algorithm="sha256").hexdigest(),
                instruments=options["instruments"],
                day=options["day"] or today,
                school=school,
            )
        except BadFile as bad:
            for fault in bad.faults[:SHOWN]:
                self.stderr.write(str(fault))
            more = f" (the first {SHOWN} shown)" if len(bad.faults) > SHOWN else ""
            raise CommandError(f"Nothing was imported: {len(bad.faults)} faults{more}.") from None
        except Forbidden:
            raise CommandError(f"No school with the code {options['school']!r} and a counsellor's desk.") from None
        except Invalid as refused:
            raise CommandError(str(refused.message)) from None
        return staged

    def _report(self, batch: ScreeningBatch, figures: dict[str, Any]) -> None:
        """Counts only: bands, critical items, incomplete forms, warnings."""
        self.stdout.write(f"{batch.rows} students, {batch.incomplete} incomplete, {batch.warnings} warnings")
        for code, bands in figures["bands"].items():
            names = [name for _least, name in INSTRUMENTS[code].bands] + ["incomplete"]
            self.stdout.write(f"{code}: " + ", ".join(f"{name} {bands.get(name, 0)}" for name in names))
            if INSTRUMENTS[code].critical:
                found = {value: figures["critical"][code].get(str(value), 0) for value in (1, 2, 3)}
                positive = ", ".join(f"{value}: {number}" for value, number in found.items())
                self.stdout.write(f"{code} critical item positive: {sum(found.values())} ({positive})")
