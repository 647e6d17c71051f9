"""`manage.py story`: play one red case through the two doors and print its timeline and proofs, all computed."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from cases.access import who_may_read
from referrals.access import who_may_read as referral_readers
from wellbeing.access.actor import identity
from wellbeing.access.machines import VERIFY
from wellbeing.audit.verify import verify
from wellbeing.demo.dump import words_in_clear
from wellbeing.demo.load import load_city
from wellbeing.demo.red_case import CANARIES, Journey, Moment, move_clock, outsiders


class Command(BaseCommand):
    help = "Play one red case, from the phone to the hospital and back, and prove what must hold."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("DEMO is off: the story is played in the demo city only.")
        load_city()
        journey = Journey(wait=move_clock)
        try:
            for number, moment in enumerate(journey.play(), 1):
                self._line(number, moment)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('app.clock_offset', '', false)")
        self._proofs(journey)

    def _line(self, number: int, moment: Moment) -> None:
        self.stdout.write(f"{number:>2}  {moment.at:%m-%d %H:%M}  {moment.tier:<6} {moment.text}")
        self.stdout.write(f"      by {moment.actor} · {moment.state} · next clock: {moment.clock}")
        self.stdout.write(f"      may open the file: {', '.join(moment.readers) or 'nobody'}")

    def _proofs(self, journey: Journey) -> None:
        assert journey.case is not None and journey.referral is not None
        found, searched = words_in_clear(CANARIES)
        with identity(VERIFY):
            left = len(who_may_read(journey.case)) + len(referral_readers(journey.referral))
            report = verify()
        others = outsiders(journey.case)
        self.stdout.write("")
        self.stdout.write(
            f"sealed words found in clear in a full dump of the database: {found} (of {searched} searched)"
        )
        self.stdout.write(f"grants left after closing: {left}")
        self.stdout.write(f"colleagues without a grant who found the case: {len(others)}")
        self.stdout.write(f"audit chain verified: {report.events} events, {len(report.faults)} faults")
        if found or left or others or report.faults:
            raise SystemExit(1)
