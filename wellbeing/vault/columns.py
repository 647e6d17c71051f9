"""Where sealed words stand: every app names its columns when it starts, so that a rotation finds all of them.

A rule test compares the list with the tables themselves: a column of envelopes that is not named fails the suite.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """One column of envelopes. `owner` and `division` are SQL over the row `t`: whose key opens it, and the division of
    its place; `model` and `field` are the place's too. `case`, where given, is the case that a copy was taken from, or
    `ANY (…)` of them: it is erased with that one. `ends` is what is SET in a row whose words were erased, where the row
    would go on without them."""

    kind: str  # OwnerKind
    table: str
    name: str
    model: str
    owner: str
    division: str
    field: str = "sealed"
    case: str = ""
    ends: str = ""


_columns: list[Column] = []


def name_columns(*columns: Column) -> None:
    """Name the columns of an app; from AppConfig.ready."""
    _columns.extend(one for one in columns if one not in _columns)


def columns(kind: str = "") -> Sequence[Column]:
    """All of them, or those whose envelopes hang on keys of one kind."""
    return [one for one in _columns if kind in ("", one.kind)]
