"""`manage.py seal_rows`: after the `migrate` that brings seals, seal the grants, posts and second factors that stand;
later it does nothing."""

from typing import Any

from django.core.management.base import BaseCommand

from wellbeing.access.adopting import seal_rows


class Command(BaseCommand):
    help = "Seal the grants, posts and second factors of before the seals, once; safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        done = seal_rows()
        if done is None:
            self.stdout.write("sealed before: nothing to do")
            return
        self.stdout.write(f"sealed {done.grants} grants, {done.posts} posts and {done.factors} second factors")
        if done.left:
            self.stdout.write(f"{done.left} grants have no event that made them, and open nothing: see verify_audit")
