"""The government's single sign-on (OpenID Connect), by Authlib; it does not exist unless settings name its provider.

Nobody gets an account by it: a subject signs in where its owner has bound it before. Code flow with PKCE, state and
nonce; Authlib checks signature, issuer, audience, expiry and nonce of the token. The provider is asked to have its
visitor sign in anew: its own session would otherwise open ours again after fifteen idle minutes, to whoever sits there.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import cache
from typing import Any

from authlib.integrations.base_client import OAuthError
from authlib.integrations.django_client import DjangoOAuth2App, OAuth
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from joserfc.errors import JoseError
from requests import RequestException

from wellbeing.access.actor import identity
from wellbeing.access.machines import SIGNIN
from wellbeing.access.proof import seconds
from wellbeing.people.models import User
from wellbeing.signin.models import Binding

SECONDS = 5  # the provider's time to answer
# By which a token may be signed: with a key that the provider alone has. Some offer `none` as well, and Authlib goes by
# what they offer.
SIGNED = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
OFFERED = "id_token_signing_alg_values_supported"
KEPT = 3_600  # seconds: a key that the provider has taken back signs nobody in for longer
log = logging.getLogger("wellbeing.signin")


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom the provider has signed in, whether with more than a password, and when (seconds; 0: it does not say)."""

    issuer: str
    subject: str
    strong: bool
    at: int = 0


def offered() -> bool:
    """Whether there is such a sign-on here."""
    return bool(settings.OIDC_DISCOVERY_URL)


def lead_away(request: HttpRequest) -> HttpResponse | None:
    """To the provider's page, or None when it does not answer."""
    try:
        answer: HttpResponse = _client(settings.OIDC_DISCOVERY_URL).authorize_redirect(
            request, request.build_absolute_uri(reverse("sign_on_back")), prompt="login"
        )
    except (OAuthError, RequestException, RuntimeError):
        log.exception("the government's sign-on does not answer")
        return None
    return answer


def came_back(request: HttpRequest) -> Subject | None:
    """Whom the provider's answer names, or None for one that does not hold."""
    try:
        claims: dict[str, Any] = _client(settings.OIDC_DISCOVERY_URL).authorize_access_token(request)["userinfo"]
    except (OAuthError, JoseError, RequestException, RuntimeError, KeyError):
        log.warning("an answer of the government's sign-on does not hold", exc_info=True)
        return None
    ways = claims.get("amr") or []
    shown = {claims.get("acr"), *(ways if isinstance(ways, list) else [ways])}
    strong = bool(shown & set(settings.OIDC_SECOND_FACTOR))
    return Subject(str(claims["iss"]), str(claims["sub"]), strong, int(claims.get("auth_time") or 0))


def account_of(subject: Subject) -> User | None:
    """The active account that its owner has bound to the subject."""
    with identity(SIGNIN):
        found = Binding.objects.select_related("user").filter(issuer=subject.issuer, subject=subject.subject).first()
    return found.user if found and found.user.is_active else None


def is_bound(user_id: int) -> bool:
    """Whether an account is bound to a subject. Under its owner's identity."""
    return Binding.objects.filter(user_id=user_id).exists()


class _Client(DjangoOAuth2App):
    """As Authlib's, but it takes signed tokens alone, and asks for addresses and keys again after a while."""

    def load_server_metadata(self) -> dict[str, Any]:
        if seconds() - self.server_metadata.get("_loaded_at", 0) > KEPT:
            self.server_metadata.clear()
        found: dict[str, Any] = super().load_server_metadata()
        found[OFFERED] = [one for one in found.get(OFFERED) or SIGNED if one in SIGNED]
        return found


@cache
def _client(discovery: str) -> Any:
    oauth = OAuth()
    return oauth.register(
        "government",
        client_id=settings.OIDC_CLIENT_ID,
        client_secret=settings.OIDC_CLIENT_SECRET,
        server_metadata_url=discovery,
        client_cls=_Client,
        client_kwargs={"scope": "openid", "code_challenge_method": "S256", "timeout": SECONDS},
    )
