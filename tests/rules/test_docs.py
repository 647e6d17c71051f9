"""The generated docs say what the code says, and the README's commands exist."""

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
