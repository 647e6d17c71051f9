"""Papers of the green channel (PRACTICE.md 4.3): what stands on each, which packet fills it, and who signs. Pure.

None carries more than its packet; those without one are filled in by hand and name only the reference and the houses.
A waiver of liability is never asked for, nor a certificate of cure. The safety plan is the person's own sheet and is
printed from her case (cases/safety_plan.py), without a reference.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from wellbeing.pdf.sheet import Blank
from wellbeing.translatable import _


class PaperCode(StrEnum):
    """In the order of PRACTICE.md 4.3; the place in it is the number of the form."""

    NOTICE_GUARDIAN = "notice"
    CONSENT_REFERRAL = "consent"
    REFERRAL_SLIP = "slip"
    PROXY_ESCORT = "proxy"
    HOSPITAL_RECEIPT = "receipt"
    HOSPITAL_FEEDBACK = "feedback"
    REFUSAL_RECORD = "refusal"
    LEAVE_APP = "leave"
    RETURN_APP = "return-application"
    RETURN_ASSESSMENT = "return-assessment"
    RETURN_PLAN = "return"
    FOLLOWUP = "follow-up"
    CITY_SLIP = "city_slip"
    CITY_REPORT = "city_report"
    WELFARE_CHECK = "welfare_check"


@dataclass(frozen=True, slots=True)
class Paper:
    """`purpose` names the packet whose fields it carries (referrals.models.Purpose), empty for none; `blanks` are
    filled in by hand, and so are the `empty` rows under `columns` (label, share of the width); `fields_of` lists the
    fields of a purpose by name, without their words. A paper `for_school` does not name the hospital: school need not
    know it; one without `place` names nobody it goes to. Whoever signs puts the date beside it."""

    code: PaperCode
    title: str
    lead: tuple[str, ...] = ()
    purpose: str = ""
    fields_of: str = ""
    for_school: bool = False
    blanks: tuple[Blank, ...] = ()
    columns: tuple[tuple[str, int], ...] = ()
    empty: int = 0
    signers: tuple[str, ...] = ()
    place: bool = True

    @property
    def home(self) -> bool:
        """Whether it goes to the home: whatever a guardian signs does."""
        return GUARDIAN in self.signers

    @property
    def number(self) -> int:
        """The number of the form, from 1."""
        return list(PaperCode).index(self.code) + 1


GUARDIAN, STAFF = _("Guardian (signature)"), _("Staff (signature)")
SCHOOL_SEAL = _("School (signature and seal)")
STUDENT_SIGNS = _("Student, from eight years on (signature)")
STUDENT, WATCHED_BY, PHONE = Blank(_("Student")), Blank(_("Guardian")), Blank(_("Telephone"))
RELATION, CLASS = Blank(_("Relation")), Blank(_("School and class"))

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
            blanks=(
                STUDENT,
                CLASS,
                WATCHED_BY,
                PHONE,
                Blank(_("Decision"), (_("I have read it and go along"), _("I have read it and want to talk first"))),
            ),
            signers=(GUARDIAN, _("Two members of staff, where the guardian does not sign"), SCHOOL_SEAL),
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
            blanks=(STUDENT, WATCHED_BY, RELATION, PHONE, Blank(_("Decision"), (_("I agree"), _("I do not agree")))),
            signers=(GUARDIAN, STUDENT_SIGNS, STAFF),
        ),
        Paper(
            PaperCode.REFERRAL_SLIP,
            _("Referral slip"),
            purpose="hospital",
            signers=(
                _("Psychology teacher"),
                _("Principal and seal of the school"),
                _("County centre, counter-signed"),
            ),
        ),
        Paper(
            PaperCode.PROXY_ESCORT,
            _("Proxy for the escort"),
            lead=(
                _("As I cannot come myself, the person named here goes with the student on my behalf."),
                _("To stay in hospital and to be treated is not decided by the escort: the hospital asks me."),
            ),
            blanks=(
                STUDENT,
                WATCHED_BY,
                Blank(_("Guardian's telephone")),
                Blank(_("Escort")),
                Blank(_("Escort's relation to the student")),
                Blank(_("Escort's telephone")),
                Blank(_("Valid for the visit of")),
            ),
            signers=(GUARDIAN, _("Escort (signature)"), SCHOOL_SEAL),
        ),
        Paper(
            PaperCode.HOSPITAL_RECEIPT,
            _("Receipt of the hospital"),
            lead=(_("The student came to us with this referral."),),
            blanks=(
                Blank(_("Came on")),
                Blank(_("Seen by")),
                Blank(_("Done at the hospital"), (_("Out-patient"), _("In-patient"), _("Sent on"), _("Did not come"))),
                Blank(_("Next visit")),
            ),
            signers=(_("Hospital (signature and seal)"),),
        ),
        Paper(
            PaperCode.HOSPITAL_FEEDBACK,
            _("Feedback of the hospital"),
            purpose="feedback",
            signers=(_("Doctor (signature and seal)"),),
        ),
        Paper(
            PaperCode.REFUSAL_RECORD,
            _("Record of a refusal"),
            lead=(
                _("The risk and the help that is offered were explained. This record is no waiver: help stays open."),
                _("School talks with the family again within 24 hours; where danger stands, we must act by law."),
            ),
            blanks=(
                STUDENT,
                WATCHED_BY,
                Blank(_("What was explained"), lines=3),
                Blank(_("Reason given"), lines=3),
                Blank(_("Who watches at home")),
                Blank(_("Second talk on")),
            ),
            signers=(GUARDIAN, _("Staff, first (signature)"), _("Staff, second (signature)")),
        ),
        Paper(
            PaperCode.LEAVE_APP,
            _("Application for leave"),
            lead=(
                _("I ask that the student named here may stay away from school for a time, to get well."),
                _("No diagnosis need be written here. The place at school and the school roll stay as they are."),
            ),
            for_school=True,
            blanks=(
                STUDENT,
                CLASS,
                WATCHED_BY,
                PHONE,
                Blank(_("Leave from")),
                Blank(_("Leave to, as foreseen")),
                Blank(_("Who keeps in touch from school")),
                Blank(_("How often")),
                Blank(_("What the student wishes"), lines=2),
                Blank(_("Answer of the school"), (_("Agreed"), _("Let us talk again")), lines=2),
            ),
            signers=(GUARDIAN, STUDENT_SIGNS, SCHOOL_SEAL),
        ),
        Paper(
            PaperCode.RETURN_APP,
            _("Application to return to school"),
            lead=(
                _("I ask that the student named here may come back to school."),
                _("Neither a certificate of cure nor a waiver of liability is asked for; advice of a doctor helps."),
            ),
            for_school=True,
            blanks=(
                STUDENT,
                CLASS,
                WATCHED_BY,
                PHONE,
                Blank(_("Away since")),
                Blank(_("Wishes to return on")),
                Blank(_("How to begin"), (_("Full days"), _("Half days"), _("Some lessons"), _("To be agreed"))),
                Blank(_("What helps the student"), lines=3),
                Blank(_("What school should know"), lines=3),
            ),
            signers=(GUARDIAN, STUDENT_SIGNS, _("Received for the school (signature)")),
        ),
        Paper(
            PaperCode.RETURN_ASSESSMENT,
            _("Assessment before the return"),
            lead=(
                _("School, hospital and county centre look together at what the student needs to come back safely."),
                _("No diagnosis is written here. Whoever does not agree may ask the city centre to look again."),
            ),
            for_school=True,
            blanks=(
                STUDENT,
                CLASS,
                Blank(_("In the student's own words"), lines=2),
                Blank(_("Family: support and who watches"), lines=2),
                Blank(_("School: what is prepared"), lines=2),
                Blank(_("Hospital: advice for school"), lines=2),
                Blank(_("County centre: risk and protection"), lines=2),
                Blank(_("Together"), (_("Returns"), _("Returns step by step"), _("Not yet"))),
                Blank(_("To be looked at again on")),
            ),
            signers=(SCHOOL_SEAL, _("Hospital (signature and seal)"), _("County centre (signature and seal)")),
        ),
        Paper(
            PaperCode.RETURN_PLAN,
            _("Return-to-school plan"),
            purpose="return_plan",
            signers=(_("School counsellor"), GUARDIAN),
        ),
        Paper(
            PaperCode.FOLLOWUP,
            _("Record of follow-ups"),
            lead=(_("What is seen and agreed, in short; no case notes."),),
            for_school=True,
            blanks=(STUDENT, Blank(_("Case manager"))),
            columns=(
                (_("Date"), 4),
                (_("How"), 3),
                (_("How it goes"), 8),
                (_("Agreed, and next time"), 8),
                (_("Signature"), 4),
            ),
            empty=6,
            signers=(_("Case manager (signature)"),),
        ),
        Paper(
            PaperCode.CITY_SLIP,
            _("Slip for the city centre"),
            purpose="city_centre",
            signers=(_("County centre (signature)"),),
        ),
        Paper(
            PaperCode.CITY_REPORT,
            _("Report of the city centre"),
            purpose="city_report",
            signers=(_("City centre (signature and seal)"),),
        ),
        Paper(
            PaperCode.WELFARE_CHECK,
            _("Hand-over to 110, 120 or 12395"),
            lead=(_("Please find this person and protect her or him; use what stands here for nothing else."),),
            purpose="welfare_check",
            signers=(_("Handed over by (signature)"), _("Taken by (signature)")),
            place=False,
        ),
    )
}
# What a leave and a return need, with a referral or without one (PRACTICE.md 4.5).
LEAVE_PAPERS = (PaperCode.LEAVE_APP, PaperCode.RETURN_APP, PaperCode.RETURN_ASSESSMENT)
