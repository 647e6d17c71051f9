"""What going on leave and coming back share, whoever writes it down."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext as _

from wellbeing.access.actor import Actor
from wellbeing.access.rights import ADMINISTRATORS
from wellbeing.errors import Invalid, WrongState
from wellbeing.outbox.post import post
from wellbeing.people.absences import above, absences, left_by
from wellbeing.people.appointing import LAST, one_by_one
from wellbeing.people.desks import running
from wellbeing.people.models import Absence, User
from wellbeing.people.models.absence import LONGEST
from wellbeing.signin.sessions import end_sessions
from wellbeing.workdays import now


def begin(actor: Actor, user: User, first_day: date, last_day: date, known: bool) -> Absence:
    """Write the leave of an account that is locked, and tell its desks; her sessions end when it begins today. Raises
    Invalid by field: for days that cannot be, for the last administrator of a kind, and for a desk that would be left
    with nobody unless that is `known`."""
    today = now().date()
    if first_day < today:
        raise Invalid("first_day", _("A leave begins today or later."))
    if not first_day <= last_day <= first_day + LONGEST:
        raise Invalid("last_day", _("The last day is the first one or later, and within a year after it."))
    if not running(user, first_day).filter(starts_on__lte=last_day).exists():
        raise Invalid("", _("No post runs in these days, so there is none that could rest."))
    for one in absences([user.pk]):
        if one.first_day <= last_day and one.last_day >= first_day:
            days = {"first": one.first_day.isoformat(), "last": one.last_day.isoformat()}
            raise Invalid("first_day", _("There is a leave in these days already: %(first)s – %(last)s.") % days)
    for role in sorted({one.desk.role for one in running(user)} & ADMINISTRATORS):
        one_by_one(role)
    made = Absence.objects.create(
        user=user, first_day=first_day, last_day=last_day, entered_by_id=actor.person, entered_at=now()
    )
    _tell(actor, made, known=known)
    if first_day == today:
        end_sessions(user.pk)
    return made


def end(actor: Actor, absence: Absence) -> int:
    """End a leave that runs, or take back one that has not begun; returns how many days it had still. Its desks are
    told. Raises WrongState for one that is over."""
    today = now().date()
    if absence.ended_at is not None or absence.last_day < today:
        raise WrongState("ended", "end_absence")
    before = [row.desk for row in left_by(absence)]
    left = (absence.last_day - max(today, absence.first_day)).days + 1
    absence.last_day = max(today, absence.first_day) - timedelta(days=1)
    absence.ended_by_id, absence.ended_at = actor.person, now()
    absence.save(update_fields=["last_day", "ended_by", "ended_at"])
    for desk in before:
        post(kind="absence_over", target="absence", desk_id=desk.pk, dedupe_key=f"absence_over:{absence.pk}:{desk.pk}")
    if absence.user_id != actor.id:
        post(kind="absence_over", target="absence", user_id=absence.user_id, dedupe_key=f"absence_over:{absence.pk}:")
    return left


def _tell(actor: Actor, made: Absence, *, known: bool) -> None:
    """Her colleagues, whoever watches over a desk that nobody is left at, and herself when somebody else does it."""
    rows = left_by(made)
    for row in rows:
        if row.empty_on is None:
            continue
        if row.desk.role in ADMINISTRATORS:
            raise Invalid("", _(LAST))
        if not known:
            gap = {"desk": row.desk, "day": row.empty_on.isoformat()}
            text = _("Nobody else is at %(desk)s on %(day)s: what arrives goes to the next desk.")
            raise Invalid("known", text % gap)
        told = above(row.desk)
        key = f"desk_empty:{made.pk}:{row.desk.pk}"
        post(kind="desk_empty", target="absence", desk_id=told.pk, dedupe_key=key)
    for row in rows:
        post(kind="absence", target="absence", desk_id=row.desk.pk, dedupe_key=f"absence:{made.pk}:{row.desk.pk}")
    if made.user_id != actor.id:
        post(kind="absence_yours", target="absence", user_id=made.user_id, dedupe_key=f"absence_yours:{made.pk}")
