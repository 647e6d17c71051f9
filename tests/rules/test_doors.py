"""The two doors: there is no third. Read from the source; each rule is shown to catch a planted violation."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("sources")  # one process reads them all, once
ROOT = Path(__file__).resolve().parents[2]
WRITES = {"save", "create", "bulk_create", "get_or_create", "update_or_create", "bulk_update", "delete", "copy_in"}
# Where rows may be written: the actions, and the grounds that actions stand on.
WRITERS = (
    "cases/actions/",
    "referrals/actions/",
    "wellbeing/rota/actions/",
    "wellbeing/exchange/actions/",
    "wellbeing/reports/actions/",
    "wellbeing/people/actions/",
    "wellbeing/registers/actions/",
    "wellbeing/api/actions/",
    "wellbeing/action.py",
    "wellbeing/access/grants.py",
    "wellbeing/access/ending.py",
    "wellbeing/access/adopting.py",  # seals what stood before there were seals, once
    "wellbeing/vault/keys.py",
    "wellbeing/vault/rotation.py",
    "wellbeing/custody/actions/",
    "wellbeing/outbox/inbox.py",
    "wellbeing/outbox/health.py",
    "wellbeing/people/set_up.py",
    "wellbeing/people/models/user.py",  # an account is made with its private part,
    "wellbeing/people/models/post.py",  # a post is sealed as it is saved
    "wellbeing/people/models/private.py",  # whose hash is made stronger when its password is shown
    "wellbeing/demo/",
    "wellbeing/signin/actions/",
    "wellbeing/signin/sessions.py",  # a session is no record
    "wellbeing/signin/factors.py",  # what is shown is used up, at every sign-in
    "wellbeing/web/catalogue.py",  # saves a file of translations
)
KEYS = {
    "cases/access.py",
    "cases/attachments.py",
    "cases/ballot_access.py",
    "cases/campaign_access.py",
    "cases/glass_access.py",
    "cases/caller_access.py",
    "cases/export_access.py",
    "cases/draft_access.py",
    "cases/moving.py",
    "cases/name_access.py",
    "cases/records_access.py",
    "cases/screening_access.py",
    "cases/waiting_access.py",
    "referrals/access.py",
    "referrals/packet.py",
    "wellbeing/exchange/access.py",
    "wellbeing/registers/access.py",
    "wellbeing/custody/rotating.py",  # for the time it remembers keys
}
# now() of the database has one caller; these measure machines and sessions, not deadlines, or run on another machine.
CLOCKS = {
    "wellbeing/ids.py",
    "wellbeing/audit/witness.py",
    "wellbeing/access/proof.py",
    "wellbeing/outbox/channels/http.py",
}


def sources() -> Iterator[tuple[str, str]]:
    for top in ("wellbeing", "cases", "referrals"):
        for path in sorted((ROOT / top).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(ROOT).as_posix(), path.read_text()


@lru_cache(maxsize=1)
def parsed(text: str) -> ast.Module:
    """Its tree; one is kept, as every rule asks of one file before any asks of the next."""
    return ast.parse(text)


def names(node: ast.AST) -> set[str]:
    return {n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute)}


def imported(tree: ast.AST) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr, node


def no_manager_in_views(path: str, text: str) -> bool:
    """Views ask doors; they never ask a manager."""
    return path.endswith(("/views.py", "_views.py", "action_page.py")) and bool(
        names(parsed(text)) & {"objects", "_base_manager"}
    )


def no_write_outside_actions(path: str, text: str) -> bool:
    """Rows are written by actions, and by the grounds they stand on."""
    if path.startswith(WRITERS):
        return False
    for name, call in calls(parsed(text)):
        chain = names(call.func)
        if name in WRITES and not (name == "save" and "form" in ast.unparse(call.func)):
            return True
        if name == "update" and chain & {"objects", "filter", "_base_manager"}:
            return True
    return False


def no_keys_beside_the_doors(path: str, text: str) -> bool:
    """Data keys, and keys of a token and a code, are imported by the doors alone."""
    return (
        path not in KEYS
        and not path.startswith("wellbeing/vault/")
        and bool({"wellbeing.vault.keys", "wellbeing.vault.passcode"} & imported(parsed(text)))
    )


def no_shortcut_of_guardian(path: str, text: str) -> bool:
    """guardian's shortcuts let superusers pass and know no expiry: nobody uses them outside access."""
    return not path.startswith("wellbeing/access/") and any(
        m.startswith("guardian.shortcuts") for m in imported(parsed(text))
    )


