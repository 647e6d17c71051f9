"""Record the guardian's answer (知情同意); a refusal opens its branch and stops nothing at red (PRACTICE.md 4.4)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.access import writer
from cases.actions import _clocks, _notices
from cases.clocks import ClockKind
from cases.consent import Consent, NotSought, Relation, refused
from cases.contact_access import check_contact
from cases.models import Case, ConsentRecord, EntryKind, PolicyVersion, Section
from cases.telling import How
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import acts_at
from wellbeing.action import Outcome, action
from wellbeing.errors import Invalid
from wellbeing.outbox.post import post
from wellbeing.people.desks import colleagues, triage_desk
from wellbeing.people.models import Desk, User
from wellbeing.rota.duty import on_duty
from wellbeing.workdays import now


@action(P.CONSENT_RECORD)
def record_consent(
    *,
    actor: Actor,
    case: Case,
    outcome: Consent,
    words: Mapping[str, Any],
    relation: Relation | None = None,
    how: How | None = None,
    at: datetime | None = None,
    separate: bool = False,
    why_not: NotSought | None = None,
    second_id: int | None = None,
    desk_id: int | None = None,
) -> Outcome[ConsentRecord]:
    """Seal who answered and why (`words`: who, reason, document), and start or end the refusal's clocks.

    The first refusal asks for a second talk by its own desk; with the second one, or when consent is taken back, the
    county centre joins. A second person who is named hears of it. Raises Invalid for a moment ahead, a missing relation
    or way, a second person who is unknown or the author, taking back what was not given, or a home that must not be
    reached.
    """
    moment = now()
    at = (at or moment).replace(second=0, microsecond=0)  # forms give minutes: of one minute the later record counts
    _check(actor, case, outcome, relation, how, at, moment, why_not, second_id)
    before = [one.outcome for one in ConsentRecord.objects.filter(case=case).order_by("at", "id")]
    if outcome == Consent.WITHDRAWN and (not before or before[-1] != Consent.GIVEN):
        raise Invalid("outcome", _("There is no consent that could be taken back."))
    sealed = {**words, "consent": outcome, "relation": relation, "how": how, "why_not": why_not}
    entry = writer(case).entry(Section.GUARDIAN, EntryKind.CONSENT, sealed, actor=actor, at=at, desk_id=desk_id)
    entry.save(force_insert=True)
    made = ConsentRecord.objects.create(
        case=case, entry=entry, outcome=outcome, separate=separate, at=at, by_id=actor.person, second_id=second_id
    )
    if second_id is not None:
        _tell_second(case, second_id, made)
    if refused(outcome):
        again = outcome == Consent.WITHDRAWN or any(refused(one) for one in before)
        _open_branch(case, desk_id or acts_at(actor, P.CONSENT_RECORD, case), again=again, key=made.pk)
    elif ConsentRecord.newest(case.pk) == made:  # what was answered before a refusal does not answer it
        _clocks.stop(case, ClockKind.SECOND_TALK, ClockKind.HOME_WATCH)
    return Outcome(made, stream=case.pk, facts={"outcome": outcome, "why_not": why_not, "second": second_id})


def second_desks(actor: Actor, case: Case) -> tuple[int, int]:
    """The desks whose people may be the second person: the one at which the actor works on the case, and the county's;
    a colleague of another school of hers has no part in it."""
    return acts_at(actor, P.CONSENT_RECORD, case), triage_desk(case.division_id).pk


def _check(
    actor: Actor,
    case: Case,
    outcome: Consent,
    relation: Relation | None,
    how: How | None,
    at: datetime,
    moment: datetime,
    why_not: NotSought | None,
    second_id: int | None,
) -> None:
    if at > moment:
        raise Invalid("at", _("This moment lies ahead."))
    if outcome == Consent.NOT_SOUGHT:
        if why_not is None:
            raise Invalid("why_not", _("Say why consent is not sought."))
        if second_id is None or second_id == actor.person:
            raise Invalid("second", _("A second person decides this with you: name a colleague, not yourself."))
        known = colleagues(second_desks(actor, case), but=actor.person)
        if second_id not in {user.pk for user in known}:
            raise Invalid("second", _("This person is not known here; name a colleague of your desk or the county's."))
        return
    if relation != Relation.SELF:
        check_contact(actor, case, "outcome")
    if relation is None:
        raise Invalid("relation", _("Say who answered."))
    if how is None:
        raise Invalid("how", _("Say how the answer was given."))


def _tell_second(case: Case, second: int, made: ConsentRecord) -> None:
    """Whoever is named as the second person hears of it: nobody decides for two."""
    seen = _notices.sees(User.objects.get(pk=second), case)
    target, tier = (f"case:{case.reference}", str(case.tier)) if seen else ("", "")
    post(kind="named_second", user_id=second, target=target, tier=tier, dedupe_key=f"named_second:{made.pk}")


def _open_branch(case: Case, desk_id: int, *, again: bool, key: Any) -> None:
    """A second talk within policy's time; from the second refusal on the county centre has it, and is told."""
    county = triage_desk(case.division_id)
    desk = county if again else Desk.objects.get(pk=desk_id)
    _clocks.stop(case, ClockKind.HOME_WATCH)
    _clocks.start(case, desk, ClockKind.SECOND_TALK)
    if again:
        policy = PolicyVersion.current().policy()
        _notices.tell_desk("refused_again", case, county, on_duty(county.pk), key=f"refused:{key}", policy=policy)
