"""`manage.py import_calls FILE`: the exchange's records of calls, all or nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from wellbeing import sheets
from wellbeing.access.actor import Actor
from wellbeing.errors import Invalid
from wellbeing.exchange import actions
from wellbeing.exchange.events import Event
from wellbeing.exchange.records import BadRow, calls

SHOWN = 20
LIMITS = sheets.Limits(rows=200_000)


class Command(BaseCommand):
    help = "Import calls from Asterisk's Master.csv or a table with named columns; the same file twice changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--line", action="append", metavar="NUMBER", help="calls to it; default EXCHANGE_LINES")
        parser.add_argument("--zone", type=ZoneInfo, default=ZoneInfo("Asia/Shanghai"), help="of times without one")

    def handle(self, *args: Any, **options: Any) -> None:
        lines = options["line"] or settings.EXCHANGE_LINES
        try:
            table = sheets.read(options["file"].read_bytes(), options["file"].name, limits=LIMITS)
        except OSError as error:
            raise CommandError(f"The file cannot be read: {error.strerror}.") from None
        except sheets.BadSheet as bad:
            raise CommandError("\n".join(str(fault) for fault in bad.faults[:SHOWN])) from None
        rows = [(row.line, row.cells) for row in table.rows]
        found = list(calls(rows, lines=lines, zone=options["zone"]))
        faults = [one for one in found if isinstance(one, BadRow)]
        if faults:
            for fault in faults[:SHOWN]:
                self.stderr.write(f"line {fault.line}: {fault.field} cannot be read")
            raise CommandError(f"Nothing was imported: {len(faults)} rows cannot be read.")
        try:
            new, better = actions.import_calls(
                actor=Actor.machine("exchange"), events=tuple(one for one in found if isinstance(one, Event))
            )
        except Invalid as refused:
            raise CommandError(str(refused.message)) from None
        self.stdout.write(f"{new} calls are new, {better} are better known, of {len(rows)} rows")
