"""`manage.py import_calls FILE`: the exchange's records of calls, all or nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from wellbeing import sheets
from wellbeing.access.actor import identity
from wellbeing.access.machines import EXCHANGE
from wellbeing.errors import Invalid
from wellbeing.exchange import actions
from wellbeing.exchange.events import Event
from wellbeing.exchange.records import BadRow, Elsewhere, calls
from wellbeing.workdays import now

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
            self._refuse([f"{fault.place} {fault.text % fault.values}".strip() for fault in bad.faults])
        rows = [(row.line, row.cells) for row in table.rows]
        with identity(EXCHANGE):
            at = now()
        found = list(calls(rows, lines=lines, zone=options["zone"], at=at))
        if faults := [f"line {one.line}: {one.field} {one.fault}" for one in found if isinstance(one, BadRow)]:
            self._refuse(faults)
        events = tuple(one for one in found if isinstance(one, Event))
        try:
            new, better = actions.import_calls(actor=EXCHANGE, events=events)
        except Invalid as refused:
            raise CommandError(str(refused.message)) from None
        known = len({one.call for one in events}) - new - better
        self.stdout.write(f"{new} calls are new, {better} are better known, {known} were known already")
        if elsewhere := sum(isinstance(one, Elsewhere) for one in found):
            self.stdout.write(f"{elsewhere} rows are of other lines than {', '.join(lines)}: passed over")

    def _refuse(self, faults: list[str]) -> NoReturn:
        for fault in faults[:SHOWN]:
            self.stderr.write(fault)
        more = f" (the first {SHOWN} shown)" if len(faults) > SHOWN else ""
        raise CommandError(f"Nothing was imported: {len(faults)} faults{more}.")
