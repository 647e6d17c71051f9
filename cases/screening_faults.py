"""The faults of a file as a page shows them, and as a table to keep."""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from cases.screening_columns import Fault
from wellbeing.access.actor import Actor
from wellbeing.moments import absolute
from wellbeing.sheets.writing import Cell, csv_lines
from wellbeing.workdays import now

SHOWN = 100


def fault_page(actor: Actor, faults: Sequence[Fault]) -> dict[str, Any]:
    """What the page of a bad file needs; empty values without a fault."""
    return {
        "faults": [_said(fault) for fault in faults[:SHOWN]],
        "fault_count": len(faults),
        "report": _report(actor, faults) if faults else "",
    }


def _said(fault: Fault) -> dict[str, Any]:
    return {"line": fault.line or "", "column": fault.column, "text": _(fault.what) % fault.more}


@dataclass(frozen=True, slots=True)
class _Faults:
    """Every fault as a table; none holds what a cell of the file holds (wellbeing/sheets)."""

    title: str
    head: Sequence[str]
    faults: Sequence[Fault]

    def rows(self) -> Iterable[Sequence[Cell]]:
        return ([str(value) for value in _said(fault).values()] for fault in self.faults)


def _report(actor: Actor, faults: Sequence[Fault]) -> str:
    """Every fault as a CSV to keep, as an address: nothing of it is stored here."""
    table = _Faults(_("Faults of a file"), (_("Line of the file"), _("Column"), _("What is wrong")), faults)
    mark = _("For {name} (account {id}) on {at}.").format(name=actor.name, id=actor.id, at=absolute(now()))
    return "data:text/csv;charset=utf-8;base64," + b64encode("".join(csv_lines(table, mark)).encode()).decode()
