"""The guardian's consent (知情同意) to being referred, its three outcomes, and what a refusal asks for. Pure.

Source: DOMAIN.md, Green channel; PRACTICE.md 4.4; Mental Health Law 27-28; Personal Information Protection Law 31
(under fourteen the guardian consents separately).
"""

from __future__ import annotations

from enum import StrEnum

from cases.tiers import Tier
from wellbeing.translatable import _

SEPARATE_UNDER = 14  # years of age, Personal Information Protection Law 31


class Consent(StrEnum):
    GIVEN = "given"
    REFUSED = "refused"
    NOT_SOUGHT = "not_sought"
    WITHDRAWN = "withdrawn"


class Relation(StrEnum):
    MOTHER = "mother"
    FATHER = "father"
    GRANDPARENT = "grandparent"
    OTHER = "other"
    SELF = "self"


class NotSought(StrEnum):
    """Why consent is not sought (DOMAIN.md, Green channel)."""

    ENDANGERS = "endangers"
    EMERGENCY = "emergency"


CONSENT_TEXT = {
    Consent.GIVEN: _("Consent given"),
    Consent.REFUSED: _("Consent refused"),
    Consent.NOT_SOUGHT: _("Not sought: it would endanger, or there is no time"),
    Consent.WITHDRAWN: _("Consent taken back"),
}
RELATION_TEXT = {
    Relation.MOTHER: _("Mother"),
    Relation.FATHER: _("Father"),
    Relation.GRANDPARENT: _("Grandparent"),
    Relation.OTHER: _("Another guardian"),
    Relation.SELF: _("The person herself or himself, of age"),
}
NOT_SOUGHT_TEXT = {
    NotSought.ENDANGERS: _("Asking would endanger: abuse or violence at home"),
    NotSought.EMERGENCY: _("There is no time: danger to life"),
}


# What a refusal asks for, where danger stands and where it does not.
BRANCH = {
    True: (
        _("Talk again with the guardian within 24 hours, the principal with you."),
        _("The county centre joins from the second refusal on."),
        _("The danger stands: school or police may bring the person to a hospital (Mental Health Law, article 28)."),
        _("Where a guardian leaves a child in danger, report it (Law on the Protection of Minors, article 11)."),
        _("A red case goes on meanwhile: its referral is sent without consent."),
    ),
    False: (
        _("Talk again with the guardian within 24 hours, the principal with you."),
        _("The county centre joins from the second refusal on."),
        _("No danger stands: agree who watches at home; somebody calls every week. The tier is not lowered."),
    ),
}


def danger(tier: str) -> bool:
    """Whether a refusal leaves a person in danger: at red and orange."""
    return tier in (Tier.RED, Tier.ORANGE)


def taken_back(newest: str, given: str) -> bool:
    """Whether what a letter was sent with no longer holds: taken back, or refused after it was given."""
    return newest == Consent.WITHDRAWN or (newest == Consent.REFUSED and given in (Consent.GIVEN, Consent.WITHDRAWN))


def refused(outcome: str | None) -> bool:
    """Whether the guardian stands against it: refused, or given and taken back."""
    return outcome in (Consent.REFUSED, Consent.WITHDRAWN)
