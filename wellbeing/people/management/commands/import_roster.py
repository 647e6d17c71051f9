"""`manage.py import_roster FILE --term NAME`: take a roster over into the drafts of a term, all or nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from wellbeing.access.actor import identity
from wellbeing.access.machines import IMPORT
from wellbeing.errors import Invalid
from wellbeing.people.actions import import_roster
from wellbeing.people.terms import every_term


class Command(BaseCommand):
    help = "Import a roster of psychology teachers from CSV or XLSX. Either the whole file is taken over or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--term", required=True, metavar="NAME")

    def handle(self, *args: Any, **options: Any) -> None:
        with identity(IMPORT):
            term = next((one for one in every_term() if one.name == options["term"]), None)
        if term is None:
            raise CommandError(f"No term is called {options['term']!r}.")
        try:
            content = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"The file cannot be read: {error.strerror}.") from None
        try:
            done = import_roster(actor=IMPORT, term=term, content=content, name=options["file"].name)
        except Invalid as refused:
            for line in refused.message:
                self.stderr.write(line)
            raise CommandError("Nothing was imported.") from None
        self.stdout.write(f"{done.schools} returns filled in, {done.teachers} teachers")
