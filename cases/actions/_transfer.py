"""What the steps of a transfer share: what keeps a file where it is, and who answers. Used by this folder only."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases import handover
from cases.actions import _clocks, _closing
from cases.flow import CASE, TRANSFER
from cases.models import Case, Leave, Transfer
from cases.moving import begun
from cases.retention_access import held
from cases.transfer import NEEDS_FILE, UNDER_WAY, Basis, Scope, enough
from wellbeing.access.actor import Actor, identity
from wellbeing.access.grants import since
from wellbeing.access.machines import GRANTS
from wellbeing.errors import Forbidden, Invalid
from wellbeing.flow import WrongState
from wellbeing.people.models import Desk

ASKING = ("new_school", "who", "because", "note")


def check_free(case: Case, field: str, scope: Scope) -> None:
    """Invalid while something keeps the file: it is closed, a referral is under way, or the person has another file.

    A person has one sealed identity, in one division, so her open files never part. The other one is not named: who
    asks may not know of it. A minimum hand-over ends the file here, so nothing of it may be open.
    """
    if case.status == "closed":
        raise Invalid(field, _("The case is closed."))
    if _clocks.running(case, *UNDER_WAY):
        raise Invalid(
            field, _("A referral is under way: it comes to its end first, and the file stays here until then.")
        )
    if scope == Scope.MINIMUM:
        _check_minimum(case, field)
        return
    if held(case.pk):
        raise Invalid(field, _("This case is under a legal hold: the whole file stays here until that ends."))
    with identity(GRANTS):
        other = Case.objects.filter(person_id=case.person_id, closed_at=None).exclude(pk=case.pk).exists()
    if other:
        raise Invalid(field, _("Another file of this person is open. The city centre knows which; it is closed first."))


def _check_minimum(case: Case, field: str) -> None:
    if Leave.current(case) or _clocks.running(case, *NEEDS_FILE):
        raise Invalid(
            field, _("A leave, or what a guardian's refusal has started, is under way: it goes on with the whole file.")
        )
    if not CASE.allows(case.status, "close"):
        raise Invalid(field, _("The warning is acknowledged first; before that only the whole file can go."))
    _closing.check_outstanding(case, field)
    _closing.check_reports(case, field)


def asking_words(actor: Actor, case: Case, scope: Scope, basis: Basis, words: Mapping[str, Any]) -> dict[str, Any]:
    """What is sealed for the desk that is asked, and all that it reads before its answer; a page shows the same first.

    With the minimum: why, and the template, its copied fields from the file as it is now. Raises Invalid naming the
    field, and Forbidden where the file may not be read.
    """
    said = {code: str(words.get(code) or "").strip() for code in ASKING}
    if basis == Basis.CONSENT and not said["who"]:
        raise Invalid("who", _("Write who agreed, and when."))
    if not enough(basis, case.tier):
        raise Invalid("basis", _("Without consent a file moves only where danger stands: at red or orange."))
    if not said["because"]:
        raise Invalid("because", _("Write why the file moves."))
    asked: dict[str, Any] = {**said, "basis": basis, "scope": scope}
    if scope == Scope.MINIMUM:
        if said["note"]:
            raise Invalid(
                "note", _("This goes with the whole file only; with the minimum, write it into the fields that go.")
            )
        written = {code: str(words.get(code) or "").strip() for code in handover.WRITTEN}
        if not written["contacts"]:
            raise Invalid("contacts", _("Write whom the next desk can call: it gets nothing else of the file."))
        copied = {code: value for code, value in begun(actor, case).items() if code in handover.COPIED}
        asked |= handover.template({**copied, **written})
    return {code: value for code, value in asked.items() if value}


def asked(case: Case, verb: str, actor: Actor) -> tuple[Transfer, str]:
    """The transfer that waits and its state after the verb. WrongState when none does, Forbidden for another desk,
    and for whoever asked: two people take part."""
    waiting = Transfer.objects.select_related("to_desk__organisation", "from_desk").filter(case=case, state="asked")
    transfer = waiting.first()
    if transfer is None:
        raise WrongState("none", verb)
    if transfer.to_desk_id not in actor.desks or transfer.asked_by_id == actor.id:
        raise Forbidden
    return transfer, TRANSFER.next(transfer.state, verb)


def sees(desk: Desk, case: Case) -> bool:
    """Whether the desk holds a live grant on the case already."""
    return any(isinstance(holder, Desk) and holder.pk == desk.pk for holder, _since in since(case))
