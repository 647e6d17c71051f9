"""`manage.py demo_city`: load the invented city, and print who may sign in."""

from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from wellbeing.demo.city import CAST, PASSWORD
from wellbeing.demo.destinations import load_destinations
from wellbeing.demo.exchange import load_exchange
from wellbeing.demo.figures import load_figures
from wellbeing.demo.leave import load_leave
from wellbeing.demo.load import load_city
from wellbeing.demo.records import load_records
from wellbeing.demo.registers import load_registers
from wellbeing.demo.returns import load_returns
from wellbeing.demo.rota import load_rota
from wellbeing.demo.under_way import load_under_way
from wellbeing.people.models import Role

# 5,093 people's real answers (see data/SOURCES.md); the first 300 stand for an invented school.
SAMPLE = Path(__file__).resolve().parents[2] / "data" / "phq9-nhanes-2017-2018.csv"


class Command(BaseCommand):
    help = "Load the invented demo city (once; again it only plans the rota ahead) and print its accounts."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("DEMO is off: the demo city is never loaded into a real one.")
        call_command("seal_rows", stdout=StringIO())  # of a city that was loaded before there were seals
        load_city()
        load_rota()
        load_returns()
        load_destinations()
        load_figures()
        load_registers()
        sample = {"instruments": "phq9=q1-q9", "school": "wangchao", "limit": 300}
        call_command("import_screening", str(SAMPLE), **sample, stdout=StringIO())
        load_under_way()
        load_leave()
        load_records()
        load_exchange()
        self.stdout.write(f"Demo accounts, password {PASSWORD}")
        for member in CAST:
            roles = ", ".join(str(Role(role).label) for role, _code in member.posts) or "-"
            self.stdout.write(f"  {member.username:<8} {member.name}  {roles}")
