"""Grants: guardian's rows with an end and a seal. To give, to take away, and to ask who holds what.

A row whose seal does not hold was not written here, and one whose seal has ended was put back: neither counts for
anything, whoever asks.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from guardian.utils import get_group_obj_perms_model, get_user_obj_perms_model

from wellbeing.access.actor import Actor, memory
from wellbeing.access.changes import Change, Side, note
from wellbeing.access.models import Ended, GrantFields, Hold, Origin
from wellbeing.access.sealed import said_by, seal_holds, seal_of
from wellbeing.people.models import Desk, User
from wellbeing.workdays import now

log = logging.getLogger("wellbeing.access")
# Default lives of a grant (SECURITY.md 3.1): the owner's and the triage desk's, and a receiver's.
OWNER_DAYS = timedelta(days=180)
RECIPIENT_DAYS = timedelta(days=30)
DUTY_DAYS = timedelta(days=3)  # whoever is on duty when a call-back is due
FULL = (Hold.SEE, Hold.READ, Hold.WORK)
WHOLE = (*FULL, Hold.SEALED)  # of whoever took the call, or calls back: she needs its number


@cache
def hold_id(model: type[models.Model], hold: str) -> int:
    """The id of guardian's permission row for one hold on one model."""
    content_type = ContentType.objects.get_for_model(model)
    return Permission.objects.values_list("id", flat=True).get(content_type=content_type, codename=hold)


@cache
def tables(model: Any) -> tuple[type[Any], type[Any]]:
    """The user and the group permission model of Case or Referral."""
    return get_user_obj_perms_model(model), get_group_obj_perms_model(model)


def all_tables() -> list[Any]:
    """Every permission model that holds grants."""
    return [model for model in apps.get_models() if issubclass(model, GrantFields)]


class Held(NamedTuple):
    """One live grant of somebody on one object; `desk` None when it is her own."""

    hold: str
    desk: int | None
    origin: str
    since: datetime
    until: datetime
    by: int | None


class Read(NamedTuple):
    """What stands there as somebody's live grants on one object: those written here, and the others."""

    sound: frozenset[Held]
    forged: frozenset[Held]


def held(actor: Actor, target: models.Model) -> frozenset[Held]:
    """The actor's live grants on one object. One query per transaction, by the clock of the database."""
    return held_each(actor, [target])[target.pk]


def held_each(actor: Actor, targets: Sequence[models.Model]) -> dict[Any, frozenset[Held]]:
    """The actor's live grants on each of some objects of one kind, by key: one query for those not asked before."""
    return {pk: found.sound for pk, found in _read(actor, targets).items()}


def forged(actor: Actor, target: models.Model) -> frozenset[Held]:
    """What stands there as the actor's grants on one object and was not written here: it opens nothing."""
    return _read(actor, [target])[target.pk].forged


def _read(actor: Actor, targets: Sequence[models.Model]) -> dict[Any, Read]:
    kept: dict[Any, Read] = memory().setdefault(("held", actor), {})
    every = {target.pk: target for target in targets}
    if asked := [target for pk, target in every.items() if pk not in kept]:
        kept |= _held(actor, asked)
    return {pk: kept[pk] for pk in every}


def _held(actor: Actor, targets: Sequence[models.Model]) -> dict[Any, Read]:
    user_table, group_table = (table._meta.db_table for table in tables(type(targets[0])))
    ended = "EXISTS (SELECT 1 FROM access_ended e WHERE e.seal = g.seal)"
    columns = f"g.origin, g.granted_at, g.expires_at, g.granted_by_id, g.seal, {ended}"
    sql = (
        f"SELECT g.content_object_id, p.codename, NULL::integer, {columns} FROM {user_table} g"
        " JOIN auth_permission p ON p.id = g.permission_id"
        " WHERE g.content_object_id = ANY(%(pks)s) AND g.user_id = %(user)s AND g.expires_at > app_now()"
        f" UNION ALL SELECT g.content_object_id, p.codename, g.group_id, {columns} FROM {group_table} g"
        " JOIN auth_permission p ON p.id = g.permission_id"
        " WHERE g.content_object_id = ANY(%(pks)s) AND g.group_id = ANY(%(desks)s) AND g.expires_at > app_now()"
    )
    pks = [target.pk for target in targets]
    found: dict[Any, tuple[list[Held], list[Held]]] = {pk: ([], []) for pk in pks}
    with connection.cursor() as cursor:
        cursor.execute(sql, {"pks": pks, "user": actor.holder, "desks": list(actor.desks)})
        for pk, hold, desk, origin, begun, until, by, seal, over in cursor:
            table, holder = (user_table, actor.person) if desk is None else (group_table, desk)
            stands = not over and seal_holds(seal, table, holder, pk, hold, origin, by, begun, until)
            found[pk][not stands].append(Held(hold, desk, origin, begun, until, by))
            if not stands:
                log.error("a grant that was not made here", extra={"codes": {"object": pk, "holder": holder}})
    return {pk: Read(frozenset(sound), frozenset(others)) for pk, (sound, others) in found.items()}


def _changed(target: models.Model) -> None:
    """What was read of the grants on this object is read again; those on others have not changed."""
    for key, kept in memory().items():
        if key[0] == "held":
            kept.pop(target.pk, None)


