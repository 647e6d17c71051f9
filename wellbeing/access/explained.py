"""A decision in words: every step of the evaluator, whether it held, and what made it hold."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wellbeing.access.actor import Actor
from wellbeing.access.grants import Held
from wellbeing.access.models import Hold, Origin
from wellbeing.access.permissions import P
from wellbeing.access.policy import Clause, Step, Verdict
from wellbeing.access.rights import RIGHTS
from wellbeing.moments import absolute
from wellbeing.people.desks import desks
from wellbeing.people.models import Role, User

# (it held, it did not)
CLAUSES: Mapping[Clause, tuple[str, str]] = {
    Clause.MACHINE: (gettext_noop("This machine may do it"), gettext_noop("This machine may not do it")),
    Clause.SIGNED_IN: (gettext_noop("Signed in"), gettext_noop("Not signed in")),
    Clause.POST: (
        gettext_noop("A post of a role that may do this runs today"),
        gettext_noop("No post of a role that may do this runs today"),
    ),
    Clause.OBJECT: (gettext_noop("It is about this case"), gettext_noop("It is about no case")),
    Clause.GRANT: (
        gettext_noop("A grant on this very case is in force, a personal one or of the desk of that post"),
        gettext_noop("No grant on this very case is in force, neither a personal one nor of the desk of such a post"),
    ),
    Clause.SEAL: (
        gettext_noop("The grant was given here"),
        gettext_noop("What stands in the database as a grant was not given here: its seal does not hold"),
    ),
    Clause.SECTION: (
        gettext_noop("May write into the section of the file where it goes"),
        gettext_noop("May not write into the section of the file where it goes"),
    ),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """What a step rests on, or would need; of a grant also since when and until when."""

    text: str
    since: datetime | None = None
    until: datetime | None = None

    def __str__(self) -> str:
        if not (self.since and self.until):
            return self.text
        return f"{self.text} · {absolute(self.since)} – {absolute(self.until)}"


@dataclass(frozen=True, slots=True)
class Line:
    """One step in words, and under it what it rests on (or what it would need)."""

    text: str
    holds: bool
    because: tuple[Reason, ...]


Given = tuple[int | None, datetime]  # by which account a grant was given, and when


def lines(actor: Actor, permission: P, verdict: Verdict, *, unnamed: Collection[Given] = ()) -> list[Line]:
    """The steps of a decision on an actor, in the language of the page. Of grants that are `unnamed` it is not said who
    gave them."""
    names = {desk.pk: str(desk) for desk in desks(actor.desks)}
    givers = {grant.by for step in verdict.steps for grant in step.by if isinstance(grant, Held) and grant.by}
    by = {user.pk: str(user) for user in User.objects.filter(pk__in=givers)}
    return [
        Line(
            _(CLAUSES[step.clause][not step.holds]),
            step.holds,
            tuple(_because(actor, permission, step, names, by, unnamed)),
        )
        for step in verdict.steps
    ]


def _because(
    actor: Actor,
    permission: P,
    step: Step,
    names: Mapping[int, str],
    by: Mapping[int, str],
    unnamed: Collection[Given],
) -> Iterator[Reason]:
    right = RIGHTS[permission]
    if not step.holds and step.clause == Clause.POST and actor.away_until:
        yield Reason(_("on leave until {day}").format(day=actor.away_until.isoformat()))
    if not step.holds and step.clause == Clause.POST and right.roles:
        yield _needed(sorted(str(Role(role).label) for role in right.roles))
    if not step.holds and step.clause == Clause.GRANT and right.hold:
        yield _needed([str(Hold(right.hold).label)])
    if not step.holds and step.clause == Clause.SECTION and right.writes and (kept := RIGHTS[right.writes].origins):
        yield _needed([str(Origin(one).label) for one in Origin if one in kept])
    for one in step.by:
        if isinstance(one, Held):
            holder = names[one.desk] if one.desk else _("personal")
            said = f"{holder}：{Origin(one.origin).label}"
            if (one.by, one.since) not in unnamed:
                said += " · " + _("given by {who}").format(who=by[one.by] if one.by else _("System"))
            yield Reason(said, one.since, one.until)
        else:
            yield Reason(names[one.desk_id])


def _needed(what: Sequence[str]) -> Reason:
    return Reason(_("needed: {what}").format(what="、".join(what)))
