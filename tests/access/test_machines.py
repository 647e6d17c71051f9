"""Machines are named in one table, and act under no other name."""

from __future__ import annotations

import re
from pathlib import Path

from tests.stage import call
from wellbeing.access.actor import Actor
from wellbeing.access.machines import MACHINES
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.access.rights import RIGHTS

ROOT = Path(__file__).resolve().parents[2]


def test_every_machine_that_the_code_names_stands_in_the_table_and_no_other() -> None:
    """Of the product: the demo's own machines load an invented city."""
    named = {
        f"system:{called or written}"
        for folder in ("cases", "referrals", "wellbeing")
        for path in (ROOT / folder).rglob("*.py")
        if "demo" not in path.parts and path.name != "machines.py"
        for called, written in re.findall(r"""Actor\.machine\("(\w+)"\)|"system:(\w+)\"""", path.read_text())
    }
    assert named == set(MACHINES)


def test_a_machine_may_what_its_line_says_and_an_unknown_one_nothing(db: None) -> None:
    case = call()
    for name, wanted in (*MACHINES.items(), ("system:other", frozenset())):
        machine = Actor.machine(name.removeprefix("system:"))
        assert {one for one in P if may(machine, one, case)} == wanted == {one for one in P if may(machine, one)}
    only = {one for one in P if RIGHTS[one].roles == frozenset() and not RIGHTS[one].signed_in}
    assert only <= frozenset().union(*MACHINES.values())  # what no person may, some machine may
