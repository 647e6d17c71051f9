"""`manage.py erase`: destroy the keys of a closed case, or replay the journal after a backup was restored
(docs/keys.md). Needs DATABASE_URL of wellbeing_keys."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.actions.erase_case import Ground, erase_case
from cases.models import Case
from wellbeing.access.actor import identity
from wellbeing.custody.actions import replay_erasures
from wellbeing.custody.management.commands.rotate_keys import needs_the_role
from wellbeing.custody.rotating import MACHINE
from wellbeing.errors import Invalid, WrongState
from wellbeing.people.models import User


class Command(BaseCommand):
    help = "Erase a closed case: erase ZS-… --ground retention --first NAME --second NAME; or erase --replay."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("reference", nargs="?")
        parser.add_argument("--ground", choices=[one.value for one in Ground])
        parser.add_argument("--first", default="", help="who answers for it (user name)")
        parser.add_argument("--second", default="", help="who confirms it (another user name)")
        parser.add_argument("--replay", action="store_true", help="destroy again whatever the journal names")

    def handle(self, *args: Any, **options: Any) -> None:
        needs_the_role()
        if options["replay"]:
            self._replay()
        elif options["reference"] and options["ground"]:
            self._erase(options)
        else:
            raise CommandError("Say which case and on which ground, or --replay.")

    def _erase(self, options: dict[str, Any]) -> None:
        with identity(MACHINE):
            case = Case.objects.filter(reference=options["reference"]).first()
            first, second = (User.objects.filter(username=options[name]).first() for name in ("first", "second"))
        if case is None or first is None or second is None:
            raise CommandError("There is no such case, or no such account.")
        try:
            ended = erase_case(actor=MACHINE, case=case, ground=Ground(options["ground"]), first=first, second=second)
        except WrongState:
            raise CommandError("The case is not closed.") from None
        except Invalid as refused:
            raise CommandError(str(refused.message)) from None
        self.stdout.write(f"{ended} keys destroyed")

    def _replay(self) -> None:
        owners, ended = replay_erasures(actor=MACHINE)
        self.stdout.write(f"{owners} erasures replayed, {ended} keys destroyed")
