"""The catalogue: every fault is named, and merges neither lose nor double anything."""

import gettext
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polib
import pytest
from django.conf import settings

from wellbeing.web import catalogue
from wellbeing.web.msgids import Found, Message, collect, sources

FOUND: Found = {
    ("", "Red"): (Message("Red"), ["a.py"]),
    ("", "%(n)s case"): (Message("%(n)s case", plural="%(n)s cases"), ["b.html"]),
    ("clock", "late"): (Message("late", context="clock"), ["a.py"]),
}
TEXTS = {"Red": "红色", "%(n)s case": "%(n)s 个个案", "clock\x04late": "超时"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "zh" / "django.po"
    catalogue.merge(made, TEXTS, FOUND)
    return made


def faults(path: Path) -> list[str]:
    return [line.split(":")[0] for line in catalogue.faults(catalogue.load(path), FOUND)]


def test_a_complete_catalogue_has_no_fault(path: Path) -> None:
    assert faults(path) == []


def spoil_by(path: Path, fault: str) -> None:
    """Plant one fault in a complete catalogue."""
    held = catalogue.load(path)
    red = held.find("Red")
    if fault == "missing":
        held.remove(red)
    elif fault == "empty":
        red.msgstr = ""
    elif fault == "fuzzy":
        red.flags.append("fuzzy")
    elif fault == "stale":
        held.append(polib.POEntry(msgid="Gone", msgstr="没有了"))
    elif fault == "without plural":
        one = held.find("%(n)s case")
        one.msgid_plural, one.msgstr_plural, one.msgstr = "", {}, "%(n)s 个个案"
    else:
        held.find("%(n)s case").msgstr_plural = {0: "%(m)s 个个案"}
    held.save(str(path))


@pytest.mark.parametrize("fault", ["missing", "empty", "fuzzy", "stale", "without plural", "other placeholders"])
def test_a_planted_fault_is_named(path: Path, fault: str) -> None:
    spoil_by(path, fault)
    assert faults(path) == [fault]


def test_merging_again_changes_nothing(path: Path) -> None:
    before = path.read_bytes()
    assert catalogue.merge(path, TEXTS, FOUND) == 0
    assert path.read_bytes() == before


def test_merges_at_once_lose_nothing(path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: catalogue.merge(path, {f"text {n}": f"第 {n} 条"}, FOUND), range(24)))
    held = {entry.msgid for entry in catalogue.load(path)}
    assert {f"text {n}" for n in range(24)} <= held


def test_pruning_drops_what_the_sources_no_longer_hold(path: Path) -> None:
    spoil_by(path, "stale")
    assert catalogue.prune(path, FOUND) == 1
    assert faults(path) == []


def test_the_compiled_catalogue_answers(path: Path) -> None:
    assert catalogue.compile_catalogue(path) == 3
    with path.with_suffix(".mo").open("rb") as file:
        spoken = gettext.GNUTranslations(file)
    assert spoken.gettext("Red") == "红色"
    assert spoken.ngettext("%(n)s case", "%(n)s cases", 5) == "%(n)s 个个案"
    assert spoken.pgettext("clock", "late") == "超时"


def test_the_project_is_complete_in_chinese() -> None:
    root = Path(settings.BASE_DIR)
    held = catalogue.load(catalogue.catalogue_path(root))
    assert catalogue.faults(held, collect(sources(root), root)) == []
