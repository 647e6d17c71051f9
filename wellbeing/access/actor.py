"""Who acts: a person with her posts of today, or a named machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from wellbeing.access.proof import is_fresh
from wellbeing.audit.record import together
from wellbeing.people.models import Desk, Post, User
from wellbeing.workdays import one_moment


@dataclass(frozen=True, slots=True)
class PostInfo:
    """A post that runs today, flat: what checks and pages ask of it."""

    id: int
    role: str
    desk_id: int
    organisation_id: UUID
    division: str

    @property
    def desk(self) -> Desk:
        """The desk's row: nothing of it is not known here."""
        return Desk(group_id=self.desk_id, organisation_id=self.organisation_id, role=self.role)


@dataclass(frozen=True, slots=True)
class Actor:
    """The one who passes the doors. `id` is None for a machine; a machine may only what machines.MACHINES lists.
    `token` names the token of the API by which a program acts for her; her events then say so.

    `proved_at` is when she has last shown her second factor, in seconds of the machine's clock; None is not at all, and
    whoever makes an actor of an account without a session has shown nothing.

    While she is on leave, `away_until` its last day, she has no posts: what she holds `rests`. `several` says that a
    program acts for her by one post of several. `seat` is the desk at which she does what is going on, where that is
    known (policy.through): it opens nothing, and her events name the post there.
    """

    id: int | None
    name: str
    posts: tuple[PostInfo, ...] = ()
    system: bool = False
    token: UUID | None = None
    proved_at: int | None = field(default=None, compare=False)
    rests: tuple[PostInfo, ...] = ()
    away_until: date | None = None
    several: bool = False
    seat: int | None = field(default=None, compare=False)

    @classmethod
    def of(cls, user: User) -> Actor:
        """The signed-in user with the posts that count today (one query), but those that were not written here."""
        if not user.is_active or user.pk is None:
            return cls(id=None, name="nobody")
        rows: Iterable[Any] = Post.objects.raw(
            "SELECT * FROM app_posts(%s) ORDER BY id",  # before identity
            [user.pk],
        )
        held: tuple[PostInfo, ...] = ()
        away: date | None = None
        for r in rows:
            if r.holds(r.role, r.organisation_id, r.division_id):
                held += (PostInfo(r.id, r.role, r.desk_id, r.organisation_id, r.division_id),)
            away = r.rests_until
        if away:
            return cls(id=user.pk, name=str(user), rests=held, away_until=away)
        return cls(id=user.pk, name=str(user), posts=held)

    def by_token(self, token: UUID, post: int) -> Actor:
        """The same person acting by one of her posts alone, through a program; without posts when that has ended."""
        mine = tuple(one for one in self.posts if one.id == post)
        return replace(self, posts=mine, token=token, several=mine != self.posts)

    @classmethod
    def machine(cls, name: str) -> Actor:
        """A named machine actor, e.g. `system:ticker`."""
        return cls(id=None, name=f"system:{name}", system=True)

    @property
    def fresh(self) -> bool:
        """Whether the second factor was shown within the last minutes. Machines have none: theirs is the role of the
        database, or the key, that they work with; a command that takes the names of accounts runs as one."""
        return self.system or is_fresh(self.proved_at)

    @property
    def person(self) -> int:
        """The account's id where only a person can act; a machine there is a fault of ours."""
        assert self.id is not None
        return self.id

    @property
    def post_id(self) -> int | None:
        """The post by which she acts, for the audit: the one at her seat, else the first that runs."""
        first = self.posts[0].id if self.posts else None
        return next((post.id for post in self.posts if post.desk_id == self.seat), first)

    @property
    def desks(self) -> tuple[int, ...]:
        """The desks (group ids) she sits at today."""
        return tuple(post.desk_id for post in self.posts)

    @property
    def holder(self) -> int:
        """The account whose personal grants count now: nobody's (0) while she is on leave, nor for a program that acts
        by one of several posts, because they say not by which she holds them; a machine's are none."""
        return 0 if self.away_until or self.several else self.id or 0

    @property
    def held(self) -> tuple[PostInfo, ...]:
        """Her posts that run today, whether or not they rest: what ends with a post ends with none of these."""
        return self.posts + self.rests

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(post.role for post in self.posts)

    @property
    def divisions(self) -> frozenset[str]:
        return frozenset(post.division for post in self.posts)

    def post_as(self, *roles: str) -> PostInfo | None:
        """Her first post with one of these roles."""
        return next((post for post in self.posts if post.role in roles), None)

    def houses(self, roles: Iterable[str]) -> tuple[UUID, ...]:
        """The organisations at which she has a post with one of these roles, in the order of her posts."""
        wanted = frozenset(roles)
        return tuple(dict.fromkeys(post.organisation_id for post in self.posts if post.role in wanted))


