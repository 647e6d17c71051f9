"""The door to whoever waits for an interview: the list, what it is sorted and chosen by, and what a decision for many
is judged by."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Case as Choice
from django.db.models import Count, DateField, F, IntegerField, Min, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from cases.consent import danger
from cases.instruments import PAPERS
from cases.models import Case, PolicyVersion, ScreeningFlag, ScreeningResult, ScreeningTally
from cases.policy import Policy
from cases.tiers import Facts, Tier, merge, propose
from cases.triage import Standing
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.access.sound import sound
from wellbeing.audit.record import record, user_stream
from wellbeing.audit.tags import Tag
from wellbeing.errors import Forbidden
from wellbeing.vault import keys
from wellbeing.vault.documents import open_json
from wellbeing.vault.envelope import Place

PAGE, MOST = 100, 500  # students of one page; of one decision, and of those that one page looks through
AT_ONCE, NEVER = date(2000, 1, 1), date.max  # where an interview without a day stands, in danger and else
RANK = Choice(*(When(case__tier=tier.value, then=Value(tier.rank)) for tier in Tier), output_field=IntegerField())
WITHOUT_DAY = Choice(
    When(case__tier__in=(Tier.RED, Tier.ORANGE), then=Value(AT_ONCE)), default=Value(NEVER), output_field=DateField()
)
Words = dict[tuple[UUID, UUID], dict[str, Mapping[str, Any]]]  # (person, batch) → instrument → words


@dataclass(frozen=True, slots=True)
class Waiting:
    """A student who waits for an interview: her case, since when, for which day it is planned, her grade, the band of
    each instrument, and how often she was flagged before."""

    case: Case
    at: datetime
    planned_on: date | None
    standing: Standing
    grade: str = ""
    bands: Mapping[str, str] = field(default_factory=dict)
    before: int = 0


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a student stands in the list: by day, tier, since when, case. The next page begins after one."""

    day: date
    rank: int
    since: datetime
    case: UUID

    def __str__(self) -> str:
        return f"{self.day:%Y%m%d}_{self.rank}_{self.since.astimezone(UTC):%Y%m%d%H%M%S%f}_{self.case.hex}"

    @classmethod
    def of(cls, row: Waiting) -> Spot:
        tier = Tier(row.case.tier)
        return cls(row.planned_on or (AT_ONCE if danger(tier) else NEVER), tier.rank, row.at, row.case.pk)

    @classmethod
    def parse(cls, text: str) -> Spot | None:
        """The spot that an address names; None, the beginning, for what is none."""
        try:
            day, rank, since, case = text.split("_")
            moment = datetime.strptime(since, "%Y%m%d%H%M%S%f").replace(tzinfo=UTC)
            return cls(datetime.strptime(day, "%Y%m%d").date(), int(rank), moment, UUID(case))
        except ValueError:
            return None


def waiting_flags(actor: Actor, after: Spot | None = None, limit: int = MOST) -> list[ScreeningFlag]:
    """Every flag of so many students who wait at the actor's desks: those in danger for whom no day is planned yet, the
    planned ones by day, the rest; each by tier and time."""
    rows = _waiting(actor)
    order = ("day", "rank", "since", "case")
    listed = rows.values("case").annotate(
        day=Coalesce(Min("planned_on"), Min(WITHOUT_DAY)), rank=Min(RANK), since=Min("at")
    )
    if after:
        spot = (after.day, after.rank, after.since, after.case)
        begin = Q()
        for place, name in enumerate(order):
            begin |= Q(**dict(zip(order[:place], spot, strict=False)), **{f"{name}__gt": spot[place]})
        listed = listed.filter(begin)
    cases = {row["case"]: place for place, row in enumerate(listed.order_by(*order)[:limit])}
    flags = (
        rows.filter(case__in=cases).select_related("case").order_by(F("planned_on").asc(nulls_last=True), "at", "pk")
    )
    return sorted(flags, key=lambda flag: cases[flag.case_id])


def waiting_page(
    actor: Actor, fits: Callable[[Waiting], bool], after: Spot | None = None, limit: int = PAGE
) -> tuple[list[Waiting], Spot | None]:
    """So many of those who wait and fit, and the spot after which the list goes on; None at its end. Who fits, only
    the opened answers tell, so a page looks through `MOST` at most and may then hold fewer, or nobody."""
    found: list[Waiting] = []
    looked = 0
    while len(found) < limit and looked < MOST:
        rows = reveal_waiting(actor, waiting_flags(actor, after, limit))
        looked += len(rows)
        for row in rows:
            if len(found) < limit:
                found, after = [*found, row] if fits(row) else found, Spot.of(row)
        if len(rows) < limit:
            break
    return found, after if waiting_flags(actor, after, 1) else None


