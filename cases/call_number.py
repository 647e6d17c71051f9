"""What names a call (通话编号), on which line it came, and in whose shift (班次): all of it follows from what is known,
and nobody types it. Source: PRACTICE.md 3.2.

The number is the day and minute when the call began, and three digits of its random id. It does not count: a desk that
saw two running numbers would know how many calls came between them, and figures leave the hotline rounded.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_noop as _

from cases.models import Call, Case, Channel
from wellbeing.rota.models import Shift
from wellbeing.workdays import TIMEZONE

# 线路 (PRACTICE.md 3.2): the hotline's own number, those that hand a caller on to it, and calls that it makes itself.
LINES = (
    ("2912345", "2912345"),
    ("12356", _("Transferred from 12356")),
    ("12355", _("Transferred from 12355")),
    ("out", _("We rang (outgoing)")),
)


@dataclass(frozen=True, slots=True)
class CallLine:
    """One call of a case: its number, the line as a code and as a text to translate, and the shift of the rota that its
    counsellor stood in when it began, if she did."""

    number: str
    code: str
    line: str
    shift: Shift | None


def call_number(began: datetime, pk: UUID) -> str:
    """`261127-1432-083`."""
    return f"{began.astimezone(TIMEZONE):%y%m%d-%H%M}-{pk.int % 1000:03}"


def calls_of(case: Case) -> list[CallLine]:
    """The calls that were logged as this case, the first one first; none of a case that no call opened."""
    if case.channel != Channel.HOTLINE:
        return []
    texts = dict(LINES)
    return [
        CallLine(call_number(one.started_at, one.pk), one.line, texts.get(one.line, one.line), _shift(one))
        for one in Call.objects.filter(case=case).order_by("started_at", "pk")
    ]


def _shift(call: Call) -> Shift | None:
    at = call.started_at
    rows = Shift.objects.filter(desk_id=call.desk_id, user_id=call.counsellor_id, starts_at__lte=at, ends_at__gt=at)
    return rows.order_by("starts_at").first()
