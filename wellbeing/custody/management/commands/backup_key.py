"""`manage.py backup_key`: make the key pair of backups, or put the private half together again from its two parts
(docs/backup.md). Run it away from the server: the private half never lies there."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from wellbeing.custody.backup.keypair import PART, PRIVATE, PUBLIC, BadKey, Pair, joined, written


class Command(BaseCommand):
    help = "Make the key pair of backups: --public FILE, and --private FILE or --parts; --join FILE from two parts."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--public", type=Path, help="file for the public half: it goes to the server")
        parser.add_argument("--private", type=Path, help="file for the private half (0400): it goes into a safe")
        parser.add_argument(
            "--parts", action="store_true", help="print the private half as two parts, for two envelopes"
        )
        parser.add_argument("--join", type=Path, help="file for the private half, from two parts that are typed in")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["join"]:
            try:
                pair = joined(input("first part: "), input("second part: "))
            except BadKey as wrong:
                raise CommandError(f"{wrong}.") from None
            _keep(options["join"], written(PRIVATE, pair.private))
            self.stdout.write(f"the private half stands in {options['join']}; delete it when you are done")
            return
        if not options["public"] or bool(options["private"]) == options["parts"]:
            raise CommandError("Say --public FILE, and either --private FILE or --parts.")
        pair = Pair.new()
        if options["private"]:
            _keep(options["private"], written(PRIVATE, pair.private))
        _keep(options["public"], written(PUBLIC, pair.public))
        if options["parts"]:
            for number, part in enumerate(pair.parts(), 1):
                self.stdout.write(f"envelope {number}:\n{written(PART, part)}")
        self.stdout.write("Without the private half no backup is ever read again: try a restore before you rely on it.")


def _keep(path: Path, text: str) -> None:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    except OSError as error:
        raise CommandError(f"Cannot make {path}: {error.strerror}.") from None
    with open(handle, "w", encoding="ascii") as file:
        file.write(text)
