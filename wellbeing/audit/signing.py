"""The key that signs checkpoints, in a file outside the database; and the witnesses we believe."""

from functools import cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from wellbeing.audit.note import BadNote, Signer, Verifier
from wellbeing.vault.secret_file import read_secret


@cache
def signer() -> Signer:
    """The log's own key: 32 bytes in hex. Raises ImproperlyConfigured."""
    try:
        seed = bytes.fromhex(read_secret(settings.AUDIT_KEY_FILE, "AUDIT_KEY_FILE"))
    except ValueError:
        seed = b""
    if len(seed) != 32:
        raise ImproperlyConfigured("AUDIT_KEY_FILE must hold 32 bytes in hex (64 letters).")
    return Signer(settings.AUDIT_ORIGIN, seed)


@cache
def witnesses() -> tuple[Verifier, ...]:
    """The witnesses whose cosignatures count. Raises ImproperlyConfigured."""
    try:
        return tuple(Verifier.of(one) for one in settings.AUDIT_WITNESSES)
    except BadNote as wrong:
        raise ImproperlyConfigured(f"AUDIT_WITNESSES: {wrong}.") from None
