"""The only door to change: `@action` puts permission, lock, replay, transaction and audit around a verb.

An action is a function with keyword arguments. The first, `actor`, is who does it; one of TARGETS, when it has
one, is what it is done to. Its body checks facts, moves a state, writes, posts notices and returns an `Outcome`;
everything else happens here, in this order:

0. where the action asks for it, a second factor shown within the last minutes, else `Stale`
1. one transaction under the actor's identity (row-level security applies to the action too)
2. a key that was seen before gives the first answer again
3. the target row is fetched anew and locked; one that cannot be seen is `Forbidden`
4. `access.policy.may`
5. the body
6. the audit event, last, because it locks the head of its chain until commit; it names the post by which she did it,
   and the grants that were given and ended
"""

from __future__ import annotations

import functools
import inspect
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, cast
from uuid import UUID

from django.apps import apps
from django.db import connection, models
from django.utils.crypto import salted_hmac

from wellbeing.access.actor import Actor, as_a_whole, identity
from wellbeing.access.changes import facts, noting
from wellbeing.access.models import Done
from wellbeing.access.permissions import P
from wellbeing.access.policy import acted, may, through
from wellbeing.audit.record import record
from wellbeing.errors import Forbidden, Stale, WrongState
from wellbeing.workdays import now

T = TypeVar("T")
TARGETS = (
    "case",
    "referral",
    "staffing_return",
    "centre",
    "incident",
    "activity",
    "hotline_year",
    "account",
    "appointment",
    "post",
    "absence",
    "token",
)


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """What a body hands back: the value for the caller, the audit stream, facts for the event (codes, never words),
    and the desk through which she did it, where the body alone knows (policy.through finds the others)."""

    value: T
    stream: UUID
    facts: Mapping[str, Any] = field(default_factory=dict)
    desk: int | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """One line of the registry, from which the matrix, the docs and the API are made."""

    name: str
    permission: P
    target: str | None
    module: str
    fresh: bool
    run: Callable[..., Any]


REGISTRY: dict[str, Action] = {}


def action(permission: P, *, fresh: bool = False) -> Callable[[Callable[..., Outcome[T]]], Callable[..., T]]:
    """Make a verb an action under one permission; a `fresh` one asks for a second factor shown within the last minutes,
    whatever page or address leads here.

    The wrapped function takes its body's keywords plus `key`, an idempotency key (UUID) from the form or the API.
    Raises Forbidden (404; Stale where the factor is not fresh), WrongState (409) or Invalid (422); after any of them
    nothing was written.
    """

    def wrap(body: Callable[..., Outcome[T]]) -> Callable[..., T]:
        target = next((name for name in inspect.signature(body).parameters if name in TARGETS), None)

        @functools.wraps(body)
        def run(*, actor: Actor, key: UUID | None = None, **given: Any) -> T:
            try:
                return _run(actor, key, given)
            except WrongState as late:
                late.target = given.get(target or "")
                raise

        def _run(actor: Actor, key: UUID | None, given: dict[str, Any]) -> T:
            if fresh and not actor.fresh:
                raise Stale
            with identity(actor):
                done = None
                if key is not None and actor.id is not None:
                    done, first = _claim(actor, key, body.__name__, given)
                    if not first:
                        return cast(T, _replay(done))
                subject = None
                if target:
                    subject = given[target] = _locked(given[target])
                if not may(actor, permission, subject):
                    raise Forbidden
                desk = given.get("desk_id")
                acting = through(actor, permission, subject, desk_id=desk)
                with as_a_whole(), noting() as changes:
                    outcome = body(actor=acting, **given)
                if done:
                    _remember(done, outcome.value)
                by = acted(acting, permission, subject, desk_id=outcome.desk or desk, made=outcome.value)
                record(stream=outcome.stream, act=permission, actor=by, facts={**outcome.facts, **facts(changes)})
                return outcome.value

        REGISTRY[body.__name__] = Action(body.__name__, permission, target, body.__module__, fresh, run)
        return run

    return wrap


def was_done(actor: Actor, key: str) -> bool:
    """Whether the actor has sent a form with this key before, and it was done."""
    try:
        return done_by(actor, UUID(key)) is not None
    except ValueError:
        return False


def done_by(actor: Actor, key: UUID) -> Done | None:
    """What the actor has done under this key, if anything."""
    return Done.objects.filter(user_id=actor.person, key=key).first()


def _locked(target: Any) -> Any:
    """The row as it is now, locked; the asker's identity decides whether it exists."""
    row = type(target)._base_manager.select_for_update(of=("self",)).filter(pk=target.pk).first()
    if row is None:
        raise Forbidden
    return row


def _claim(actor: Actor, key: UUID, name: str, given: Mapping[str, Any]) -> tuple[Done, bool]:
    """The row of this key, and whether we made it. A second sender waits here until the first has committed."""
    digest = salted_hmac(name, json.dumps(given, default=_plain, sort_keys=True), algorithm="sha256").hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO access_done (user_id, key, action, digest, model, done_at)"
            " VALUES (%s, %s, %s, %s, '', app_now())"
            " ON CONFLICT (user_id, key) DO NOTHING",
            [actor.id, key, name, digest],
        )
        first = cursor.rowcount == 1
    done = Done.objects.get(user_id=actor.person, key=key)
    if done.digest != digest or done.action != name:
        raise WrongState("done", name)
    return done, first


def _remember(done: Done, value: Any) -> None:
    if isinstance(value, models.Model):
        done.model, done.object_id = value._meta.label, value.pk
    done.done_at = now()
    done.save(update_fields=["model", "object_id", "done_at"])


def _replay(done: Done) -> Any:
    if not done.model:
        return None
    found = apps.get_model(done.model)._base_manager.filter(pk=done.object_id).first()
    if found is None:
        raise Forbidden
    return found


def _plain(value: Any) -> Any:
    return str(value.pk) if isinstance(value, models.Model) else repr(value)
