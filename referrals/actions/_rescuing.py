"""What 110, 120 and 12395 are given (移交告知): the same words for who looks first and for what is sealed."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.models import Case
from referrals.actions._journey import case_of
from referrals.models import Purpose, Referral
from referrals.packet import copied_fields
from wellbeing.access.actor import Actor
from wellbeing.errors import Invalid

FOUND_BY = ("looks", "where", "danger", "call_back")  # what the sender writes for a welfare check


def rescue_words(
    actor: Actor,
    referral: Referral,
    words: Mapping[str, Any],
    *,
    check: bool,
    guardian: bool,
    extras: Mapping[str, str],
) -> dict[str, Any]:
    """Their number and who took it; for a welfare check what finds the person, copied from the file and written.

    Raises Invalid naming the field.
    """
    noted = {code: str(words.get(code) or "").strip() for code in ("number", "taker")}
    given: dict[str, Any] = {**noted, "reference": referral.reference}
    if check:
        return given | _to_find(actor, case_of(referral), words, guardian=guardian, extras=extras)
    if extras:
        raise Invalid("check", _("Fields are added only to what helps to find the person: tick this as well."))
    return given


def _to_find(
    actor: Actor, case: Case, words: Mapping[str, Any], *, guardian: bool, extras: Mapping[str, str]
) -> dict[str, Any]:
    written = {code: str(words.get(code) or "").strip() for code in FOUND_BY}
    if not written["where"]:
        raise Invalid("where", _("Say where she or he may be."))
    if not written["danger"]:
        raise Invalid("danger", _("Say the danger in one line."))
    copied = copied_fields(actor, case, Purpose.WELFARE_CHECK, extras)
    for code in extras:
        if code not in copied:
            raise Invalid(f"extra_{code}", _("The file holds nothing under this field."))
    if not guardian:
        copied.pop("guardian_contact", None)
    return {**copied, **written}
