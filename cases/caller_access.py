"""The door to a caller: the number, sealed when the call is logged, asked for by one, confirmed by another, read once;
and the open cases of perhaps the same caller, the asker's own and those that somebody else can be asked about.

Row-level security shows the number's key only to whoever asked, while a confirmation is fresh and nothing was read.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from cases.models import Call, CallerAsk, CallerNumber, Case
from cases.repeats import marks
from cases.second_person import open_asking
from wellbeing.access.actor import Actor, identity
from wellbeing.access.machines import SUPERVISION
from wellbeing.access.permissions import P
from wellbeing.errors import Forbidden
from wellbeing.paging import Page, older
from wellbeing.vault import keys
from wellbeing.vault.documents import open_json, seal_json
from wellbeing.vault.envelope import Place


def seal_number(number: CallerNumber, digits: str) -> None:
    """Put the number into an unsaved row, under a key of its own."""
    number.sealed = seal_json(keys.new_key("caller", number.pk, number.division), _place(number), digits)


def number_of(case: Case) -> CallerNumber | None:
    """The number that is kept of a case's newest call; None where none was seen, or its hours are over."""
    return CallerNumber.objects.filter(case=case, sealed__isnull=False).order_by("-logged_at").first()


def asks(actor: Actor, before: str = "") -> Page[CallerAsk]:
    """The actor's own askings, and for whoever may confirm those of all others, the newest first."""
    return older(CallerAsk.objects.select_related("by", "confirmed_by", "refused_by"), before)


def open_ask(actor: Actor, pk: UUID, permission: P, *, lock: bool = False) -> CallerAsk:
    """One asking: for reading the actor's own, for confirming somebody else's. Forbidden otherwise."""
    return open_asking(CallerAsk, actor, pk, permission, own=permission == P.CALLER_READ, lock=lock)


def open_number(ask: CallerAsk) -> str:
    """The number, for the action that records its one reading. Forbidden where the wall shows no row or no key."""
    kept = CallerNumber.objects.filter(pk=ask.number_id, sealed__isnull=False).first()
    if kept is None or kept.sealed is None:
        raise Forbidden
    by_id = keys.load_for([kept.sealed])
    if not by_id:
        raise Forbidden
    number: str = open_json(by_id[keys.id_of(kept.sealed)], _place(kept), bytes(kept.sealed))
    return number


def known_here(number: str, at: datetime, days: int) -> list[Case]:
    """The open cases that the asker sees and to which perhaps this caller's calls belong, the newest first."""
    mine = _calls(number, at, days).values("case_id")  # row-level security says which are hers
    return list(Case.objects.filter(pk__in=mine, closed_at=None).order_by("-opened_at"))


def known_elsewhere(actor: Actor, number: str, at: datetime, days: int) -> list[Call]:
    """The newest call of every other such case, by whoever took it. For being told, never for being shown: a machine
    looks, because nobody gave the asker those cases."""
    seen = set(_calls(number, at, days).values_list("case_id", flat=True))
    with identity(SUPERVISION):
        rows = _calls(number, at, days).exclude(case_id__in=seen).exclude(counsellor_id=actor.person)
        rows = rows.filter(case__closed_at=None).select_related("case", "counsellor")
        return list(rows.order_by("case_id", "-started_at", "-pk").distinct("case_id"))


def _calls(number: str, at: datetime, days: int) -> QuerySet[Call]:
    known = list(marks(number, at, days).values())
    return Call.objects.filter(caller_index__in=known, started_at__gte=at - timedelta(days=days))


def end_keys(numbers: Iterable[UUID]) -> None:
    """Destroy the keys of numbers whose rows are blank already; the wall shows a machine no others."""
    for pk in numbers:
        keys.destroy("caller", pk)


def _place(number: CallerNumber) -> Place:
    return Place("cases.callernumber", number.pk, "sealed", number.division)
