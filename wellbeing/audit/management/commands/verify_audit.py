"""`manage.py verify_audit`: walk every chain; exit 1 and name each fault when something was tampered with."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection, transaction

from wellbeing.audit.verify import verify


class Command(BaseCommand):
    help = "Verify the audit chains: finds a changed, removed, inserted or swapped event."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.system', 'on', true)")
            report = verify()
        for fault in report.faults:
            self.stdout.write(f"{fault.what} stream {fault.stream} event {fault.seq}")
        if report.faults:
            raise SystemExit(1)
        self.stdout.write(f"audit chain verified ({report.events} events, {report.streams} streams)")
