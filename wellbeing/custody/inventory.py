"""What is sealed with what: the list that an assessment of commercial cryptography (密评) asks for, from the rows
themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version

from cryptography.hazmat.backends.openssl import backend
from django.conf import settings
from django.db import connection
from django.db.models import BooleanField, Count, ExpressionWrapper, Q

from wellbeing.vault.columns import columns
from wellbeing.vault.models import DataKeyRow, DivisionKey, NamedKey, Rotation
from wellbeing.vault.providers import provider
from wellbeing.vault.rotation import wrapped_by
from wellbeing.vault.suites import SUITES

# What is not sealed and yet cryptography: where, and with what.
FIXED = (
    ("audit chain", "SHA-256, HMAC-SHA256 under the named key `audit`"),
    ("blind indexes", "HMAC-SHA256 under named keys, truncated"),
    ("passwords", "Argon2id"),
    ("code of a one-time link", "Argon2id, HKDF-SHA256"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what, with which algorithm, under which version of which key, how many."""

    what: str
    algorithm: str
    under: str
    count: int | None = None


def inventory() -> Iterator[Line]:
    """Every kind of sealed thing with its counts. On the role wellbeing_keys: any other sees only what is its own."""
    for number, algorithm in sorted(provider().versions.items()):
        yield Line("root key", algorithm, f"version {number}", wrapped_by(number))
    for row in DivisionKey.objects.order_by("division", "version"):
        under = f"root version {row.root_version}, {row.state}"
        hanging = DataKeyRow.objects.filter(division_key=row).count()
        yield Line(f"division key {row.division} v{row.version}", SUITES[row.suite].name, under, hanging)
    current = ExpressionWrapper(Q(replaced_at=None), output_field=BooleanField())
    kinds = DataKeyRow.objects.annotate(current=current).values_list("owner_kind", "suite", "current")
    for kind, suite, newest, count in kinds.annotate(n=Count("pk")).order_by("owner_kind", "suite"):
        yield Line(f"data keys of kind {kind}", SUITES[suite].name, "current" if newest else "replaced", count)
    for purpose, period, root in NamedKey.objects.order_by("purpose", "period").values_list(
        "purpose", "period", "root_version"
    ):
        yield Line(f"named key {purpose} {period}".strip(), "HMAC-SHA256", f"root version {root}", 1)
    yield from _envelopes()
    yield from (Line(what, algorithm, "") for what, algorithm in FIXED)
    for rotation in Rotation.objects.filter(finished_at=None):
        yield Line(f"rotation of {rotation.kind} under way", SUITES[rotation.suite].name, "", rotation.done)
    yield Line("new keys", SUITES[settings.VAULT_SUITE].name, "VAULT_SUITE")
    yield Line("library", f"cryptography {version('cryptography')}", backend.openssl_version_text())


def _envelopes() -> Iterator[Line]:
    with connection.cursor() as cursor:
        for one in columns():
            cursor.execute(
                f"SELECT get_byte({one.name}, 1), count(*) FROM {one.table}"  # noqa: S608  named by the apps
                f" WHERE {one.name} IS NOT NULL GROUP BY 1 ORDER BY 1"
            )
            for suite, count in cursor.fetchall():
                yield Line(f"envelopes {one.table}.{one.name}", SUITES[suite].name, f"keys of kind {one.kind}", count)
