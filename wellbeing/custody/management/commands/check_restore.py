"""`manage.py check_restore --witness FILE`: whether a restored copy is what was backed up; exit 1 when it is not
(docs/backup.md). Needs DATABASE_URL of wellbeing_keys, BACKUP_DATABASE_URL and ERASURE_JOURNAL."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from wellbeing.custody.backup.checking import OPENINGS, NotRestored, check
from wellbeing.custody.backup.postgres import PostgresFailed
from wellbeing.custody.management.commands.rotate_keys import needs_the_role


class Command(BaseCommand):
    help = "Check a restored copy: rows, random openings, the audit against a witness; erasures are replayed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--witness", action="append", default=[], help="a note that a witness keeps (a file)")
        parser.add_argument("--openings", type=int, default=OPENINGS, help=f"how many envelopes to open ({OPENINGS})")

    def handle(self, *args: Any, **options: Any) -> None:
        needs_the_role()
        if not settings.BACKUP_DATABASE_URL:
            raise CommandError("BACKUP_DATABASE_URL names no database (role wellbeing_backup, docs/backup.md).")
        try:
            witnessed = [Path(name).read_text(encoding="utf-8") for name in options["witness"]]
            findings = check(witnessed, options["openings"])
        except NotRestored:
            raise CommandError("This database is not on hold: it was not restored, or was released.") from None
        except (PermissionError, PostgresFailed) as wrong:
            raise CommandError(f"Nothing was checked: {wrong}.") from None
        except OSError as wrong:
            raise CommandError(f"Nothing was checked: {wrong.strerror}.") from None
        for one in findings:
            self.stdout.write(f"{one.part:<9} {'good' if one.good else 'WRONG':<6} {one.seconds:6.1f} s  {one.said}")
        if not all(one.good for one in findings):
            raise SystemExit(1)
        self.stdout.write("Everything is in order. Next: manage.py release_sending --by NAME --why REASON")
