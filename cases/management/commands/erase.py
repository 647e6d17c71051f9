"""`manage.py erase`: destroy the keys of a closed case, or of those that two people have confirmed in the pages, or
replay the journal after a backup was restored (docs/keys.md). Needs DATABASE_URL of wellbeing_keys."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.actions.erase_case import Ground, erase_case
from cases.attachments import note_withdrawn
from cases.models import Case
from cases.retention_access import confirmed
from wellbeing.access.actor import identity
from wellbeing.access.machines import KEYS
from wellbeing.custody.actions import replay_erasures
from wellbeing.custody.management.commands.rotate_keys import needs_the_role
from wellbeing.errors import Invalid, WrongState
from wellbeing.people.models import User


class Command(BaseCommand):
    help = (
        "Erase a closed case: erase ZS-… --ground retention --first NAME --second NAME; or erase --confirmed;"
        " or erase --replay."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("reference", nargs="?")
        parser.add_argument("--ground", choices=[one.value for one in Ground])
        parser.add_argument("--first", default="", help="who answers for it (user name)")
        parser.add_argument("--second", default="", help="who confirms it (another user name)")
        parser.add_argument("--confirmed", action="store_true", help="erase whatever two people confirmed in the pages")
        parser.add_argument("--replay", action="store_true", help="destroy again whatever the journal names")

    def handle(self, *args: Any, **options: Any) -> None:
        needs_the_role()
        if options["replay"]:
            self._replay()
        elif options["confirmed"]:
            self._confirmed()
        elif options["reference"] and options["ground"]:
            self._erase(options)
        else:
            raise CommandError("Say which case and on which ground, or --confirmed, or --replay.")

    def _erase(self, options: dict[str, Any]) -> None:
        with identity(KEYS):
            case = Case.objects.filter(reference=options["reference"]).first()
            first, second = (User.objects.filter(username=options[name]).first() for name in ("first", "second"))
        if case is None or first is None or second is None:
            raise CommandError("There is no such case, or no such account.")
        try:
            ended = erase_case(actor=KEYS, case=case, ground=Ground(options["ground"]), first=first, second=second)
        except WrongState:
            raise CommandError(
                "The case is not closed, is under a legal hold, is asked for by a request not answered yet, or has an"
                " open sheet of red or orange nobody logged."
            ) from None
        except Invalid as refused:
            raise CommandError(str(refused.message)) from None
        self.stdout.write(f"{ended} keys destroyed")

    def _confirmed(self) -> None:
        """One transaction each; what is open again or held meanwhile stays, and is said. Attachments that the pages
        have withdrawn since the last run are written into the journal first."""
        with identity(KEYS):
            withdrawn = note_withdrawn()
            rows = list(confirmed())
        if withdrawn:
            self.stdout.write(f"{withdrawn} withdrawn attachments noted")
        for row in rows:
            given = {"ground": Ground.RETENTION, "first": row.asked_by, "second": row.confirmed_by}
            try:
                ended = erase_case(actor=KEYS, case=row.case, **given)
                self.stdout.write(f"{row.reference}: {ended} keys destroyed")
            except (WrongState, Invalid):
                self.stdout.write(
                    f"{row.reference}: not closed any more, held, asked for, with a grave sheet that nobody logged, or"
                    " one of the two has left"
                )

    def _replay(self) -> None:
        done = replay_erasures(actor=KEYS)
        self.stdout.write(f"{done.owners} erasures replayed, {done.ended} keys destroyed")
        if done.held:
            raise CommandError(
                f"{done.held} of them are kept by legal holds of this copy: lift them, and replay again."
            )
