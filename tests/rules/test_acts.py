"""What stands in a case's chain has its words: nobody reads a code on the page of a case."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import wellbeing.urls  # noqa: F401  every page, and so every action, is known then
from cases.labels import ACT_TEXT, OF_COUNSELLORS
from wellbeing.access.permissions import P
from wellbeing.action import REGISTRY
from wellbeing.audit.tags import Tag
from wellbeing.audit_desk.words import ACTS

ROOT = Path(__file__).resolve().parents[2]
OF_CASE = re.compile(r"\bcase(?:_id|\.pk)\b")
UNSHOWN = {P.CLOCK_KEEP}  # beside the step that sets it


def acts(source: str) -> set[str]:
    """The permissions and tags under which a module writes into the chain of a case."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            marks = [ast.unparse(one) for one in node.decorator_list]
            named = [text.partition("(")[2].rstrip(")").split(",")[0] for text in marks if text.startswith("action(")]
            writes = [
                call for call in ast.walk(node) if _calls(call, "Outcome") and OF_CASE.search(_given(call, "stream"))
            ]
            found |= set(named) if writes else set()
        if _calls(node, "record") and OF_CASE.search(_given(node, "stream")):
            found.add(_given(node, "act"))
    return found


def _calls(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Call) and getattr(node.func, "id", "") == name


def _given(node: ast.AST, name: str) -> str:
    assert isinstance(node, ast.Call)
    return next((ast.unparse(one.value) for one in node.keywords if one.arg == name), "")


def test_each_act_of_a_case_is_named() -> None:
    paths = [path for app in ("cases", "referrals") for path in (ROOT / app).rglob("*.py")]
    found = set().union(*(acts(path.read_text("utf-8")) for path in paths))
    codes = {P[name] if kind == "P" else Tag[name] for kind, _dot, name in (one.partition(".") for one in found if one)}
    assert len(codes) > 60, "the rule reads what the actions record"
    assert codes - {*ACT_TEXT, *OF_COUNSELLORS, *UNSHOWN} == set()
    planted = "@action(P.ATTACH, fresh=True)\ndef a():\n    return Outcome(x, stream=row.case_id)\n"
    assert acts(planted) == {"P.ATTACH"} and acts(planted.replace("case_id", "pk")) == set()


def test_the_audit_administrator_finds_every_act_by_its_name() -> None:
    """What is not named can be neither chosen in her search nor read in what it finds."""
    codes = {*(one.permission for one in REGISTRY.values()), *Tag}
    assert len(codes) > 150, "the actions of every app are there"
    assert {str(code) for code in codes - {*ACTS, *UNSHOWN}} == set()
    assert len(set(ACTS.values())) == len(ACTS), "two acts of one name cannot be told apart"
