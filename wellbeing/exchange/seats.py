"""Who sits at which seat of the exchange, and so who took a call."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.errors import Forbidden
from wellbeing.exchange.models import Ring, Seat
from wellbeing.paging import Page, older
from wellbeing.people.access import supervised
from wellbeing.people.desks import serving
from wellbeing.people.models import Desk, Post, Role, User
from wellbeing.workdays import now

PAGE = 100
COUNSELLORS = (Role.HOTLINE_COUNSELLOR, Role.HOTLINE_SUPERVISOR)


def counsellors(hotline: UUID) -> list[User]:
    """Whoever serves at the hotline's desks today, by name."""
    desks = Desk.objects.filter(organisation_id=hotline, role__in=COUNSELLORS).values("pk")
    here = serving(Post.objects.filter(desk_id__in=desks))
    return list(User.objects.filter(pk__in=here.values("user_id")).order_by("display_name", "pk"))


def seats(hotline: UUID, before: str = "") -> Page[Seat]:
    """The hotline's seats: all that somebody sits at now or will, then who sat there, the newest entry first."""
    rows = Seat.objects.filter(hotline_id=hotline).select_related("counsellor", "by")
    return older(rows, before, waiting=Q(until=None))


def sat_before(seat: Seat) -> User | None:
    """Who sat there until the moment at which somebody else came."""
    rows = Seat.objects.filter(hotline_id=seat.hotline_id, seat=seat.seat, until=seat.since).exclude(pk=seat.pk)
    before = rows.select_related("counsellor").order_by("-since").first()
    return before.counsellor if before else None


def open_seat(actor: Actor, pk: UUID, permission: P = P.SEAT_ASSIGN, *, lock: bool = False) -> Seat:
    """One of the hotline that the actor supervises. Forbidden otherwise."""
    rows = Seat.objects.select_for_update(of=("self",)) if lock else Seat.objects
    found = rows.select_related("counsellor").filter(pk=pk, hotline_id=supervised(actor, permission)).first()
    if found is None:
        raise Forbidden
    return found


def unknown(hotline: UUID, since: datetime) -> list[str]:
    """Seats that answered calls since a moment without anybody being known to sit there."""
    rows = Ring.objects.filter(hotline_id=hotline, answered_at__gte=since).exclude(seat="")
    return sorted(set(rows.filter(~Exists(_at_it())).values_list("seat", flat=True)))


def with_takers(rows: QuerySet[Ring]) -> QuerySet[Ring]:
    """The calls with `taken_by`, the name of whoever sat at the seat when it was answered, and `taker`, her id; None
    where nobody knows."""
    name, person = (Subquery(_at_it().values(field)[:1]) for field in ("counsellor__display_name", "counsellor_id"))
    return rows.annotate(taken_by=name, taker=person)


def mine(actor: Actor) -> list[Ring]:
    """The calls that the actor answered, by her seat, and that nobody has logged; the newest first."""
    hers = Ring.objects.filter(Ring.unlogged(now())).filter(Exists(_at_it().filter(counsellor_id=actor.person)))
    return list(hers.order_by("-offered_at")[:PAGE])


def answering(actor: Actor) -> bool:
    """Whether a call is spoken now at the actor's seat."""
    rows = Ring.objects.filter(ended_at=None, answered_at__isnull=False)
    return rows.filter(Exists(_at_it().filter(counsellor_id=actor.person))).exists()


def _at_it() -> QuerySet[Seat]:
    """Who sat at the seat of a call when it was answered."""
    return Seat.objects.filter(
        Q(until=None) | Q(until__gt=OuterRef("answered_at")),
        hotline=OuterRef("hotline"),
        seat=OuterRef("seat"),
        since__lte=OuterRef("answered_at"),
    )
