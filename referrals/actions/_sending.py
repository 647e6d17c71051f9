"""What sending shares (转介): the checks, the letter for one destination and its grant. Used by this folder only."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.clocks import ClockKind
from cases.consent import SEPARATE_UNDER, Consent, refused
from cases.models import Case, ConsentRecord
from referrals.actions._journey import clocks, move, only_one, tell
from referrals.actions.give_way import give_way
from referrals.flow import sender
from referrals.models import SENDABLE, ConsentOutcome, Crossing, Referral
from referrals.packet import EXTRAS, LETTERS, copied_fields, letter_to, seal_packet
from wellbeing.access.actor import Actor, identity
from wellbeing.access.grants import RECIPIENT_DAYS, grant
from wellbeing.access.machines import CHANNEL
from wellbeing.access.models import Origin
from wellbeing.errors import Invalid
from wellbeing.people.models import Desk
from wellbeing.workdays import now


def send(
    referral: Referral,
    case: Case,
    action: str,
    *,
    actor: Actor,
    destination: Desk,
    consent: str,
    words: Mapping[str, Any],
    extras: Mapping[str, str],
) -> None:
    """Seal the letter for the destination, let it in, and move the referral. Raises Invalid naming the field."""
    answer = ConsentRecord.newest(case.pk)
    _check(case, referral, destination, consent, answer)
    at = now()
    words = letter_words(actor, case, destination, words, extras)
    _check_age(words.get("age"), consent, answer)
    referral.to_desk, referral.consent, referral.why = destination, ConsentOutcome(consent), ""
    referral.decide_by, new = None, referral._state.adding
    with only_one("destination", _("A referral of this case is under way already: send that one elsewhere.")):
        move(referral, action, actor=actor, desk_id=referral.from_desk_id)
    grant(referral, to=destination, origin=Origin.REFERRAL, expires_at=at + RECIPIENT_DAYS, by=actor)
    seal_packet(
        referral=referral,
        purpose=letter_to(destination),
        words=words,
        extras=extras,
        author_id=actor.person,
        from_desk=referral.from_desk_id,
        to_desk=destination,
        at=at,
        expires_at=at + RECIPIENT_DAYS,
        first=new,
    ).save(force_insert=True)
    later = [ClockKind.SECOND_TALK] if refused(consent) and answer is None else []
    later += [ClockKind.LETTER] if referral.emergency else []
    if later:
        clocks(referral, start=later)
    tell(referral, "referral_sent", [destination.pk])


def make_way(case: Case, actor: Actor) -> Crossing | None:
    """An emergency waits for nobody: a referral that other desks have under way ends for it, by the channel's machine,
    since the actor may not even see it. What the actor's own desk could send goes there itself, and stays.

    The crossing on which the person is at this moment, if she is on one: see `go_on_crossing`.
    """
    with identity(CHANNEL):
        other = Referral.objects.filter(case=case.pk, ended_at=None).first()
        if other is None or getattr(other, f"{sender(other.state)}_id") in actor.desks:
            return None
        crossing = Crossing.objects.filter(referral=other, state__in=("under_way", "suspended")).first()
    give_way(actor=CHANNEL, referral=other)
    return crossing


def go_on_crossing(referral: Referral, crossing: Crossing) -> None:
    """Whoever is on the water stays somebody's: the crossing goes on with the emergency, and so do its clocks."""
    with identity(CHANNEL):
        Crossing.objects.filter(pk=crossing.pk).update(referral=referral, state=crossing.state, changed_at=now())
    if crossing.state == "under_way":  # held up by weather, its arrival clock stands still
        clocks(referral, start=[ClockKind.ARRIVAL], due=crossing.arrives_at)
    clocks(referral, start=[ClockKind.SAFETY_CONTACT])


def letter_words(
    actor: Actor, case: Case, destination: Desk, words: Mapping[str, Any], extras: Mapping[str, str]
) -> dict[str, Any]:
    """The sender's words with what is copied from the file, the extra fields among it.

    Invalid, naming the field, for an extra that this destination is not given, that has no reason, or that the file
    does not hold.
    """
    purpose = letter_to(destination)
    for code, reason in extras.items():
        if code not in EXTRAS[purpose]:
            raise Invalid(f"extra_{code}", _("This destination is not given this field."))
        if not reason.strip():
            raise Invalid(f"extra_{code}", _("Write why the receiver needs it."))
    copied = copied_fields(actor, case, purpose, extras)
    for code in extras:
        if code not in copied:
            raise Invalid(f"extra_{code}", _("The file holds nothing under this field."))
    return {**copied, **words}


def _check(case: Case, referral: Referral, destination: Desk, consent: str, answer: ConsentRecord | None) -> None:
    if destination.role not in LETTERS or destination.pk == referral.from_desk_id:
        raise Invalid("destination", _("Choose a hospital of the green channel, or the city centre."))
    if case.status == "closed":
        raise Invalid("destination", _("The case is closed."))
    if consent not in SENDABLE:
        raise Invalid("consent", _("Say what the guardian answered."))
    if consent == ConsentOutcome.REFUSED and case.tier != "red":
        raise Invalid("consent", _("The guardian refused: talk again within 24 hours; only a red case goes on now."))
    if consent == ConsentOutcome.GIVEN and refused(answer.outcome if answer else None):
        raise Invalid("consent", _("The last answer on record is a refusal; record the new answer first."))
    by_two = answer and answer.outcome == Consent.NOT_SOUGHT
    if consent == ConsentOutcome.NOT_SOUGHT and not referral.emergency and not by_two:
        raise Invalid(
            "consent", _("Two people decide that consent is not sought: record it with the second one first.")
        )


def _check_age(age: Any, consent: str, answer: ConsentRecord | None) -> None:
    """Under fourteen the guardian's consent counts only when it was given separately."""
    young = str(age or "").isdigit() and int(age) < SEPARATE_UNDER
    if young and consent == ConsentOutcome.GIVEN and not (answer and answer.separate):
        raise Invalid("consent", _("Under fourteen the guardian consents separately: record that consent first."))
