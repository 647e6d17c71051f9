"""The door to tokens: whose they are to see, to decide and to end. Fetch and check in one call."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.access.rights import TOKENS
from wellbeing.api.models import ApiToken, TokenState
from wellbeing.errors import Forbidden
from wellbeing.people.models import Role
from wellbeing.workdays import now

OVERSEE = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)
MOST = 200  # of one page


@dataclass(frozen=True, slots=True)
class Row:
    """A token as a page shows it, with how it stands (`standing_of`) and what the reader may do with it."""

    it: ApiToken
    standing: str
    may_decide: bool
    may_end: bool


def open_token(actor: Actor, reference: str, permission: P = P.TOKEN_LIST) -> ApiToken:
    """A token that the actor may see, decide or end. Forbidden when missing or not hers: her own, or anybody's for the
    two administrators; nobody decides on her own."""
    try:
        pk = UUID(reference)
    except ValueError:
        raise Forbidden from None
    found = ApiToken.objects.select_related("user", "post__desk__organisation").filter(pk=pk).first()
    if found is None or not may(actor, permission):
        raise Forbidden
    mine = found.user_id == actor.id
    if mine if permission == P.TOKEN_DECIDE else not (mine or oversees(actor)):
        raise Forbidden
    return found


def oversees(actor: Actor) -> bool:
    """Whether she sees and ends everybody's tokens."""
    return bool(actor.roles & set(OVERSEE))


def tokens_of(actor: Actor) -> list[Row]:
    """Her own tokens, or everybody's for the two administrators: those that wait first, then the newest."""
    if not may(actor, P.TOKEN_LIST):
        raise Forbidden
    whose = Q() if oversees(actor) else Q(user_id=actor.id)
    asked = ApiToken.objects.filter(whose).select_related("user", "post__desk__organisation", "decided_by")
    rows = [_row(actor, one) for one in asked.order_by("-asked_at")[:MOST]]
    return sorted(rows, key=lambda row: row.standing != TokenState.WAITING)


def _row(actor: Actor, one: ApiToken) -> Row:
    standing = standing_of(one)
    waits, lives = standing == TokenState.WAITING, standing in (TokenState.WAITING, TokenState.IN_FORCE)
    decides = waits and may(actor, P.TOKEN_DECIDE) and one.user_id != actor.id
    return Row(one, standing, decides, lives and (one.user_id == actor.id or oversees(actor)))


def standing_of(one: ApiToken) -> str:
    """Its state, or `expired`, or `post` where its post has ended."""
    at = now()
    if one.state in (TokenState.DECLINED, TokenState.ENDED):
        return one.state
    if one.post.ends_on is not None and one.post.ends_on < at.date():
        return "post"
    return "expired" if one.expires_at <= at else one.state


def posts_for_tokens(actor: Actor) -> list[int]:
    """The posts by which she may have a token: those that run now and are no administrator's."""
    return [post.id for post in actor.posts if post.role in TOKENS]
