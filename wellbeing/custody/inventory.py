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

# What is cryptography beside the envelopes: with what, and in which modules. tests/rules/test_cryptography.py looks for
# every use of such a library in the sources and wants it here.
FIXED: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("audit chain", "SHA-256, HMAC-SHA256 under the named key `audit`", ("wellbeing/audit/chain.py",)),
    (
        "audit tree, checkpoints, witnesses",
        "SHA-256 (RFC 6962), Ed25519",
        ("wellbeing/audit/tree.py", "wellbeing/audit/note.py", "wellbeing/audit_desk/witness_views.py"),
    ),
    ("grants, and posts with their counties", "HMAC-SHA256 under the named key `row`", ("wellbeing/vault/seals.py",)),
    ("blind indexes", "HMAC-SHA256 under named keys, truncated", ("wellbeing/vault/blind_index.py",)),
    ("attached files", "AES-256-GCM in records, HKDF-SHA256", ("wellbeing/vault/stream.py",)),
    ("passwords; signed cookies", "Argon2id; HMAC-SHA256 under SECRET_KEY (Django)", ("wellbeing/signin/lockout.py",)),
    ("keys of sessions", "SHA-256", ("wellbeing/signin/sessions.py",)),
    ("recovery codes", "Argon2id, HMAC-SHA256 under a named key", ("wellbeing/signin/factors.py",)),
    (
        "authenticator apps",
        "HMAC-SHA-1 (RFC 6238)",
        ("wellbeing/signin/factors.py", "wellbeing/signin/account_views.py"),
    ),
    (
        "passkeys",
        "ECDSA P-256, Ed25519, RSA (WebAuthn); the public key sealed under the named key `factor`",
        ("wellbeing/signin/passkeys.py", "wellbeing/signin/views.py", "wellbeing/signin/account_views.py"),
    ),
    ("government's sign-on", "the provider's signature (OpenID Connect), TLS", ("wellbeing/signin/sign_on.py",)),
    (
        "tokens of the API; pages of its lists",
        "SHA-256; signed under SECRET_KEY",
        ("wellbeing/api/tokens.py", "wellbeing/api/endpoint.py"),
    ),
    (
        "backups",
        "HPKE (X25519, HKDF-SHA256, AES-256-GCM), SHA-256, Ed25519",
        (
            "wellbeing/custody/backup/keypair.py",
            "wellbeing/custody/backup/sealed_file.py",
            "wellbeing/custody/backup/taking.py",
            "wellbeing/custody/backup/restoring.py",
            "wellbeing/custody/backup/checking.py",
        ),
    ),
    (
        "code of a one-time link",
        "Argon2id, HKDF-SHA256; its letter is sealed as by new keys",
        ("wellbeing/vault/passcode.py",),
    ),
    ("token of a one-time link", "SHA-256", ("referrals/ticket.py",)),
    ("events of the telephone exchange", "HMAC-SHA256", ("wellbeing/exchange/signing.py",)),
    (
        "SMS gateway, robots",
        "HMAC-SHA256",
        ("wellbeing/outbox/channels/sms.py", "wellbeing/outbox/channels/robot.py"),
    ),
    (
        "daily file for the data platform",
        "Ed25519, SHA-256",
        ("wellbeing/reports/signing.py", "wellbeing/reports/actions/write_platform_file.py"),
    ),
    ("lines of the log on their way to a collector", "TLS", ("wellbeing/settings/collector.py",)),
    ("digests of files and previews", "SHA-256", ("wellbeing/upload.py", "cases/policy_change.py", "cases/triage.py")),
    (
        "digests of forms and screening files",
        "HMAC-SHA256 under SECRET_KEY",
        (
            "wellbeing/action.py",
            "cases/transfer_views.py",
            "cases/screening_views.py",
            "cases/management/commands/import_screening.py",
        ),
    ),
    ("drafts in the browser", "AES-256-GCM (WebCrypto), HMAC-SHA256 under SECRET_KEY", ("cases/draft_access.py",)),
    ("sample of calls for review", "HMAC-SHA256", ("cases/quality.py",)),
    (
        "random words and ids",
        "the operating system's generator",
        (
            "wellbeing/ids.py",
            "wellbeing/people/actions/_account.py",
            "wellbeing/signin/actions/renew_codes.py",
            "wellbeing/signin/lockout.py",
        ),
    ),
    (
        "engines of a local run",
        "SCRAM-SHA-256, random passwords",
        (
            "wellbeing/local/engines.py",
            "wellbeing/local/place.py",
            "wellbeing/local/postgres.py",
            "wellbeing/local/valkey.py",
        ),
    ),
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
    yield from (Line(what, algorithm, "") for what, algorithm, _modules in FIXED)
    for rotation in Rotation.objects.filter(finished_at=None):
        yield Line(f"rotation of {rotation.kind} under way", SUITES[rotation.suite].name, "", rotation.done)
    yield Line("new keys", SUITES[settings.VAULT_SUITE].name, "VAULT_SUITE")
    yield Line("library", f"cryptography {version('cryptography')}", backend.openssl_version_text())


def _envelopes() -> Iterator[Line]:
    sealed = [(one.table, one.name, f"keys of kind {one.kind}") for one in columns()]
    with connection.cursor() as cursor:
        for table, name, under in [*sealed, ("signin_factor", "secret", "named key factor")]:
            cursor.execute(
                f"SELECT get_byte({name}, 1), count(*) FROM {table}"  # noqa: S608  named by the apps
                f" WHERE {name} IS NOT NULL GROUP BY 1 ORDER BY 1"
            )
            for suite, count in cursor.fetchall():
                yield Line(f"envelopes {table}.{name}", SUITES[suite].name, under, count)
