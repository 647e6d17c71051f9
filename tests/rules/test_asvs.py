"""docs/asvs.csv is whole: every requirement once, every file and test it names exists; and docs/protection.md, which it
leans on, says what the code does."""

from __future__ import annotations

import ast
import csv
import re
from collections import Counter
from dataclasses import fields
from functools import cache
from importlib import import_module
from pathlib import Path

from wellbeing.settings.logs import LOGGING
from wellbeing.signin.passwords import WEAK_WORDS

ROOT = Path(__file__).resolve().parents[2]
STATES = {"met", "not applicable", "open"}
# OWASP ASVS 5.0.0: the levels of each section's requirements, in their order.
LEVELS = {
    **{"6.1": "122", "6.2": "111111112222", "6.3": "11223333", "6.4": "112233", "6.5": "22222333", "6.6": "2223"},
    **{"6.7": "33", "6.8": "2222"},
    **{"7.1": "222", "7.2": "1111", "7.3": "22", "7.4": "11222", "7.5": "223", "7.6": "22"},
    **{"8.1": "1233", "8.2": "1123", "8.3": "133", "8.4": "23"},
    **{"11.1": "2233", "11.2": "22233", "11.3": "11233", "11.4": "1222", "11.5": "23", "11.6": "23", "11.7": "33"},
    **{"14.1": "22", "14.2": "12223333", "14.3": "122"},
    **{"16.1": "2", "16.2": "22222", "16.3": "2222", "16.4": "222", "16.5": "2223"},
}
# How many of level 1, 2 and 3 a chapter has (SECURITY.md 6, counted from the release), and the level we aim at.
CHAPTERS = {"6": (13, 22, 12, 2), "7": (6, 12, 1, 2), "8": (4, 3, 6, 3), "11": (3, 11, 10, 3)}
CHAPTERS |= {"14": (2, 7, 4, 3), "16": (0, 16, 1, 3)}


def wanted() -> dict[str, str]:
    """The ids of the table with their levels."""
    return {
        f"{section}.{number}": level
        for section, levels in LEVELS.items()
        for number, level in enumerate(levels, 1)
        if int(level) <= CHAPTERS[section.split(".")[0]][3]
    }


def rows() -> list[dict[str, str]]:
    with (ROOT / "docs" / "asvs.csv").open(newline="") as file:
        return list(csv.DictReader(file))


@cache
def names_of(path: str) -> frozenset[str]:
    """The names of a file's tests, read from its source."""
    file = ROOT / path
    body = ast.parse(file.read_text()).body if file.is_file() else []
    return frozenset(node.name for node in body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"))


def faults(row: dict[str, str]) -> list[str]:
    """What is wrong with one row."""
    found = [] if row["state"] in STATES else ["state"]
    if not row["words"] or len(row["words"].split()) > 12:
        found.append("words")
    if row["state"] == "met" and not (row["where"] and row["test"]):
        found.append("met, and nothing shows it")
    if row["state"] != "met" and len(row["note"]) < 10:
        found.append("no reason")
    found += [path for path in row["where"].split() if not (ROOT / path).is_file()]
    return found + [
        name for name in row["test"].split() if name.partition("::")[2] not in names_of(name.split("::")[0])
    ]


def test_every_requirement_stands_there_once_and_everything_it_names_exists() -> None:
    for chapter, (*counts, _aim) in CHAPTERS.items():
        levels = Counter("".join(text for section, text in LEVELS.items() if section.split(".")[0] == chapter))
        assert [levels[level] for level in "123"] == counts, chapter
    assert [(row["id"], row["level"]) for row in rows()] == list(wanted().items())
    assert {row["id"]: wrong for row in rows() if (wrong := faults(row))} == {}


def test_a_planted_fault_is_found() -> None:
    good = next(row for row in rows() if row["state"] == "met")
    for planted in (
        {"where": "wellbeing/nowhere.py"},
        {"test": "tests/rules/test_asvs.py::test_that_nobody_wrote"},
        {"test": ""},
        {"state": "open", "note": ""},
        {"state": "perhaps"},
        {"words": ""},
    ):
        assert faults(good | planted), planted


def test_protection_says_what_the_code_does() -> None:
    text = (ROOT / "docs" / "protection.md").read_text()
    numbers = re.findall(r"^\| `([\w.]+)\.(\w+)` \| ([^|]+) \|", text, re.M)
    assert len(numbers) >= 10
    for owner, name, said in numbers:
        try:
            found = getattr(import_module(owner), name)
        except ModuleNotFoundError:  # a field of a class: its default
            module, _, within = owner.rpartition(".")
            found = {one.name: one.default for one in fields(getattr(import_module(module), within))}[name]
        shown = {str(key): value for key, value in found.items()} if isinstance(found, dict) else found
        assert str(shown) == said, f"{owner}.{name}"
    words = " ".join(line[2:] for line in text.splitlines() if line.startswith("> ")).split()
    assert sorted(words) == sorted(WEAK_WORDS)
    assert set(LOGGING["handlers"]) == {"stderr"}, "a log that docs/protection.md does not list"
    for link in re.findall(r"\]\(([^)#]+)\)", text):
        assert (ROOT / "docs" / link).is_file(), link
