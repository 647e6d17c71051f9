"""`manage.py explain_access USER VERB REFERENCE`: why somebody can, or cannot, for the security administrator.

VERB is a permission such as `cases:file:read`. The steps are those of the evaluator that enforces, and beside them what
the second wall (row-level security) and the door's own query say: the three must agree. No word of the case is read;
that somebody asked is recorded in the case's own chain.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cases.access import visible_cases
from cases.models import Case
from wellbeing.access.actor import Actor, identity
from wellbeing.access.explained import lines
from wellbeing.access.machines import EXPLAIN
from wellbeing.access.permissions import P
from wellbeing.access.policy import explain
from wellbeing.audit.record import record
from wellbeing.audit.tags import Tag
from wellbeing.people.models import User


class Command(BaseCommand):
    help = "Explain why somebody can, or cannot, do something with a case."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("user", help="the account's name")
        parser.add_argument("verb", help="a permission, such as cases:file:read")
        parser.add_argument("reference", help="the case's reference")

    def handle(self, *args: Any, **options: Any) -> None:
        with identity(EXPLAIN):
            user = User.objects.filter(username=options["user"]).first()
        if user is None:
            raise CommandError("No account has this name.")
        if options["verb"] not in set(P):
            raise CommandError(f"No such permission. Known: {', '.join(sorted(P))}")
        permission, actor = P(options["verb"]), Actor.of(user)
        with identity(EXPLAIN):
            case = Case.objects.filter(reference=options["reference"].upper()).first()
            if case is None:
                raise CommandError("No case has this reference.")
            verdict = explain(actor, permission, case)
            facts = {"asked_of": user.pk, "permission": permission, "allowed": verdict.allowed}
            record(stream=case.pk, act=Tag.ACCESS_EXPLAINED, actor=EXPLAIN, facts=facts)
        with identity(actor):
            wall = Case.objects.filter(pk=case.pk).exists()
            door = visible_cases(actor).filter(pk=case.pk).exists()
            said = lines(actor, permission, verdict)
        self.stdout.write(f"{user.username} {permission} {case.reference}: {'yes' if verdict.allowed else 'no'}")
        for line in said:
            self.stdout.write(f"  {'yes' if line.holds else 'no '}  {line.text}")
            for why in line.because:
                self.stdout.write(f"         {why}")
        self.stdout.write(f"  row-level security shows the case: {'yes' if wall else 'no'}")
        self.stdout.write(f"  the door's own query finds it: {'yes' if door else 'no'}")
