"""What stands on a blank sheet of paper: the fields of the screen in the screen's words, so that entering is copying.

The print page and the PDF are drawn from the same one. Source: PRACTICE.md 3.2 (call sheet), 4.2 (referral).
"""

from collections.abc import Callable, Sequence
from math import ceil

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases import concern, sheet
from cases.call_number import LINES
from cases.consent import CONSENT_TEXT, Consent
from cases.models import PaperSheet
from cases.paper_number import KIND_TEXT, PaperKind, shown
from wellbeing.moments import absolute
from wellbeing.pdf.sheet import Blank, Sheet, address_code

WIDE = 60  # letters that stand in a line of boxes to tick; a Chinese one counts twice
HAND = {"narrative": 6, "protective": 2, "done": 2, "reason": 2}  # lines to write on
LABEL = {"topics": gettext_noop("What it is about; put a ring round the main one")}  # instead of asking it twice
LEAD = (
    gettext_noop("Only while the system is down. Is a life in danger: call 110, 120, at sea 12395, and the duty desk."),
    gettext_noop(
        "Enter it as soon as the system runs, with the number above and the time when it happened; then lock it away."
    ),
)


def blank_sheet(paper: PaperSheet, address: str) -> Sheet:
    """One numbered sheet, in the language of the reader; its code holds `address`, where it is entered."""
    kind = PaperKind(paper.kind)
    return Sheet(
        title=_(KIND_TEXT[kind]),
        house=str(paper.desk.organisation),
        reference=shown(paper.pk),
        printed=absolute(paper.printed_at),
        code=address_code(address),
        lead=tuple(_(text) for text in LEAD),
        blanks=(Blank(_("When it happened (day, time)")), Blank(_("Written by")), *_BLANKS[kind]()),
        foot=_("Any hour: 2912345"),
    )


def _call() -> tuple[Blank, ...]:
    asked = (field for field in sheet.FIELDS if field.code != "main_topic")
    fields = (_ticks(LABEL.get(field.code, field.label), field.choices, HAND.get(field.code, 1)) for field in asked)
    return (
        _ticks(gettext_noop("Line"), LINES),
        *fields,
        Blank(_("Began at")),
        Blank(_("Length (minutes)")),
        Blank(_("County or district")),
    )


def _concern() -> tuple[Blank, ...]:
    return (
        Blank(_("Who it is about")),
        Blank(_("Grade and class")),
        Blank(_("Student number, if you have it")),
        _ticks("What did you notice?", tuple(concern.SIGN_TEXT.items())),
        _ticks("Where was it seen?", tuple(concern.LEVEL_TEXT.items())),
        Blank(_("In a word or two"), lines=6),
    )


def _referral() -> tuple[Blank, ...]:
    asked = (Consent.GIVEN, Consent.REFUSED, Consent.NOT_SOUGHT)
    return (
        Blank(_("Student")),
        Blank(_("School and class")),
        Blank(_("Guardian")),
        Blank(_("Telephone")),
        Blank(_("Case reference, if there is one")),
        Blank(_("To which hospital or centre")),
        _ticks("The guardian's consent", tuple((code, CONSENT_TEXT[code]) for code in asked)),
        Blank(_("Why, in short"), lines=6),
        Blank(_("What was done so far"), lines=3),
        Blank(_("Question to the doctor"), lines=2),
        Blank(_("Who goes along, and how")),
        Blank(_("Told by telephone, to whom and when")),
    )


_BLANKS: dict[PaperKind, Callable[[], tuple[Blank, ...]]] = {
    PaperKind.CALL: _call,
    PaperKind.CONCERN: _concern,
    PaperKind.REFERRAL: _referral,
}


def _ticks(label: str, choices: Sequence[tuple[str, str]], lines: int = 1) -> Blank:
    """A blank with as many lines as its boxes need."""
    texts = tuple(_(text) for _code, text in choices)
    letters = sum(4 + sum(2 if ord(sign) > 0x2E80 else 1 for sign in text) for text in texts)
    return Blank(_(label), texts, max(lines, ceil(letters / WIDE)))
