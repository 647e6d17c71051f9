"""Machines are named in one table, and act under no other name."""

from __future__ import annotations

import re
from pathlib import Path

from tests.stage import call
from wellbeing.access import machines
from wellbeing.access.actor import Actor
from wellbeing.access.machines import MACHINES
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.access.rights import RIGHTS

ROOT = Path(__file__).resolve().parents[2]


def test_every_machine_stands_in_the_table_is_used_and_is_made_nowhere_else() -> None:
    """Of the product: the demo's own machines load an invented city."""
    product = {
        path: path.read_text()
        for folder in ("cases", "referrals", "wellbeing")
        for path in (ROOT / folder).rglob("*.py")
        if "demo" not in path.parts and path.name != "machines.py"
    }
    assert [path for path, source in product.items() if "Actor.machine(" in source] == []
    used = {
        getattr(machines, name).name
        for source in product.values()
        for names in re.findall(r"^from wellbeing\.access\.machines import ([A-Z, ]+)$", source, re.MULTILINE)
        for name in names.split(", ")
        if name != "MACHINES"
    }
    written = set(re.findall(r'"(system:\w+)"', "".join(product.values())))
    assert used == set(MACHINES) >= written


def test_a_machine_may_what_its_line_says_and_an_unknown_one_nothing(db: None) -> None:
    case = call()
    for name, wanted in (*MACHINES.items(), ("system:other", frozenset())):
        machine = Actor.machine(name.removeprefix("system:"))
        assert {one for one in P if may(machine, one, case)} == wanted == {one for one in P if may(machine, one)}
    only = {one for one in P if RIGHTS[one].roles == frozenset() and not RIGHTS[one].signed_in}
    assert only <= frozenset().union(*MACHINES.values())  # what no person may, some machine may
