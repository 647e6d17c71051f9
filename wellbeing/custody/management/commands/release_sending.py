"""`manage.py release_sending --by NAME --why REASON`: a restored copy is the system again; its clocks run and its
notices leave (docs/backup.md)."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from wellbeing.access.actor import identity
from wellbeing.access.machines import BACKUP
from wellbeing.custody.actions import release_sending
from wellbeing.custody.reasons import WhyRelease
from wellbeing.errors import Invalid, WrongState
from wellbeing.people.models import User


class Command(BaseCommand):
    help = "Release a restored copy: --by NAME --why loss, once check_restore has found everything in order."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--by", required=True, help="who answers for it (user name)")
        parser.add_argument("--why", required=True, choices=[one.value for one in WhyRelease], help="kept in the audit")
        parser.add_argument("--unchecked", action="store_true", help="although the check did not find all in order")

    def handle(self, *args: Any, **options: Any) -> None:
        with identity(BACKUP):
            by = User.objects.filter(username=options["by"]).first()
        if by is None:
            raise CommandError("There is no such account.")
        try:
            release_sending(actor=BACKUP, by=by, why=WhyRelease(options["why"]), unchecked=options["unchecked"])
        except WrongState:
            raise CommandError("This database is not on hold.") from None
        except Invalid as refused:
            raise CommandError(str(refused.message)) from None
        self.stdout.write("released: due clocks escalate now, all at once, and what waited is sent")
