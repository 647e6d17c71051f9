"""`manage.py verify_audit`: walk every chain, the tree and its checkpoints, and hold the grants and posts that stand
against their seals and the events that made them; exit 1 and name each fault when something was tampered with, 2 when
it cannot be said yet."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from wellbeing.access import compared
from wellbeing.access.actor import identity
from wellbeing.access.machines import VERIFY
from wellbeing.access.patrol import tell
from wellbeing.audit.sequencer import queue
from wellbeing.audit.verify import remember, verify

STALE_SECONDS = 60


class Command(BaseCommand):
    help = (
        "Verify the audit: finds a changed, removed, inserted, swapped, moved or cut event, a fork, a rollback, and a"
        " grant or post that no event made."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--witness", action="append", default=[], help="a note that a witness keeps (a file)")

    def handle(self, *args: Any, **options: Any) -> None:
        with identity(VERIFY), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            kept = [Path(name).read_text(encoding="utf-8") for name in options["witness"]]
            report = verify(witnessed=kept)
            waiting, seen = queue(), compared.sees_rows()
            rows = compared.faults() if seen else []
            remember(report, len(rows))
            tell(rows)
        for fault in (*report.faults, *rows):
            self.stdout.write(str(fault))
        if report.faults or rows:
            raise SystemExit(1)
        self.stdout.write(f"audit chain verified ({report.events} events, {report.streams} streams)")
        self.stdout.write(
            f"tree verified ({report.size} leaves, {report.checkpoints} checkpoints, witnessed up to"
            f" {report.witnessed}, {report.waiting} waiting)"
        )
        self.stdout.write(
            "every grant and post is sealed, and stands by its event"
            if seen
            else "grants and posts were not compared: only the application sees them"
        )
        if waiting.count and waiting.age.total_seconds() > STALE_SECONDS:
            self.stdout.write("events have waited for a checkpoint for more than a minute: does the ticker run?")
            raise SystemExit(2)