def bands_at(actor: Actor) -> list[tuple[str, str]]:
    """The bands, by instrument, that files of the actor's own desks came to."""
    rows = ScreeningTally.objects.filter(desk__in=actor.desks).exclude(instrument="")
    return list(rows.values_list("instrument", "band").distinct())


def waiting_count(actor: Actor) -> int:
    """How many students wait there, whatever a page shows."""
    return _waiting(actor).values("case").distinct().count()


def _waiting(actor: Actor) -> QuerySet[ScreeningFlag]:
    return ScreeningFlag.objects.filter(desk__in=actor.desks, outcome="", case__closed_at=None)


def flags_of(actor: Actor, cases: Collection[UUID], *, lock: bool = False) -> list[ScreeningFlag]:
    """Every flag by which these cases wait at the actor's desks. Forbidden when one of them waits there no more."""
    if not cases or len(cases) > MOST:
        raise Forbidden
    rows = _waiting(actor).filter(case__in=cases)
    rows = rows.select_for_update(of=("self",)) if lock else rows
    found = list(rows.select_related("case").order_by("case_id", "pk"))
    if {flag.case_id for flag in found} != set(cases):
        raise Forbidden
    return found


def reveal_waiting(actor: Actor, flags: Sequence[ScreeningFlag]) -> list[Waiting]:
    """One line per case, in the order of its first flag; one event names the cases. An answer that the actor may not
    open makes the rest of them unknown."""
    if not may(actor, P.SCREENING_UPLOAD):
        raise Forbidden
    by_case: dict[UUID, list[ScreeningFlag]] = {}
    for flag in flags:
        by_case.setdefault(flag.case_id, []).append(flag)
    cases = {flag.case_id: flag.case for flag in flags}
    words = _open(sound(actor, cases.values()))
    history = ScreeningFlag.objects.filter(case__person__in=[case.person_id for case in cases.values()])
    before = dict(history.exclude(outcome="").values_list("case__person").annotate(n=Count("pk")))
    facts = {"cases": tuple(cases)}
    record(stream=user_stream(actor.id), act=Tag.READ_COVERS, actor=actor, facts=facts)
    policy = PolicyVersion.current().policy()
    return [
        _line(cases[pk], of_case, words, before.get(cases[pk].person_id, 0), policy) for pk, of_case in by_case.items()
    ]


def _open(cases: Collection[Case]) -> Words:
    """The words of every result of these persons, by file and instrument; empty for one that does not open here."""
    hers = {case.person_id for case in cases}
    results = list(ScreeningResult.objects.filter(person__in=hers).select_related("person").order_by("at", "id"))
    by_id = keys.load_for([row.sealed for row in results])
    found: Words = {}
    for row in results:
        said: dict[str, Any] = {}
        if keys.id_of(row.sealed) in by_id:
            place = Place("cases.screeningresult", row.pk, "sealed", row.person.division_id)
            said = open_json(by_id[keys.id_of(row.sealed)], place, bytes(row.sealed))
        found.setdefault((row.person_id, row.batch_id), {})[row.instrument] = said
    return found


def _line(case: Case, flags: Sequence[ScreeningFlag], words: Words, before: int, policy: Policy) -> Waiting:
    of_flags = [words.get((case.person_id, flag.batch_id), {}) for flag in flags]
    said = [(code, one) for of_flag in of_flags for code, one in of_flag.items()]
    known = bool(said) and all(of_flags) and all(one for _code, one in said)
    facts = [PAPERS[code].reads(one["answers"]).facts for code, one in said if one]
    standing = Standing(
        case.pk,
        Tier(case.tier),
        min(flag.at for flag in flags).isoformat(),
        any(one.get("critical") for _code, one in said) if known else None,
        propose(merge(*facts) if facts else Facts(), policy).tier if known else None,
    )
    planned = [flag.planned_on for flag in flags if flag.planned_on]
    return Waiting(
        case,
        min(flag.at for flag in flags),
        min(planned, default=None),
        standing,
        next((one["grade"] for _code, one in said if one.get("grade")), ""),
        {code: one["band"] for code, one in said if one},
        before,
    )
