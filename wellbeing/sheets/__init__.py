"""Read what people send as a table: CSV and XLSX become rows of text, and every fault names its cell. Pure.

What a file is, its first bytes say; its name may only agree. Anything that is not plainly one table of values is
refused as a whole, and no fault holds what a cell holds: faults are fit for a log.
"""

from wellbeing.sheets.fault import TROUBLE_TEXT, BadSheet, Fault, Limits, Trouble, column_name
from wellbeing.sheets.sheet import Row, Sheet, is_formula, read

__all__ = [
    "TROUBLE_TEXT",
    "BadSheet",
    "Fault",
    "Limits",
    "Row",
    "Sheet",
    "Trouble",
    "column_name",
    "is_formula",
    "read",
]