def no_other_clock(path: str, text: str) -> bool:
    """One clock: the database's, through workdays.now()."""
    used = {ast.unparse(call.func) for _name, call in calls(parsed(text))}
    return path not in CLOCKS and bool(
        used & {"timezone.now", "datetime.now", "datetime.utcnow", "date.today", "time.time"}
    )


def no_delayed_task(path: str, text: str) -> bool:
    """No ETA, no countdown: a broker is no clock."""
    keywords = {k.arg for _name, call in calls(parsed(text)) for k in call.keywords}
    return bool(keywords & {"eta", "countdown"})


def no_superuser(path: str, text: str) -> bool:
    """Nothing is decided by is_superuser."""
    return "is_superuser" in names(parsed(text))


def no_sealed_word_by_itself(path: str, text: str) -> bool:
    """No model decrypts: models import nothing of the vault but the seals of rows, which open nothing."""
    return "/models/" in path and any(
        m.startswith("wellbeing.vault") and not m.startswith("wellbeing.vault.seals") for m in imported(parsed(text))
    )


RULES: dict[Callable[[str, str], bool], tuple[str, str]] = {
    no_manager_in_views: ("cases/views.py", "def page(request): return Case.objects.all()"),
    no_write_outside_actions: ("cases/queues.py", "def f(case): Case.objects.filter(pk=1).update(tier='blue')"),
    no_keys_beside_the_doors: ("cases/views.py", "from wellbeing.vault import keys"),
    no_shortcut_of_guardian: ("cases/queues.py", "from guardian.shortcuts import get_objects_for_user"),
    no_other_clock: ("cases/tiers.py", "x = datetime.now()"),
    no_delayed_task: ("cases/tasks.py", "t.apply_async(countdown=5)"),
    no_superuser: ("wellbeing/access/policy.py", "def may(u): return u.is_superuser"),
    no_sealed_word_by_itself: ("cases/models/entry.py", "from wellbeing.vault.documents import open_json"),
}


@cache
def breaches() -> dict[Callable[[str, str], bool], list[str]]:
    """The files that break each rule."""
    found: dict[Callable[[str, str], bool], list[str]] = {rule: [] for rule in RULES}
    for path, text in sources():
        for rule, broken in found.items():
            if rule(path, text):
                broken.append(path)
    return found


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_rule_holds_everywhere(rule: Callable[[str, str], bool]) -> None:
    assert breaches()[rule] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_rule_catches_a_planted_violation(rule: Callable[[str, str], bool]) -> None:
    assert rule(*RULES[rule])


def test_files_and_functions_stay_short() -> None:
    long_files = [path for path, text in sources() if text.count("\n") > 300]
    long_functions = [
        f"{path}:{node.name}"
        for path, text in sources()
        for node in ast.walk(parsed(text))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= 60
    ]
    assert long_files == []
    assert long_functions == []


def test_every_action_is_one_file_of_its_name() -> None:
    from wellbeing.action import REGISTRY

    pairs = {"start_clocks": "keep_clock", "stop_clocks": "keep_clock", "note_try": "give_answers"}
    wrong = [a.module for a in REGISTRY.values() if a.module.rsplit(".", 1)[1] != pairs.get(a.name, a.name)]
    assert wrong == []


def test_what_a_page_asks_anew_its_action_asks_too() -> None:
    """So that no other way (a page that forgets, the API) reaches it with an old proof; what only shows asks in its door."""
    from wellbeing.access.proof import Proof
    from wellbeing.access.routes import routes
    from wellbeing.action import REGISTRY

    verbs = {"recovery_codes": "renew_codes"}
    pages = {route.name for _address, route in routes() if getattr(route.callback, "proof", None) is Proof.FRESH}
    shown = {name for name in pages if name.endswith("_export")} - set(REGISTRY) | {"record_reply", "record_reply_pdf"}
    assert len(shown) > 2
    assert {verbs.get(name, name) for name in pages - shown} == {one.name for one in REGISTRY.values() if one.fresh}