NOBODY = Actor(id=None, name="nobody")
_current: ContextVar[Actor] = ContextVar("actor", default=NOBODY)
_memory: ContextVar[dict[Any, Any] | None] = ContextVar("memory", default=None)
_whole: ContextVar[bool] = ContextVar("whole", default=False)


@contextmanager
def identity(actor: Actor) -> Iterator[None]:
    """One transaction in which the database knows who asks; row-level security reads it.

    The settings are transaction-local, so they never leak to the next user of a connection. Inside another
    transaction the former identity comes back on leaving (a rolled-back savepoint brings it back by itself). Its moment
    is asked once, with the identity, and its events are written together at the end.
    """
    inside = connection.in_atomic_block
    before = _current.get()  # NOBODY outside of any transaction
    with transaction.atomic(savepoint=not (inside and _whole.get())):
        if inside and before == actor:
            with _shared():
                yield
            return
        moment = _tell(actor)
        token = _current.set(actor)
        try:
            with _shared(moment):
                yield
        finally:
            _current.reset(token)
        if inside and not connection.needs_rollback:
            if before is NOBODY:  # at the commit nobody would be known any more
                with connection.cursor() as cursor:
                    cursor.execute(
                        "SET CONSTRAINTS traced, traced_on IMMEDIATE; SET CONSTRAINTS traced, traced_on DEFERRED"
                    )
            _tell(before)


@contextmanager
def reading(machine: Actor) -> Iterator[None]:
    """The same for a machine that only counts, in a savepoint of which PostgreSQL refuses every write."""
    with identity(machine):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL transaction_read_only = on")
        yield


@contextmanager
def naming(*references: str) -> Iterator[None]:
    """While the actor asks for objects by their references: the database shows her those rows that are within her
    reach, though nobody granted them. For one question, and shut again before the next."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.named', %s, true)", [",".join(references)])
        try:
            yield
        finally:
            if not connection.needs_rollback:
                cursor.execute("SELECT set_config('app.named', '', true)")


def memory() -> dict[Any, Any]:
    """What the running transaction has read and may read again; an empty one outside of any identity.

    Whoever changes what is kept here clears it; a rolled-back block clears it too.
    """
    kept = _memory.get()
    return {} if kept is None else kept


@contextmanager
def as_a_whole() -> Iterator[None]:
    """What happens in here is done or not done together: whatever fails in an identity in here undoes it all, so that
    none of them needs a savepoint. Whoever catches such a fault inside finds the transaction shut."""
    token = _whole.set(True)
    try:
        yield
    finally:
        _whole.reset(token)


@contextmanager
def _shared(moment: datetime | None = None) -> Iterator[None]:
    """What all identities of one transaction have in common: the moment, what was read, what will be written last."""
    token = _memory.set({}) if _memory.get() is None else None
    try:
        with one_moment(moment), together():
            yield
    except BaseException:
        memory().clear()
        raise
    finally:
        if token:
            _memory.reset(token)


def _tell(actor: Actor) -> datetime:
    """Say to the database who asks, a machine by its name, and by which post alone where a program does; its clock's
    moment comes back in the same breath. Names are looked for where the product's tables are, whatever path somebody
    has left to the connection."""
    only = str(actor.post_id or 0) if actor.token else ""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT app_now(), set_config('app.user_id', %s, true), set_config('app.system', %s, true),"
            " set_config('app.machine', %s, true), set_config('app.post_id', %s, true),"
            " set_config('search_path', 'public,vault,pg_temp', true)",
            [str(actor.id or ""), "on" if actor.system else "", actor.name if actor.system else "", only],
        )
        moment: datetime = cursor.fetchone()[0]
    return moment
