"""The second factors of an account, and whether what somebody shows is one of them. All under the owner's identity.

An authenticator app's secret and a passkey's public key are sealed, for one row of one account: what the database's
owner writes there, or moves to another account, proves nothing. A recovery code is kept as a slow hash under a key, and
each code of the app counts once.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from uuid import UUID

import pyotp
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from django.conf import settings

from wellbeing.signin.models import Binding, By, Factor, FactorKind, RecoveryCode
from wellbeing.signin.passkeys import Site, asserted
from wellbeing.vault.blind_index import index, student_number
from wellbeing.vault.envelope import DataKey, Place, SealError, seal, suite_of, unseal
from wellbeing.vault.named import named_key
from wellbeing.workdays import now

log = logging.getLogger("wellbeing.signin")
STEP = 30  # seconds (RFC 6238)
# A recovery code has 50 bits, so its hash is slow (OWASP ASVS 5.0, 6.5.2, and the least of its appendix C: 19 MiB, two
# passes): about 30 ms for each code that is made or tried.
PASSES, LANES, KIB = 2, 1, 19_456


def factors_of(user_id: int) -> list[Factor]:
    """The second factors of an account, the oldest first."""
    return list(Factor.objects.filter(user_id=user_id).order_by("made_at", "pk"))


def has_factor(user_id: int) -> bool:
    """Whether the account has a second factor. A recovery code alone is none."""
    return Factor.objects.filter(user_id=user_id).exists()


def codes_left(user_id: int) -> int:
    """How many recovery codes are not used yet."""
    return RecoveryCode.objects.filter(user_id=user_id).count()


def sealed(factor: UUID, user_id: int, secret: bytes) -> bytes:
    """The secret of an authenticator app, or a passkey's public key, as it is stored: under a named key, which a
    rotation of the root rewraps, in the suite of new keys."""
    return seal(DataKey(0, named_key("factor"), settings.VAULT_SUITE), secret, _place(factor, user_id))


def unsealed(factor: UUID, user_id: int, envelope: bytes) -> bytes:
    """What `sealed` was given. SealError when it was not sealed for this row of this account."""
    return unseal(DataKey(0, named_key("factor")), envelope, _place(factor, user_id))


def made_here(factor: Factor) -> bytes | None:
    """The secret of a factor, or None where its row was not written here for its account: it counts for nothing."""
    try:
        return unsealed(factor.pk, factor.user_id, bytes(factor.secret))
    except SealError:
        log.error("a second factor that was not made here", extra={"codes": {"factor": factor.pk}})
        return None


def adopt(factor: Factor) -> bool:
    """Seal a factor of before its seal said whose it is, for whom it stands there; whether it was one. Under the
    owner's identity."""
    if made_here(factor) is not None:
        return False
    try:
        secret = bytes(factor.secret)
        if factor.kind == FactorKind.TOTP:
            secret = unseal(DataKey(0, named_key("factor")), secret, Place("signin.factor", factor.pk, "secret", ""))
    except SealError:
        return False
    factor.secret = sealed(factor.pk, factor.user_id, secret)
    factor.save(update_fields=["secret"])
    return True


def step_of(secret: str, code: str) -> int | None:
    """The step of 30 seconds whose code this is: the present one or a neighbour of it (clocks differ)."""
    app, at = pyotp.TOTP(secret), int(now().timestamp()) // STEP
    shown = code.replace(" ", "")
    found = (step for step in (at, at - 1, at + 1) if pyotp.utils.strings_equal(app.at(step * STEP), shown))
    return next(found, None)


def shown_by_code(user_id: int, code: str) -> By | None:
    """Which kind of factor a typed code is of, or None. It is used up: neither an app's code nor a recovery code
    counts again."""
    apps = Factor.objects.select_for_update().filter(user_id=user_id, kind=FactorKind.TOTP)
    for factor in apps.order_by("pk"):
        secret = made_here(factor)
        step = secret and step_of(secret.decode(), code)
        if secret and step:
            if step <= factor.counter:  # also where another row has the same secret
                return None
            _used(factor, secret, step)
            return By(factor.kind)
    digest = recovery_digest(user_id, code)
    return By.RECOVERY if RecoveryCode.objects.filter(user_id=user_id, digest=digest).delete()[0] else None


def shown_by_passkey(user_id: int, answer: str, site: Site, challenge: bytes) -> By | None:
    """By.PASSKEY when the browser's answer is of one of the account's passkeys for this challenge, or None."""
    for factor in Factor.objects.select_for_update().filter(user_id=user_id, kind=FactorKind.PASSKEY).order_by("pk"):
        key, credential = made_here(factor), bytes(factor.credential or b"")
        count = asserted(answer, site, challenge, key, credential, factor.counter) if key else None
        if key and count is not None:
            _used(factor, key, count)
            return By(factor.kind)
    return None


def with_factor(user_ids: Iterable[int]) -> set[int]:
    """Which of these accounts have a second factor, as far as the asker may know."""
    return set(Factor.objects.filter(user_id__in=list(user_ids)).values_list("user_id", flat=True))


def drop_all(user_id: int) -> int:
    """Take away every second factor and recovery code of an account; returns how many factors there were."""
    RecoveryCode.objects.filter(user_id=user_id).delete()
    return Factor.objects.filter(user_id=user_id).delete()[0]


def unbind(user_id: int) -> int:
    """Take away what an account is bound to at the government's sign-on, which may bring a second factor of its own;
    returns how many bindings there were."""
    return Binding.objects.filter(user_id=user_id).delete()[0]


def recovery_digest(user_id: int, code: str) -> bytes:
    """The hash of a recovery code, of this account alone: Argon2id with a salt that only a named key gives, then that
    key over it, so neither the database nor the keys alone let anybody guess."""
    salt = index("recovery_code", f"salt:{user_id}")
    slow = Argon2id(salt=salt, length=32, iterations=PASSES, lanes=LANES, memory_cost=KIB).derive(
        student_number(code).encode()
    )
    return index("recovery_code", f"{user_id}:{slow.hex()}")


def _place(factor: UUID, user_id: int) -> Place:
    return Place("signin.factor", factor, "secret", f"user:{user_id}")


def _used(factor: Factor, secret: bytes, counter: int) -> None:
    """Note the use; what stands there in another suite than new keys is sealed anew."""
    if suite_of(factor.secret) != settings.VAULT_SUITE:
        factor.secret = sealed(factor.pk, factor.user_id, secret)
    factor.counter, factor.used_at = counter, now()
    factor.save(update_fields=["secret", "counter", "used_at"])
