"""What sending shares (转介): the checks, the letter for one hospital and its grant. Used by this folder only."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.clocks import ClockKind
from cases.consent import SEPARATE_UNDER, Consent, refused
from cases.models import Case, ConsentRecord
from referrals.actions._journey import clocks, move, tell
from referrals.models import ConsentOutcome, Purpose, Referral
from referrals.packet import copied_fields, seal_packet
from wellbeing.access.actor import Actor
from wellbeing.access.grants import RECIPIENT_DAYS, grant
from wellbeing.access.models import Origin
from wellbeing.errors import Invalid
from wellbeing.people.models import Desk, Role
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
) -> None:
    """Seal the letter for the destination, let it in, and move the referral. Raises Invalid naming the field."""
    answer = ConsentRecord.newest(case.pk)
    _check(case, destination, consent, answer, emergency=referral.emergency)
    at = now()
    copied = copied_fields(actor, case, Purpose.HOSPITAL)
    _check_age(copied.get("age"), consent, answer)
    referral.to_desk, referral.consent, referral.why = destination, ConsentOutcome(consent), ""
    move(referral, action, actor=actor, desk_id=referral.from_desk_id)
    grant(referral, to=destination, origin=Origin.REFERRAL, expires_at=at + RECIPIENT_DAYS, by=actor)
    seal_packet(
        referral=referral,
        purpose=Purpose.HOSPITAL,
        words={**copied, **words},
        author_id=actor.person,
        from_desk=referral.from_desk_id,
        to_desk=destination,
        at=at,
        expires_at=at + RECIPIENT_DAYS,
    ).save(force_insert=True)
    later = [ClockKind.SECOND_TALK] if refused(consent) and answer is None else []
    later += [ClockKind.LETTER] if referral.emergency else []
    if later:
        clocks(referral, start=later)
    tell(referral, "referral_sent", [destination.pk])


def _check(case: Case, destination: Desk, consent: str, answer: ConsentRecord | None, *, emergency: bool) -> None:
    if destination.role != Role.HOSPITAL_LIAISON:
        raise Invalid("destination", _("Choose a hospital of the green channel."))
    if case.status == "closed":
        raise Invalid("destination", _("The case is closed."))
    if Referral.objects.filter(case=case, to_desk=destination, ended_at=None).exists():
        raise Invalid("destination", _("A referral to this hospital is already under way."))
    if consent == ConsentOutcome.REFUSED and case.tier != "red":
        raise Invalid("consent", _("The guardian refused: talk again within 24 hours; only a red case goes on now."))
    if consent == ConsentOutcome.GIVEN and refused(answer.outcome if answer else None):
        raise Invalid("consent", _("The last answer on record is a refusal; record the new answer first."))
    if consent == ConsentOutcome.NOT_SOUGHT and not emergency and (not answer or answer.outcome != Consent.NOT_SOUGHT):
        raise Invalid(
            "consent", _("Two people decide that consent is not sought: record it with the second one first.")
        )


def _check_age(age: Any, consent: str, answer: ConsentRecord | None) -> None:
    """Under fourteen the guardian's consent counts only when it was given separately."""
    young = str(age or "").isdigit() and int(age) < SEPARATE_UNDER
    if young and consent == ConsentOutcome.GIVEN and not (answer and answer.separate):
        raise Invalid("consent", _("Under fourteen the guardian consents separately: record that consent first."))