def grant(
    target: models.Model,
    *,
    to: Desk | User,
    origin: Origin,
    expires_at: datetime,
    by: Actor,
    holds: Iterable[Hold] = FULL,
    reason: bytes | None = None,
    at: datetime | None = None,
) -> None:
    """Give a desk or a person holds on one object until `expires_at`; giving again renews the end and the origin.

    The first grant of an object is written before the object itself (foreign keys are checked on commit): its
    row-level policy then already lets its maker in.
    """
    _changed(target)
    rows = grant_rows(target, to=to, origin=origin, expires_at=expires_at, by=by, holds=holds, reason=reason, at=at)
    model, holder = type(rows[0]), "user" if isinstance(to, User) else "group"
    model.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=[holder, "permission", "content_object"],
        update_fields=["origin", "granted_by", "granted_at", "expires_at", "reason", "seal"],
    )


def lend(
    target: models.Model, *, to: User, origin: Origin, expires_at: datetime, by: Actor, holds: Iterable[Hold] = FULL
) -> None:
    """The same for whoever steps in for a while: a hold that she has for longer stays as it is. The caller sees the
    grants."""
    kept = tables(type(target))[0].objects.filter(
        content_object_id=target.pk, user_id=to.pk, expires_at__gte=expires_at
    )
    had = {row.permission_id for row in standing(kept)}
    lacking = [hold for hold in holds if hold_id(type(target), hold) not in had]
    if lacking:
        grant(target, to=to, origin=origin, expires_at=expires_at, by=by, holds=lacking)


def grant_rows(
    target: models.Model,
    *,
    to: Desk | User,
    origin: Origin,
    expires_at: datetime,
    by: Actor,
    holds: Iterable[Hold] = FULL,
    reason: bytes | None = None,
    at: datetime | None = None,
) -> list[Any]:
    """The unsaved rows of one grant, sealed, for whoever writes many at once on objects that are new. The one place
    where rows of grants are made; the running action's event says them."""
    user_model, group_model = tables(type(target))
    begun, given = at or now(), tuple(holds)
    common = {
        "content_object_id": target.pk,
        "origin": origin,
        "granted_by_id": by.id,
        "granted_at": begun,
        "expires_at": expires_at,
        "reason": reason,
    }
    side = Side.USER if isinstance(to, User) else Side.DESK
    model: Any = user_model if side == Side.USER else group_model
    holder = {"user_id" if side == Side.USER else "group_id": to.pk}
    table = model._meta.db_table
    note(Change.GIVEN, target.pk, side, to.pk, [Hold(hold) for hold in given], Origin(origin), begun, expires_at)
    return [
        model(
            **holder,
            **common,
            permission_id=hold_id(type(target), hold),
            seal=seal_of(table, to.pk, target.pk, hold, origin, by.id, begun, expires_at),
        )
        for hold in given
    ]


def revoke(target: models.Model, *, holder: Desk | User | None = None, origin: Origin | None = None) -> int:
    """Take away every grant on the object, or those of one holder, or of one origin; returns how many rows ended."""
    _changed(target)
    side = None if holder is None else Side.USER if isinstance(holder, User) else Side.DESK
    note(Change.ENDED, target.pk, side, holder and holder.pk, origin and Origin(origin))
    ended = 0
    for model in tables(type(target)):
        rows = model.objects.filter(content_object_id=target.pk, **({"origin": origin} if origin else {}))
        if isinstance(holder, User):
            rows = rows.filter(user_id=holder.pk) if hasattr(model, "user_id") else rows.none()
        elif isinstance(holder, Desk):
            rows = rows.filter(group_id=holder.pk) if hasattr(model, "group_id") else rows.none()
        ended += rows.delete()[0]
    return ended


def since(target: models.Model, hold: Hold | None = None) -> list[tuple[Desk | User, datetime]]:
    """Every desk and person with a live grant on the object, or with this hold of it, and since when. The caller sees
    the grants."""
    found: dict[tuple[str, int], tuple[Desk | User, datetime]] = {}
    for model, field in zip(tables(type(target)), ("user", "group__desk"), strict=True):
        rows = model.objects.filter(content_object_id=target.pk, expires_at__gt=now()).select_related(field)
        if hold is not None:
            rows = rows.filter(permission_id=hold_id(type(target), hold))
        for row in standing(rows.order_by("-granted_at")):
            holder = row.user if field == "user" else row.group.desk
            found[field, holder.pk] = holder, row.granted_at
    return list(found.values())


def work_of(desk: Desk, target: models.Model) -> bool:
    """Whether a desk may act on the object, not only look at it. The caller sees the grants."""
    return work_row(desk, target) is not None


def work_row(desk: Desk, target: models.Model) -> Any | None:
    """The live row by which it may: why, since when, until when."""
    _user_model, group_model = tables(type(target))
    mine = group_model.objects.filter(content_object_id=target.pk, group_id=desk.pk, expires_at__gt=now())
    return next(iter(standing(mine.filter(permission_id=hold_id(type(target), Hold.WORK)))), None)


def hold_of(row: Any) -> str:
    """The name of what a grant's row opens."""
    model = row._meta.get_field("content_object").related_model
    return next((hold for hold in Hold if hold_id(model, hold) == row.permission_id), "")


def standing(rows: models.QuerySet[Any]) -> list[Any]:
    """Those of some rows of grants whose seal holds and has not ended."""
    kept = rows.filter(~models.Exists(Ended.objects.filter(seal=models.OuterRef("seal"))))
    return [row for row in kept if seal_holds(row.seal, *said_by(row, hold_of(row)))]
