"""Papers of the green channel (PRACTICE.md 4.3): what stands on each, which packet fills it, and who signs. Pure.

None carries more than its packet; those without one are filled in by hand and name only the reference and the houses.
A waiver of liability is never asked for, nor a certificate of cure.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


def _(text: str) -> str:
    """Marks an English text for translation; the page translates it."""
    return text


class PaperCode(StrEnum):
    NOTICE_GUARDIAN = "notice"
    CONSENT_REFERRAL = "consent"
    REFERRAL_SLIP = "slip"
    PROXY_ESCORT = "proxy"
    HOSPITAL_RECEIPT = "receipt"
    HOSPITAL_FEEDBACK = "feedback"
    REFUSAL_RECORD = "refusal"
    RETURN_PLAN = "return"
    CITY_SLIP = "city_slip"
    CITY_REPORT = "city_report"
    WELFARE_CHECK = "welfare_check"


@dataclass(frozen=True, slots=True)
class Paper:
    """`purpose` names the packet whose fields it carries (referrals.models.Purpose), empty for none; `blanks` are
    lines that are filled in by hand; `fields_of` lists the fields of a purpose by name, without their words; `place`
    says whether it names where the person is referred to."""

    code: PaperCode
    title: str
    lead: tuple[str, ...] = ()
    purpose: str = ""
    fields_of: str = ""
    blanks: tuple[str, ...] = ()
    signers: tuple[str, ...] = ()
    place: bool = True


GUARDIAN, STAFF, DATE = _("Guardian (signature)"), _("Staff (signature)"), _("Date")

PAPERS: dict[PaperCode, Paper] = {
    paper.code: paper
    for paper in (
        Paper(
            PaperCode.NOTICE_GUARDIAN,
            _("Notice to the guardian"),
            lead=(
                _("We have noticed that the student you care for should be seen by a doctor soon."),
                _("School does not diagnose. Only a hospital can say what it is, and what helps."),
                _("Please go with her or him to the hospital named here. Until then do not leave her or him alone."),
                _("You may ask us anything at any time; in danger call 110, 120 or 2912345."),
            ),
            blanks=(_("Student"), _("Guardian"), _("Telephone")),
            signers=(_("Received: guardian, or two members of staff who note the refusal"), DATE),
        ),
        Paper(
            PaperCode.CONSENT_REFERRAL,
            _("Consent to a referral"),
            lead=(
                _("I agree that the county centre gives the hospital named here the fields listed below, and no more."),
                _("I may take this back at any time; the hospital's copy is then destroyed."),
                _("Under fourteen the guardian signs this paper separately."),
            ),
            fields_of="hospital",
            blanks=(_("Student"), _("Guardian"), _("Relation")),
            signers=(GUARDIAN, _("Student, from eight years on (signature)"), STAFF, DATE),
        ),
        Paper(
            PaperCode.REFERRAL_SLIP,
            _("Referral slip"),
            purpose="hospital",
            signers=(
                _("Psychology teacher"),
                _("Principal and seal of the school"),
                _("County centre, counter-signed"),
                DATE,
            ),
        ),
        Paper(
            PaperCode.PROXY_ESCORT,
            _("Proxy for the escort"),
            lead=(_("As I cannot come myself, the person named here goes with the student on my behalf."),),
            blanks=(_("Student"), _("Escort"), _("Telephone")),
            signers=(GUARDIAN, _("Escort (signature)"), DATE),
        ),
        Paper(
            PaperCode.HOSPITAL_RECEIPT,
            _("Receipt of the hospital"),
            lead=(_("The student came to us with this referral."),),
            blanks=(_("Came on"), _("Seen by"), _("Next visit")),
            signers=(_("Hospital (signature and seal)"), DATE),
        ),
        Paper(
            PaperCode.HOSPITAL_FEEDBACK,
            _("Report of the hospital"),
            purpose="feedback",
            signers=(_("Doctor (signature and seal)"), DATE),
        ),
        Paper(
            PaperCode.REFUSAL_RECORD,
            _("Record of a refusal"),
            lead=(
                _("The risk and the help that is offered were explained. This record is no waiver: help stays open."),
                _("School talks with the family again within 24 hours; where danger stands, we must act by law."),
            ),
            blanks=(_("What was explained"), _("Reason given"), _("Who watches at home")),
            signers=(_("Guardian, or two members of staff (signatures)"), DATE),
        ),
        Paper(
            PaperCode.RETURN_PLAN,
            _("Return-to-school plan"),
            purpose="return_plan",
            signers=(_("School counsellor"), GUARDIAN, DATE),
        ),
        Paper(
            PaperCode.CITY_SLIP,
            _("Slip for the city centre"),
            purpose="city_centre",
            signers=(_("County centre (signature)"), DATE),
        ),
        Paper(
            PaperCode.CITY_REPORT,
            _("Report of the city centre"),
            purpose="city_report",
            signers=(_("City centre (signature and seal)"), DATE),
        ),
        Paper(
            PaperCode.WELFARE_CHECK,
            _("Hand-over to 110, 120 or 12395"),
            lead=(_("Please find this person and protect her or him; use what stands here for nothing else."),),
            purpose="welfare_check",
            signers=(_("Handed over by (signature)"), _("Taken by (signature)"), DATE),
            place=False,
        ),
    )
}
