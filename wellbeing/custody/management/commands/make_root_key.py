"""`manage.py make_root_key`: the next version of the root key, where the settings keep it."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from wellbeing.vault.providers import forget


class Command(BaseCommand):
    help = "Make the next version of the root key inside the PKCS#11 module."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.ROOT_KEY_PROVIDER.endswith("Pkcs11Provider"):
            raise CommandError("A file's next version is one more line, a Transit key's its rotate (docs/keys.md).")
        from wellbeing.vault.providers.pkcs11 import make_next

        number = make_next()
        forget()
        self.stdout.write(f"version {number} of the root key was made in the module; now: manage.py rotate_keys --root")
