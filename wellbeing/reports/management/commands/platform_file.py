"""`manage.py platform_file write | verify | public-key`: the daily file for the education data platform."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser

from wellbeing.access.machines import TICKER
from wellbeing.reports import platform, signing
from wellbeing.reports.actions import write_platform_file
from wellbeing.workdays import now


class Command(BaseCommand):
    help = "Write a day's signed file of figures, verify one, or print the public key (docs/data-platform.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        write = what.add_parser("write", help="write yesterday's, or the day's that is named")
        write.add_argument("--day", type=date.fromisoformat)
        verify = what.add_parser("verify", help="check signature, hashes and every row of a day's folder")
        verify.add_argument("folder", type=Path)
        verify.add_argument("--public", type=Path, help="the public key; without it the own key's")
        what.add_parser("public-key", help="print the public key for the platform")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.stdout.write(getattr(self, f"_{options['what'].replace('-', '_')}")(options))
        except (platform.Refused, signing.NotGenuine, ImproperlyConfigured, FileExistsError) as refused:
            raise CommandError(f"{type(refused).__name__}: {refused}") from None

    def _write(self, options: dict[str, Any]) -> str:
        if not settings.PLATFORM_FOLDER:
            raise ImproperlyConfigured("PLATFORM_FOLDER names no folder.")
        day, key = options["day"] or now().date() - timedelta(days=1), signing.private_key(settings.PLATFORM_KEY_FILE)
        folder = Path(settings.PLATFORM_FOLDER)
        rows = write_platform_file(actor=TICKER, day=day, folder=folder, sign_with=key)
        return f"{day}: {rows} rows"

    def _verify(self, options: dict[str, Any]) -> str:
        given = options["public"]
        public = given.read_bytes() if given else signing.public_pem(signing.private_key(settings.PLATFORM_KEY_FILE))
        manifest = signing.verify(options["folder"], public)
        return f"{manifest['day']}: genuine, {manifest['rows']} rows"

    def _public_key(self, options: dict[str, Any]) -> str:
        return signing.public_pem(signing.private_key(settings.PLATFORM_KEY_FILE)).decode().strip()
