"""`manage.py checkpoint`: print the newest checkpoint with its proof from size `--since`, for a witness; `--seal` signs
what waits first; `--cosigned FILE` keeps what a witness has signed."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from wellbeing.audit.note import BadNote
from wellbeing.audit.proofs import for_witness, note_cosignature
from wellbeing.audit.sequencer import as_machine, seal


class Command(BaseCommand):
    help = "Print the newest checkpoint of the audit, with its proof, for a witness."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--since", type=int, default=0, help="the size that the witness saw last")
        parser.add_argument("--seal", action="store_true", help="sign what waits first")
        parser.add_argument("--cosigned", type=Path, help="file with the line that a witness has signed")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["seal"]:
            seal()
        try:
            if options["cosigned"]:
                line = options["cosigned"].read_text(encoding="utf-8")
                self.stdout.write(f"kept the cosignature of {note_cosignature(line)}")
                return
            with as_machine():
                self.stdout.write(for_witness(options["since"]), ending="")
        except (BadNote, LookupError) as error:
            raise CommandError(str(error)) from None
