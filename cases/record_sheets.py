"""What goes out on paper: the reply that says the same to everybody, and what is handed out.

The reply is made from the day of the request and the house alone. It names nobody and carries no reference, so those of
one day and one house are the same to the byte, whether there is a file or none, and say nothing where they are found.
"""

from django.utils.translation import gettext as _

from cases.display import field_rows, section_title
from cases.models import EntryKind, RecordRequest
from cases.record_requests import ASKER_TEXT, REDACTION_TEXT, Asker, Redaction
from cases.records_access import Going
from wellbeing.moments import absolute
from wellbeing.pdf.sheet import Line, Sheet


def reply_sheet(row: RecordRequest) -> Sheet:
    """The reply that nothing can be released, in the language of the reader. Opens nothing and asks for no case."""
    return Sheet(
        title=_("Reply to a request for records"),
        house=str(row.received_desk.organisation),
        lead=(
            _("We have examined the request."),
            _("There is no record that can be released."),
            _("Every request to which nothing is released is answered with these words, and on the day named here."),
            _("Whoever does not agree may turn to the education bureau, or to the court."),
        ),
        lines=(
            Line(_("Request received"), absolute(row.received_at)[:10]),
            Line(_("Answered"), absolute(row.due_at)[:10]),
        ),
        signers=(_("For the centre (signature and seal)"), _("Received by (signature)")),
    )


def packet_sheet(row: RecordRequest, going: Going) -> Sheet:
    """What is handed out, in the order in which it was proposed: no author, no hour, not whether there was a call."""
    return Sheet(
        title=_("Extract of records"),
        house=str(row.received_desk.organisation),
        reference=row.reference,
        lead=(
            _("For: {asker}.").format(asker=_(ASKER_TEXT[Asker(row.asker)])),
            _("Parts that protect others or the person stay out; what was blackened is marked."),
            _("Use it for the stated purpose alone, and pass it on to nobody."),
        ),
        lines=going_lines(going, inside=False),
        signers=(_("For the centre (signature and seal)"), _("Received by (signature)")),
    )


def going_lines(going: Going, *, inside: bool) -> tuple[Line, ...]:
    """The lines of an answer in words. Only `inside` the house they say what kind of entry each comes from: that there
    was a call says that somebody called."""
    return tuple(
        Line(
            row["label"],
            row["value"],
            " · ".join(
                (
                    section_title(line["section"]),
                    *([str(EntryKind(line["kind"]).label)] if inside else []),
                    line["day"],
                    *([_(REDACTION_TEXT[Redaction(line["how"])])] if line["how"] != Redaction.WHOLE else []),
                )
            ),
        )
        for line in going.lines
        for row in field_rows({line["code"]: line["value"]})
    )
