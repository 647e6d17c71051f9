"""Record the special groups (特殊群体) that a student belongs to: all of them at once, sealed."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cases.access import writer
from cases.actions._raising import raise_to
from cases.groups import Group
from cases.models import Case, Entry, EntryKind, PolicyVersion, Section
from cases.queues import newest_of
from cases.tiers import Facts, Tier, propose
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.workdays import now


@action(P.GROUPS_FLAG)
def flag_groups(
    *,
    actor: Actor,
    case: Case,
    groups: Sequence[Group],
    seen: UUID | None,
    life_event: bool = False,
    note: str = "",
    confirm_by: date | None = None,
    desk_id: int | None = None,
) -> Outcome[Entry]:
    """Write the groups as they stand now; the newest entry counts. A flag with a hard event is at least blue, a flag
    alone is no tier (PRACTICE.md 7).

    `seen` is the entry that the writer had before her; Invalid("seen") when a colleague has written one since, and for
    a closed case.
    """
    if case.status == "closed":
        raise Invalid("groups", _("The case is closed."))
    if newest_of(case, EntryKind.GROUPS) != seen:
        raise Invalid("seen", _("A colleague has changed this meanwhile."))
    at, policy = now(), PolicyVersion.current().policy()
    words = {
        "groups": [str(group) for group in groups],
        "life_event": "yes" if life_event else "",
        "note": note,
        "confirm_by": confirm_by.isoformat() if confirm_by and groups else "",
    }
    made = writer(case).entry(Section.GUARDIAN, EntryKind.GROUPS, words, actor=actor, at=at, desk_id=desk_id)
    made.save(force_insert=True)
    found = propose(Facts(special_group=bool(groups), life_event=life_event), policy)
    rules = frozenset(reason.rule for reason in found.reasons)
    before = Tier(case.tier)
    facts: dict[str, Any] = {"groups": len(groups)}
    if raise_to(case, found.tier, actor=actor, at=at, rules=rules):
        facts |= {"from": before, "to": found.tier}
    return Outcome(made, stream=case.pk, facts=facts)
