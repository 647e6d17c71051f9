"""`manage.py backup --to FOLDER --for PUBLIC_KEY_FILE`: one snapshot of the database in two files, sealed to a key
whose other half is not here (docs/backup.md). Needs BACKUP_DATABASE_URL; puts itself on record as the application."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from wellbeing.access.machines import BACKUP
from wellbeing.custody.actions import note_backup
from wellbeing.custody.backup import shelf
from wellbeing.custody.backup.keypair import BadKey, public_key
from wellbeing.custody.backup.postgres import PostgresFailed
from wellbeing.custody.backup.sealed_file import Kind
from wellbeing.custody.backup.taking import Taken, take

KEYS_DAYS = 30


class Command(BaseCommand):
    help = "Write a backup: --to FOLDER --for PUBLIC_KEY_FILE; old ones go by --keep-keys-days and --keep-records-days."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", type=Path, required=True, help="the folder of backups")
        parser.add_argument("--for", type=Path, required=True, dest="recipient", help="file with the public key")
        parser.add_argument(
            "--keep-keys-days", type=int, default=KEYS_DAYS, help=f"keys older than this go; at most {KEYS_DAYS}"
        )
        parser.add_argument("--keep-records-days", type=int, help="records older than this go too; without it all stay")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["to"]
        if not 1 <= options["keep_keys_days"] <= KEYS_DAYS or (options["keep_records_days"] or 1) < 1:
            raise CommandError(f"Keys are kept for 1 to {KEYS_DAYS} days: what is erased must be gone by then.")
        if not settings.BACKUP_DATABASE_URL:
            raise CommandError("BACKUP_DATABASE_URL names no database (role wellbeing_backup, docs/backup.md).")
        taken = self._take(folder, options["recipient"])
        pruned = shelf.prune(folder, Kind.KEYS, options["keep_keys_days"], taken.at)
        if options["keep_records_days"]:
            pruned += shelf.prune(folder, Kind.RECORDS, options["keep_records_days"], taken.at)
        size = sum(path.stat().st_size for path in taken.files)
        note_backup(actor=BACKUP, rows=taken.rows, size=size, pruned=pruned)
        for path in taken.files:
            self.stdout.write(f"wrote {path} ({path.stat().st_size:,} bytes)")
        self.stdout.write(f"{taken.rows:,} rows; {pruned} old files deleted")

    def _take(self, folder: Path, recipient: Path) -> Taken:
        try:
            return take(settings.BACKUP_DATABASE_URL, folder, public_key(recipient.read_text(encoding="ascii")))
        except (BadKey, PostgresFailed, PermissionError, ImproperlyConfigured) as wrong:
            raise CommandError(f"No backup was taken: {wrong}.") from None
        except OSError as wrong:
            raise CommandError(f"No backup was taken: {wrong.strerror or 'the database does not answer'}.") from None
