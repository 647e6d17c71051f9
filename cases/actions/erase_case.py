"""Erase a case (销毁): its keys, those of what was copied from it, and what finds its person again, are destroyed.

The row of the case stays with its reference and dates, and so does its trail, which holds codes alone.
"""

from enum import StrEnum
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from cases.models import Call, Case, Draft, Erasure, Person
from cases.retention_access import asked_about, held
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid, WrongState
from wellbeing.people.models import User
from wellbeing.vault import journal
from wellbeing.vault.columns import columns
from wellbeing.vault.ending import destroy, opens_still
from wellbeing.workdays import now


class Ground(StrEnum):
    """Why it may go (Personal Information Protection Law, article 47)."""

    RETENTION = "retention"  # its time is over
    REQUEST = "request"  # the person asked for it, and the law allows it
    COURT = "court"
    ERROR = "error"  # it should never have been written


@action(P.CASE_ERASE)
def erase_case(*, actor: Actor, case: Case, ground: Ground, first: User, second: User) -> Outcome[int]:
    """How many keys were destroyed. On the database role wellbeing_keys alone; the journal is written before.

    WrongState for a case that is not closed, is under a legal hold, is asked for by a request for records that is not
    answered yet, or has an open sheet whose answers are graver than anybody has heard: that one is logged first.
    Invalid unless two people who have an account stand for it.
    """
    if case.status != "closed":
        raise WrongState(case.status, "erase_case")
    if held(case.pk):
        raise WrongState("held", "erase_case")
    if asked_about(case.pk):
        raise WrongState("asked_for", "erase_case")
    if Draft.objects.filter(case=case, ended_at=None).exclude(tier="").exists():
        raise WrongState("unheard", "erase_case")
    if first.pk == second.pk or not (first.is_active and second.is_active):
        raise Invalid("second", _("Two different people are needed."))
    owners = [("case", case.pk), *_copies(case), *_person(case)]
    journal.note(owners, ground, now())
    ended = destroy(owners)
    Call.objects.filter(case=case).update(caller_index=None)
    if ("person", case.person_id) in owners:
        Person.objects.filter(pk=case.person_id).update(student_index=None)
    Erasure.objects.filter(case=case, confirmed_at__isnull=False).update(erased_at=now())
    facts = {"ground": ground, "first": first.pk, "second": second.pk, "keys": ended}
    return Outcome(ended, stream=case.pk, facts=facts)


def _copies(case: Case) -> list[tuple[str, UUID]]:
    """What was copied from the case for others (packets, exports), and what was typed for it and not finished."""
    found = []
    with connection.cursor() as cursor:
        for one in (one for one in columns() if one.case):
            cursor.execute(f"SELECT {one.owner} FROM {one.table} t WHERE %s = {one.case}", [case.pk])  # noqa: S608
            found += [(one.kind, pk) for (pk,) in cursor.fetchall()]
    return found


def _person(case: Case) -> list[tuple[str, UUID]]:
    """The person too, unless another case is hers that is not erased itself: with the last of them she goes."""
    others = Case.objects.filter(person_id=case.person_id).exclude(pk=case.pk).values_list("pk", flat=True)
    return [] if opens_still("case", list(others)) else [("person", case.person_id)]
