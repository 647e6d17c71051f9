"""docs/proofs.md: of every proof what it last gave in `make prove`, a row each; the suite's short runs are not kept."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from tests.proofs.proof import Line, Proof

KEPT = Path(__file__).parents[2] / "docs" / "proofs.md"
NEVER = "| – | – | – | – | – |"
HEAD = """<!-- written by `make prove`; what the last run of each proof printed -->

# Proofs

Each tries to break one promise, many times over, and must find nothing; then a fault is planted, and it must find that.
`make prove` runs all of them (`LEVEL=full` for hours, `ARGS="-k AZ-3" STEPS=…` for one) and writes what they gave here,
with the seconds that it took there, the day and the version. The suite runs each of them short. The ids are those of
the threat model; where a proof lives and how it tries says the head of its module.

| Id | What must not be found | Module | Tried | Found | Planted | Seconds | When |
|---|---|---|---|---|---|---|---|
"""


def row(proof: Proof, given: str) -> str:
    """A proof's line of the table with what it gave."""
    return f"| {proof.id} | {proof.what} | `{proof.run.__module__.rpartition('.')[2]}.py` {given}"


def written(proofs: Sequence[Proof], lines: Iterable[Line], before: str, when: str) -> str:
    """The page: a row for each proof, from `lines` where it ran, else as it stood `before`."""
    gave = {
        line.proof.id: f"| {line.found.tried:,} | {line.found.broken} | "
        f"{'caught' if line.planted.broken else 'MISSED'} | {line.seconds:,.0f} | {when} |"
        for line in lines
    }
    stood = {
        cells[1].strip(): "| " + " | ".join(cell.strip() for cell in cells[4:9]) + " |"
        for cells in (one.split("|") for one in before.splitlines() if one.startswith("| "))
        if len(cells) == 10
    }
    return HEAD + "".join(f"{row(one, gave.get(one.id) or stood.get(one.id, NEVER))}\n" for one in proofs)


def keep(proofs: Sequence[Proof], lines: Iterable[Line]) -> None:
    """Write what a run gave into docs/proofs.md."""
    before = KEPT.read_text() if KEPT.exists() else ""
    KEPT.write_text(written(proofs, lines, before, f"{date.today().isoformat()}, {_version()}"))


def _version() -> str:
    """The commit that ran, with a plus where something else than this page was changed since."""
    commit = _git("rev-parse", "--short=8", "HEAD")
    return f"{commit}+" if _git("status", "--porcelain", "--", ":/", f":(exclude){KEPT}") else commit


def _git(*asked: str) -> str:
    return subprocess.run(["git", *asked], check=True, capture_output=True, text=True, cwd=KEPT.parent).stdout.strip()
