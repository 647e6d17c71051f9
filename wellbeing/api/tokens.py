"""A token from the wire: whose it is, whether it counts now, and how often it was used. Nothing here opens a case."""

from __future__ import annotations

import hashlib
import math
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection

from wellbeing.access.actor import Actor, identity
from wellbeing.access.machines import API
from wellbeing.api.models import ApiToken, TokenState
from wellbeing.workdays import now

MARK = "zsw_"  # so that a token that lies about in a file or a log is known for one
LONGEST = timedelta(days=90)  # a default of ours (OWASP ASVS 5.0, 9.2: short-lived and revocable)
WORD = len(MARK) + 43  # 32 random bytes


class Slowed(Exception):
    """This token has used up its rate: the next request counts after so many seconds."""

    def __init__(self, wait: int) -> None:
        super().__init__(wait)
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Known:
    """A token that counts, and the person who acts by it: with its own post and no other."""

    token: ApiToken
    actor: Actor

    def covers(self, scope: str) -> bool:
        """Whether it was made for this; an empty scope is everybody's."""
        return not scope or scope in self.token.scopes


def new_token() -> tuple[str, str, str]:
    """A token to be shown once, the beginning by which people call it, and what is kept of it."""
    word = MARK + secrets.token_urlsafe(32)
    return word, word[: len(MARK) + 6], digest(word)


def digest(word: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(word.encode()).hexdigest()


def recognise(header: str) -> Known | None:
    """Who acts, by the `Authorization` header, and count the request; None for whatever does not count now. Raises
    Slowed. Under an identity of its own, so that a request counts whatever becomes of it."""
    scheme, _space, word = header.partition(" ")
    if scheme.lower() != "bearer" or len(word) != WORD or not word.isascii():
        return None
    with identity(API):
        found = ApiToken.objects.filter(digest=digest(word), state=TokenState.IN_FORCE, expires_at__gt=now())
        token = found.select_related("user", "post__desk__organisation").first()
        if token is None:
            return None
        actor = Actor.of(token.user).by_token(token.pk, token.post_id)
        if not actor.posts:  # the post has ended, or the account
            return None
        _count(token)
    return Known(token, actor)


def _count(token: ApiToken) -> None:
    """The rate as one moment per token (the generic cell rate algorithm of ATM): each request moves it on by its share
    of a minute, and a request is refused while the moment is further ahead than the burst allows. Raises Slowed."""
    share = 60 / settings.API_PER_MINUTE
    ahead = share * (settings.API_BURST - 1)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE api_apitoken SET used_at = app_now(),"
            " due_at = least(greatest(due_at, app_now()), app_now() + make_interval(secs => %(ahead)s))"
            " + make_interval(secs => %(share)s)"
            " WHERE id = %(token)s AND (due_at IS NULL OR due_at <= app_now() + make_interval(secs => %(ahead)s)"
            # further ahead than any request moves it: the clock was set back since
            " OR due_at > app_now() + make_interval(secs => %(ahead)s + %(share)s))",
            {"share": share, "token": token.pk, "ahead": ahead},
        )
        if cursor.rowcount == 1:
            return
        cursor.execute("SELECT extract(epoch FROM due_at - app_now()) FROM api_apitoken WHERE id = %s", [token.pk])
        raise Slowed(max(1, math.ceil(float(cursor.fetchone()[0]) - ahead)))
