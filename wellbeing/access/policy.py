"""Who may what: one evaluator of the table in rights.py. `may` enforces it, `explain` shows the same tree."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any, NamedTuple

from django.db import models

from wellbeing.access.actor import Actor, PostInfo
from wellbeing.access.grants import Held, forged, held, held_each
from wellbeing.access.machines import MACHINES
from wellbeing.access.permissions import P
from wellbeing.access.rights import RIGHTS
from wellbeing.errors import Forbidden
from wellbeing.people.models import Role as R


class Clause(StrEnum):
    """What is asked, one after the other."""

    MACHINE = "machine"  # its name is listed for this
    SIGNED_IN = "signed in"
    POST = "post"  # a post of the right role runs today
    OBJECT = "object"  # it is about one object
    GRANT = "grant"  # a live grant on the object, through that post
    SEAL = "seal"  # that grant was written here: only asked of one that was not
    SECTION = "section"  # what it writes goes into a section that she may write into


class Step(NamedTuple):
    """One clause, whether it held, and what made it hold: her posts, or her live grants."""

    clause: Clause
    holds: bool
    by: tuple[Any, ...] = ()


class Verdict(NamedTuple):
    """The steps in the order of evaluation; it is allowed when every one held, and there was one."""

    steps: tuple[Step, ...]

    @property
    def allowed(self) -> bool:
        return bool(self.steps) and all(step[1] for step in self.steps)


PLACES = ("desk_id", "with_desk_id", "school_id", "organisation_id", "hotline_id")
NO_GRANT: frozenset[Held] = frozenset()


def asks_second_factor(actor: Actor) -> bool:
    """Whether the actor's posts are worth a second factor: every one but a reporter's, who reads nothing. Those that
    rest ask for it too: a session outlives a leave."""
    return any(post.role != R.REPORTER for post in actor.held)


def may(actor: Actor, permission: P, target: models.Model | None = None) -> bool:
    """Whether the actor may do this (to this object) now. There is no default that lets in."""
    return explain(actor, permission, target).allowed


def may_enter(actor: Actor, permission: P) -> bool:
    """Whether a page as such is hers: a post of the right role. The object, if there is one, is checked by its door."""
    right = RIGHTS[permission]
    return bool(actor.roles & right.roles) if right.hold else may(actor, permission)


def allowed(actor: Actor, permissions: Iterable[P], target: models.Model) -> frozenset[P]:
    """Those of the permissions that the actor has on one object, with its grants read once."""
    grants = held(actor, target)
    return frozenset(p for p in permissions if _decide(actor, p, True, grants).allowed)


def may_each(actor: Actor, permission: P, targets: Sequence[models.Model]) -> dict[Any, bool]:
    """The same answer for each of a page's objects, by key: one query for all their grants, and one decision each."""
    needs = RIGHTS[permission].hold is not None and not actor.system
    grants = held_each(actor, targets) if needs else {target.pk: NO_GRANT for target in targets}
    return {pk: _decide(actor, permission, True, held).allowed for pk, held in grants.items()}


def acts_at(actor: Actor, permission: P, target: models.Model) -> int:
    """The desk (group id) of the post by which the actor does this to an object (acts_by)."""
    return acts_by(actor, permission, target).desk_id


def acts_by(actor: Actor, permission: P, target: models.Model) -> PostInfo:
    """The post by which the actor does this to an object: the one through which she may; with a grant of her own alone
    the one at the desk that owns it, as she took a call there, else her first of a right role. What she writes is its
    desk's to read, and what she starts waits there: whoever serves at two schools, or at one and at the hotline, brings
    nothing of the one before the other. Forbidden where she has none."""
    right = RIGHTS[permission]
    posts = [post for post in actor.posts if post.role in right.roles]
    if not posts:
        raise Forbidden
    through: set[int | None] = {one.desk for one in held(actor, target) if one.hold == right.hold and one.desk}
    through = through or {getattr(target, "owner_desk_id", None)}
    return next((post for post in posts if post.desk_id in through), posts[0])


def through(
    actor: Actor, permission: P, target: models.Model | None = None, *, desk_id: int | None = None, made: object = None
) -> Actor:
    """The actor as she does this, so that her event names the post by which she does: at the desk that her words name
    (`desk_id`), else where `acts_at` says for an object on which she holds grants, else at the desk or school of the
    object or of what was `made`, else at her first of a right role. It decides nothing: whoever may not stays who she
    is."""
    right = RIGHTS[permission]
    posts = [post for post in actor.posts if post.role in right.roles]
    if len(actor.posts) < 2 or not posts:
        return actor
    if desk_id in {post.desk_id for post in posts}:
        return replace(actor, seat=desk_id)
    if right.hold is not None and target is not None:
        return replace(actor, seat=acts_at(actor, permission, target))
    named = {getattr(row, name, None) for row in (target, made) for name in PLACES}
    hers = (post for post in posts if post.desk_id in named or post.organisation_id in named)
    return replace(actor, seat=next(hers, posts[0]).desk_id)


def acted(
    acting: Actor, permission: P, target: models.Model | None, *, desk_id: int | None = None, made: object = None
) -> Actor:
    """Whom the event names once it is done: whoever acted through a grant did so, though it ended with the act;
    anybody else as `through` says of what was made."""
    if desk_id is None and target is not None and RIGHTS[permission].hold is not None:
        return acting
    return through(acting, permission, target, desk_id=desk_id, made=made)


def explain(actor: Actor, permission: P, target: models.Model | None = None) -> Verdict:
    """The decision tree of `may`: the very steps that its answer is made of."""
    needs = RIGHTS[permission].hold is not None and target is not None and not actor.system
    if not needs or target is None:
        return _decide(actor, permission, target is not None, NO_GRANT)
    verdict = _decide(actor, permission, True, held(actor, target))
    if verdict.allowed or not (others := forged(actor, target)):
        return verdict
    # By whom it would be allowed, if what stands there were true: said to whoever asks why, and no ground for anything.
    claimed = _decide(actor, permission, True, held(actor, target) | others)
    if not claimed.allowed:
        return verdict
    return Verdict((*claimed.steps, Step(Clause.SEAL, False, tuple(others))))


def _decide(actor: Actor, permission: P, named: bool, grants: frozenset[Held]) -> Verdict:
    right = RIGHTS[permission]
    if actor.system:
        return Verdict((Step(Clause.MACHINE, permission in MACHINES.get(actor.name, frozenset())),))
    if right.signed_in:
        return Verdict((Step(Clause.SIGNED_IN, actor.id is not None),))
    roles, hold = right.roles, right.hold
    posts = tuple([post for post in actor.posts if post.role in roles])
    seat = Step(Clause.POST, bool(posts), posts)
    if hold is None:
        return Verdict((seat,))
    # A desk's grant counts through the post at that desk; a personal one through any post of the right role.
    desks = {post.desk_id for post in posts}
    live = tuple([grant for grant in grants if grant[0] == hold and (grant[1] is None or grant[1] in desks)])
    if right.origins is not None:
        live = tuple([grant for grant in live if grant.origin in right.origins])
    steps = seat, Step(Clause.OBJECT, named), Step(Clause.GRANT, bool(live), live)
    if right.writes is None:
        return Verdict(steps)
    into = _decide(actor, right.writes, named, grants)
    return Verdict((*steps, Step(Clause.SECTION, into.allowed, into.steps[-1].by)))
