"""By which keyed hashes a student and her answers are found again: in another file, another term, another division."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cases.screening_file import NATIONAL
from wellbeing.vault.blind_index import indexer, student_number


class Hashes:
    """Makes the hashes of many rows; their keys are derived once."""

    def __init__(self) -> None:
        self._student, self._row = indexer("student_number"), indexer("screening_row")

    def student(self, number: str, division: str, school: str) -> bytes:
        """The hash of a student. A national number is one student in the whole division, any other one in its school
        (by code)."""
        plain = student_number(number)
        return self._student(f"{division if NATIONAL.fullmatch(plain) else school}/{plain}")

    def here(self, number: str, school: str) -> bytes:
        """The hash of a student in one school (by code) whose number means somebody else already (cases/students)."""
        return self._student(f"{school}/again/{student_number(number)}")

    def anywhere(self, number: str, division: str, schools: Iterable[str]) -> set[bytes]:
        """The hashes under which a student of this number may stand in a division with these schools (by code)."""
        return {mark for code in schools for mark in (self.student(number, division, code), self.here(number, code))}

    def rows(self, student: bytes, day: str, answers: Mapping[str, Mapping[str, Any]]) -> dict[str, bytes]:
        """Per instrument the hash of one student's answers of a day (ISO), in whatever order: the same line in another
        file is the same."""
        said = f"{student.hex()}/{day}"
        return {code: self._row(f"{said}/{code}/{_listed(given)}") for code, given in answers.items()}

    def moved(self, number: str, division: str) -> bytes | None:
        """The hash of a student whose file goes to another division; none where her number ends with her school."""
        return self.student(number, division, "") if NATIONAL.fullmatch(student_number(number)) else None


def _listed(given: Mapping[str, Any]) -> str:
    return ",".join("" if given[item] is None else str(given[item]) for item in sorted(given))
