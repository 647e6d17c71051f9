"""Every notice has its words, and leads to the page where its work is done."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from wellbeing.web.names import NOTICES
from wellbeing.web.views import address_of

ROOT = Path(__file__).resolve().parents[2]
LEADS = re.compile(r"^(case|referral|incident|draft):")
POSTS = {"post", "tell_desks", "notice"}
NOWHERE = {""}  # told to somebody who opens nothing of it


def posted(source: str) -> list[tuple[str, str]]:
    """The kind and the target of every notice that is posted with both in plain sight; what is bound in a target is
    written as 0."""
    found = []
    for call in ast.walk(ast.parse(source)):
        if not (isinstance(call, ast.Call) and getattr(call.func, "id", "") in POSTS):
            continue
        said = {one.arg: _text(one.value) for one in call.keywords}
        found.append((said.get("kind") or "", said.get("target") or ""))
    return found


def _text(node: ast.expr) -> str:
    match node:
        case ast.Constant(value=str() as text):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(part.value if isinstance(part, ast.Constant) else "0" for part in parts)
        case _:
            return ""


def test_each_is_named_and_leads_somewhere() -> None:
    sources = [path for app in ("cases", "referrals", "wellbeing") for path in (ROOT / app).rglob("actions/*.py")]
    found = [pair for path in sources for pair in posted(path.read_text())]
    assert len(found) > 30, "the rule reads what the actions post"
    assert {kind for kind, _target in found if kind} <= set(NOTICES)
    lost = [pair for pair in found if pair[1] not in NOWHERE and not LEADS.match(pair[1]) and not address_of(pair[1])]
    assert lost == [], "a notice that leads nowhere leaves its reader searching"
    assert posted('post(kind="a", target=f"case:{x}")') == [("a", "case:0")], "and a planted one is seen"
    assert address_of("nowhere") == ""
