"""`manage.py export_audit FILE`: the whole audit as one file for an auditor, who verifies it with `audit-verify.pyz`
(`--tools FOLDER` writes that, and the witness's). `--mac-key FILE` gives the key of the MACs as well, for an auditor
who is trusted with it: whoever has it and the database could make MACs."""

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from wellbeing.audit.alone_tools import write_tools
from wellbeing.audit.bundle import write
from wellbeing.audit.record import mac_key
from wellbeing.audit.sequencer import LOCK, as_machine
from wellbeing.audit.signing import signer
from wellbeing.audit.verify import check_sight, stored_notes, streams


class Command(BaseCommand):
    help = "Write the audit as one file that can be verified without us."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--tools", type=Path, help="folder for audit-verify.pyz and audit-witness.pyz")
        parser.add_argument("--mac-key", type=Path, help="file to write the key of the MACs to")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            target = os.open(options["file"], os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise CommandError(f"Cannot make {options['file']}: {error.strerror}.") from None
        with open(target, "w", encoding="utf-8") as file, as_machine(), connection.cursor() as cursor:
            # One moment for everything: a bundle is examined without asking again.
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            cursor.execute("SET LOCAL statement_timeout = 0")
            check_sight()
            events = write(file, streams(), stored_notes())
        if options["mac_key"]:
            with open(os.open(options["mac_key"], os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400), "w") as kept:
                kept.write(mac_key().hex() + "\n")
        for tool in write_tools(options["tools"]) if options["tools"] else []:
            self.stdout.write(f"wrote {tool}")
        self.stdout.write(f"exported {events} events; the log's key, to give by another way: {signer().verifier}")
