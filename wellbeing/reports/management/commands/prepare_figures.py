"""`manage.py prepare_figures [--since DAY]`: count every day that is missing, publish every month that is over,
empty its ballot box."""

from argparse import ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from wellbeing.reports.prepare import empty_boxes, prepare


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise ArgumentTypeError(f"{text!r} is no day such as 2026-09-01") from wrong


class Command(BaseCommand):
    help = "Count the prepared figures up to today; --since counts again from a day on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--since", type=_day, metavar="DAY", help="count every day from here on again")

    def handle(self, *args: Any, **options: Any) -> None:
        days = prepare(since=options["since"], most=100_000)
        boxes = empty_boxes()
        self.stdout.write(f"{days} days counted, {boxes} ballot boxes")
