"""Who holds live grants on an object, for whoever sees it: every desk and person by name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection, models

from wellbeing.access.grants import FULL, tables
from wellbeing.access.models import Hold
from wellbeing.access.sealed import seal_holds
from wellbeing.people.models import Desk, Organisation, User

# By one question for both sides: a case asks it each time that it is shown.
_LIVE = """
SELECT g.{holder}, p.codename, g.origin, g.granted_at, g.expires_at, g.granted_by_id, g.seal,
  b.username, b.display_name, {names}
FROM {table} g {whose} JOIN auth_permission p ON p.id = g.permission_id
  LEFT JOIN people_user b ON b.id = g.granted_by_id
WHERE g.content_object_id = %(pk)s AND g.expires_at > app_now()
  AND NOT EXISTS (SELECT FROM access_ended e WHERE e.seal = g.seal)"""
_USERS = {
    "holder": "user_id",
    "names": "u.username, u.display_name, NULL",
    "whose": "JOIN people_user u ON u.id = g.user_id",
}
_DESKS = {
    "holder": "group_id",
    "names": "o.name, o.name_en, d.role",
    "whose": "JOIN people_desk d ON d.group_id = g.group_id JOIN people_organisation o ON o.id = d.organisation_id",
}


@dataclass(frozen=True, slots=True)
class Holder:
    """One line of "who may open this": the desk or person, its strongest hold, why, by whom, since and until when; and
    until when the sealed section is open to it besides."""

    name: str
    hold: str
    origin: str
    by: str
    since: datetime
    until: datetime
    key: str  # `desk:` or `user:` and the number: what pages name it by
    sealed: datetime | None = None
    giver: int | None = None  # the account behind `by`


def holders(target: models.Model) -> list[Holder]:
    """Who holds live grants on the object, strongest hold only, oldest first. The caller must see the object."""
    found: dict[str, Holder] = {}
    sealed: dict[str, datetime] = {}
    of_users, of_desks = (table._meta.db_table for table in tables(type(target)))
    sql = _LIVE.format(table=of_users, **_USERS) + " UNION ALL" + _LIVE.format(table=of_desks, **_DESKS)
    with connection.cursor() as cursor:
        cursor.execute(sql, {"pk": target.pk})
        rows = cursor.fetchall()
    for who, hold, origin, since, until, by, seal, giver, giver_name, name, other, role in rows:
        key, table = (f"desk:{who}", of_desks) if role else (f"user:{who}", of_users)
        if not seal_holds(seal, table, who, target.pk, hold, origin, by, since, until):
            continue
        if hold == Hold.SEALED:
            sealed[key] = until
            continue
        known = found.get(key)
        if known is None or FULL.index(Hold(hold)) > FULL.index(Hold(known.hold)):
            given_by = _person(giver, giver_name) if giver else ""
            holder = _desk(name, other, role) if role else _person(name, other)
            found[key] = Holder(known.name if known else holder, hold, origin, given_by, since, until, key, giver=by)
    oldest = sorted(found.items(), key=lambda one: (one[1].since, one[0].startswith("desk:"), one[0]))
    return [replace(one, sealed=sealed.get(key)) for key, one in oldest]


def _person(username: str, display_name: str) -> str:
    return str(User(username=username, display_name=display_name))


def _desk(name: str, name_en: str, role: str) -> str:
    return str(Desk(role=role, organisation=Organisation(name=name, name_en=name_en)))
