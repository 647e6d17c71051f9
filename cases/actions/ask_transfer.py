"""Ask another desk to take a file over (请求移交): the person changes school or county; nothing moves before it agrees.

The asking desk says on what basis and why.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.access import writer
from cases.actions import _clocks, _notices, _transfer
from cases.clocks import ClockKind
from cases.models import Case, EntryKind, PolicyVersion, Section, Transfer
from cases.transfer import Basis, Scope
from wellbeing.access.actor import Actor
from wellbeing.access.grants import OWNER_DAYS, grant
from wellbeing.access.models import Hold, Origin
from wellbeing.access.permissions import P
from wellbeing.access.policy import acts_at
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.people.desks import triage_desk
from wellbeing.people.models import Role
from wellbeing.rota.duty import on_duty
from wellbeing.workdays import now


@action(P.TRANSFER_ASK)
def ask_transfer(
    *, actor: Actor, case: Case, division: str, scope: Scope, basis: Basis, words: Mapping[str, Any]
) -> Outcome[Transfer]:
    """Ask the triage desk of a division, which may be the case's own when only the school changes.

    `words`: new_school (if known), who (agreed, and when), because; note (what it must know first) with the whole
    file, the written fields of cases/handover.py with the minimum. The asking desks keep every clock and all
    responsibility. Raises Invalid naming the field.
    """
    asking = _transfer.asking_words(actor, case, scope, basis, words)
    if Transfer.objects.filter(case=case, state="asked").exists():
        raise Invalid("division", _("Another desk was asked already, and has not answered yet."))
    _transfer.check_free(case, "division" if scope == Scope.WHOLE else "scope", scope)
    to = triage_desk(division)
    if to.organisation.division_id != division or to.role != Role.COUNTY_TRIAGE:
        raise Invalid("division", _("This county has no centre that could take the file over."))
    desk_id, at = acts_at(actor, P.TRANSFER_ASK, case), now()
    if not _transfer.sees(to, case):
        grant(case, to=to, origin=Origin.TRIAGE, expires_at=at + OWNER_DAYS, by=actor, holds=(Hold.SEE,), at=at)
    entry = writer(case).entry(Section.PLAN, EntryKind.TRANSFER, asking, actor=actor, at=at, desk_id=desk_id)
    entry.save(force_insert=True)
    made = Transfer.objects.create(
        case=case,
        entry=entry,
        basis=basis,
        scope=scope,
        from_desk_id=desk_id,
        to_desk=to,
        asked_by_id=actor.person,
        asked_at=at,
    )
    _clocks.start(case, to, ClockKind.TRANSFER, at=at)
    policy = PolicyVersion.current().policy()
    for desk in {to, triage_desk(case.division_id)}:  # the county learns what its school has asked for
        key = f"transfer_asked:{made.pk}:{desk.pk}"
        _notices.tell_desk("transfer_asked", case, desk, on_duty(desk.pk), key=key, policy=policy)
    return Outcome(made, stream=case.pk, facts={"basis": basis, "scope": scope, "from_desk": desk_id, "to_desk": to.pk})
