"""`manage.py rotate_keys`: replace keys while everybody works (docs/keys.md). Needs DATABASE_URL of wellbeing_keys."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from wellbeing.access.actor import identity
from wellbeing.access.machines import KEYS
from wellbeing.custody.reasons import WhyRotate
from wellbeing.custody.rotating import retire, rotate
from wellbeing.vault import rotation
from wellbeing.vault.models import Rotation, RotationKind
from wellbeing.vault.providers import newest, provider
from wellbeing.vault.suites import SUITES

EVERY = 500  # keys, between two lines of how far it is


class Command(BaseCommand):
    help = "Rotate keys without a pause: --root, --divisions, --words; --suite 02; --retire ends what was replaced."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--root", action="store_true", help="wrap by the newest version of the root key")
        parser.add_argument("--divisions", action="store_true", help="a new key for every division")
        parser.add_argument("--words", action="store_true", help="new data keys; all words are sealed anew")
        parser.add_argument("--suite", choices=["01", "02"], help="divisions and words, in this suite")
        parser.add_argument("--retire", action="store_true", help="destroy replaced keys that nothing needs")
        parser.add_argument(
            "--may-go", type=int, metavar="N", help="whether version N of the root key is needed no more"
        )
        parser.add_argument("--why", choices=[one.value for one in WhyRotate], help="kept in the audit; needed to act")
        parser.add_argument("--wait", type=float, default=60, help="seconds to wait for running transactions (60)")

    def handle(self, *args: Any, **options: Any) -> None:
        needs_the_role()
        suite = int(options["suite"] or settings.VAULT_SUITE)
        chosen = [kind for kind in RotationKind if options[kind] or (options["suite"] and kind != RotationKind.ROOT)]
        if (chosen or options["retire"]) and not options["why"]:
            raise CommandError(f"Say why, for the audit: --why {' | '.join(WhyRotate)}.")
        if suite != settings.VAULT_SUITE:
            self.stderr.write(f"VAULT_SUITE is {settings.VAULT_SUITE:02}: new keys go on in that suite.")
        held: set[int] = set()
        for kind in chosen:
            self._done = 0
            done = rotate(kind, suite, self._tell, why=WhyRotate(options["why"]))
            algorithm = provider().versions[newest()] if kind == RotationKind.ROOT else SUITES[suite].name
            self.stdout.write(f"{kind}: {done} keys replaced ({algorithm})")
            with identity(KEYS):
                held.update(rotation.unopened(self._begun))
        if options["retire"]:
            self._retire(options["wait"], WhyRotate(options["why"]))
            with identity(KEYS):
                held.update(rotation.holding())
        if options["may_go"]:
            self._may_go(options["may_go"])
        if not (chosen or options["retire"] or options["may_go"]):
            raise CommandError("Say what to rotate: --root, --divisions, --words, --suite 02, --retire, --may-go N.")
        if held:
            raise CommandError(
                f"Left as they are, with the division keys that they name: rows {', '.join(map(str, sorted(held)))} of"
                " vault_datakey, which nothing opens. They were not made here, or are broken (docs/keys.md)."
            )

    def _tell(self, begun: Rotation, done: int) -> None:
        """Every so many keys a line: a batch of words is one owner's, and there are as many as cases and people."""
        self._begun = begun
        self._done += done
        if done and self._done // EVERY > (self._done - done) // EVERY:
            self.stdout.write(f"{begun.kind}: {self._done} so far")

    def _retire(self, wait: float, why: WhyRotate) -> None:
        try:
            data, divisions = retire(wait, why=why)
        except TimeoutError:
            raise CommandError(f"A transaction has been running for {wait:g} s; nothing was destroyed.") from None
        self.stdout.write(f"destroyed: {data} data keys, {divisions} division keys")

    def _may_go(self, version: int) -> None:
        with identity(KEYS):
            used = rotation.wrapped_by(version)
        if used:
            raise CommandError(f"Version {version} of the root key still wraps {used} keys: rotate --root first.")
        self.stdout.write(f"Version {version} of the root key wraps nothing here. Keep it while a backup needs it.")


def needs_the_role() -> None:
    """CommandError on any other role of the database: it may not change keys."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        if cursor.fetchone() != ("wellbeing_keys",):
            raise CommandError(
                "Keys are changed by the role wellbeing_keys alone: set DATABASE_URL to it (docs/keys.md)."
            )
