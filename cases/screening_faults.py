"""The faults of a file as a page shows them, and as a table to keep."""

import csv
import io
from base64 import b64encode
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from cases.screening_columns import Fault
from wellbeing.sheets import is_formula

SHOWN = 100


def fault_page(faults: Sequence[Fault]) -> dict[str, Any]:
    """What the page of a bad file needs; empty values without a fault."""
    return {
        "faults": [_said(fault) for fault in faults[:SHOWN]],
        "fault_count": len(faults),
        "report": _report(faults) if faults else "",
    }


def _said(fault: Fault) -> dict[str, Any]:
    return {"line": fault.line or "", "column": fault.column, "text": _(fault.what) % fault.more}


def _report(faults: Sequence[Fault]) -> str:
    """Every fault as a CSV to keep, as an address: nothing of it is stored here. No cell of it runs as a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([_("Line of the file"), _("Column"), _("What is wrong")])
    for said in map(_said, faults):
        writer.writerow([_harmless(str(value)) for value in said.values()])
    return "data:text/csv;charset=utf-8;base64," + b64encode(b"\xef\xbb\xbf" + text.getvalue().encode()).decode()


def _harmless(cell: str) -> str:
    return f"'{cell}" if is_formula(cell) else cell
