"""The generated docs say what the code says; what the README and the map name exists, and every setting is described."""

from __future__ import annotations

import re
from pathlib import Path

from django.core.management import call_command, get_commands

ROOT = Path(__file__).resolve().parents[2]


def test_the_generated_docs_are_up_to_date() -> None:
    call_command("write_docs", check=True)


def test_what_the_readme_names_exists() -> None:
    for name in ("README.md", "README.zh-CN.md"):
        text = (ROOT / name).read_text()
        commands = set(re.findall(r"manage\.py (\w+)", text))
        assert commands <= set(get_commands()), commands
        targets = set(re.findall(r"make ([a-z-]+)", text)) - {"and"}
        known = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
        assert targets <= known, targets - known
        for link in re.findall(r"\]\(([^)#]+)\)", text):
            assert (ROOT / link).exists(), link


def test_what_the_map_names_exists() -> None:
    lost = []
    for row in re.findall(r"^\|.*\| (.*) \|$", (ROOT / "docs" / "map.md").read_text(), re.MULTILINE):
        folder = ROOT
        for name in re.findall(r"`([a-z_.*/-]+)`", row):
            found = next((place / name for place in (ROOT, folder, folder.parent) if any(place.glob(name))), None)
            if found is None and "*" not in name:
                lost.append(name)
            elif found is not None:
                folder = found if found.is_dir() else found.parent
    assert lost == []


def test_every_setting_that_is_read_from_the_environment_is_described() -> None:
    sources = (path.read_text() for path in (ROOT / "wellbeing" / "settings").glob("*.py"))
    read = {name for source in sources for name in re.findall(r"env\.\w+\(\s*\"(\w+)\"", source)}
    assert len(read) > 40
    said = "".join((ROOT / "docs" / name).read_text() for name in ("production.md", "keys.md"))
    assert {name for name in read if f"`{name}" not in said and f" {name}" not in said} == set()


def test_every_source_that_the_code_names_is_described() -> None:
    said = (ROOT / "docs" / "sources.md").read_text()
    listed = re.findall(r"^\| (PRACTICE|SECURITY|DESIGN)\.md ([^|]+) \|", said, re.MULTILINE)
    described = {(paper, place) for paper, places in listed for place in re.split(r", ", places)}
    lost = set()
    for folder in ("cases", "referrals", "wellbeing", "templates", "tests"):
        for path in (ROOT / folder).rglob("*.*"):
            if path.suffix not in (".py", ".html", ".js", ".css"):
                continue
            for paper, place in re.findall(r"(PRACTICE|SECURITY|DESIGN)\.md,? (T?\d+(?:\.\d+)?)", path.read_text()):
                if (paper, place) not in described:
                    lost.add(f"{path.relative_to(ROOT)}: {paper}.md {place}")
    assert len(described) > 25 and lost == set()
