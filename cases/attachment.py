"""Papers that are kept with a case (附件): what they are, and in which section they stand. Pure."""

from __future__ import annotations

from enum import StrEnum

from wellbeing.translatable import _


class Attached(StrEnum):
    """What an attachment is."""

    CONSENT = "signed_consent"
    RECEIPT = "receipt"
    HOSPITAL = "hospital_paper"
    DRAWING = "drawing"
    OTHER = "other_paper"


ATTACHED_TEXT = {
    Attached.CONSENT: _("Signed consent or notice"),
    Attached.RECEIPT: _("Receipt of a report"),
    Attached.HOSPITAL: _("Paper of a hospital"),
    Attached.DRAWING: _("Drawing, letter or note of hers or his"),
    Attached.OTHER: _("Another paper"),
}
# cases.models.Section by its code: a signed consent belongs to the home, what a child drew to what was said.
SECTION_OF = {
    Attached.CONSENT: "guardian",
    Attached.RECEIPT: "plan",
    Attached.HOSPITAL: "risk",
    Attached.DRAWING: "narrative",
    Attached.OTHER: "narrative",
}
FILE_KEY = "file_key"  # never shown: the key of the file, inside the entry that describes it
