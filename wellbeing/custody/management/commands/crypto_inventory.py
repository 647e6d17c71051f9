"""`manage.py crypto_inventory`: what is sealed with which suite and key version, how often (docs/keys.md)."""

import csv
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from wellbeing.access.actor import identity
from wellbeing.access.machines import KEYS
from wellbeing.custody.inventory import inventory
from wellbeing.custody.management.commands.rotate_keys import needs_the_role


class Command(BaseCommand):
    help = "List what is sealed with which suite and key version, with counts and libraries; --csv for a spreadsheet."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--csv", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        needs_the_role()
        with identity(KEYS):
            lines = list(inventory())
        rows = [(one.what, one.algorithm, one.under, "" if one.count is None else str(one.count)) for one in lines]
        if options["csv"]:
            csv.writer(self.stdout).writerows([("what", "algorithm", "under", "count"), *rows])
            return
        for what, algorithm, under, count in rows:
            self.stdout.write(f"{what:<46} {algorithm:<28} {under:<34} {count:>9}".rstrip())
