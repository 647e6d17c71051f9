"""The sections of a file: who reads and who writes each. The rights stand in the one table (access/rights.py), and the
wall around entries says the same (migration 0008_sections; tests/rules/test_sections.py holds them to each other)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from cases.models import Case, Channel, Entry, EntryKind, Section, Transfer
from wellbeing.access.actor import Actor
from wellbeing.access.grants import held
from wellbeing.access.holders import holders
from wellbeing.access.models import Hold, Origin
from wellbeing.access.permissions import P
from wellbeing.access.policy import allowed
from wellbeing.access.rights import RIGHTS
from wellbeing.audit.trail import trail
from wellbeing.people.desks import roles_by_key

READS: dict[str, P] = {section: P(f"cases:{section}:read") for section in Section.values}
WRITES: dict[str, P] = {section: P(f"cases:{section}:write") for section in Section.values}


def readable_sections(actor: Actor, case: Case) -> frozenset[str]:
    """The sections that the actor may read here. What her own desk wrote she reads besides, but for the sealed one."""
    return _of(READS, allowed(actor, READS.values(), case))


def writable_sections(actor: Actor, case: Case) -> frozenset[str]:
    return _of(WRITES, allowed(actor, WRITES.values(), case))


def second(actor: Actor, case: Case) -> int | None:
    """The account that opened the sealed section to the actor behind her broken glass, as the second person."""
    grants = (one for one in held(actor, case) if one.hold == Hold.SEALED and one.origin == Origin.BREAK_GLASS)
    return next((one.by for one in grants), None)


def sees_reporter(actor: Actor, case: Case, concern: Entry | None = None) -> bool:
    """Whether the actor is told who reported a concern: at the desk it came to, which its entry names, wherever its
    file has gone since; or with the sealed section open. Of an entry from before it did, and of the trail of its case,
    that desk is the one that owns the file, unless the file was taken over."""
    if Section.SEALED in readable_sections(actor, case):
        return True
    if concern is not None and concern.desk_id is not None:
        return concern.desk_id in actor.desks
    return case.owner_desk_id in actor.desks and not Transfer.objects.filter(case=case, moved_in__isnull=False).exists()


def unnamed_givers(actor: Actor, case: Case) -> frozenset[tuple[int | None, datetime]]:
    """By whom and when the first grants of a concern were given, where the actor is not told who reported it: whoever
    reports opens its case to its first holders."""
    if case.channel != Channel.CONCERN or sees_reporter(actor, case):
        return frozenset()
    return frozenset((one.actor_id, case.opened_at) for one in trail(case.pk, None, (P.CONCERN_REPORT,)))


@dataclass(frozen=True, slots=True)
class Opening:
    """One line of "who opens which section": the reader's own two rights, and everybody who may read it."""

    section: Section
    reads: bool
    writes: bool
    names: tuple[str, ...]


def openings(actor: Actor, case: Case) -> list[Opening]:
    """Every section of the case, whether or not anything stands in it. For the page of somebody who sees the case."""
    mine, writes, grants = readable_sections(actor, case), writable_sections(actor, case), holders(case)
    roles = roles_by_key(one.key for one in grants)
    found = []
    for section in Section:
        right = RIGHTS[READS[section]]
        names = [
            one.name
            for one in grants
            if roles[one.key] & right.roles and (one.sealed if right.hold == Hold.SEALED else one.hold != Hold.SEE)
        ]
        found.append(Opening(section, section in mine, section in writes, tuple(names)))
    return found


def written_besides(actor: Actor, case: Case, kinds: Collection[EntryKind]) -> bool:
    """Whether anything but entries of these kinds stands in a case that the actor works on, also if she reads none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app_written_besides(%s, %s, %s)", [case.pk, list(kinds), list(actor.desks)])
        return bool(cursor.fetchone()[0])


def _of(rights: dict[str, P], mine: Iterable[P]) -> frozenset[str]:
    return frozenset(section for section, right in rights.items() if right in set(mine))
