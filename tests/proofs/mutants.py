"""Mutation score of the pure modules on which the promises rest: `make mutants`, or of some of them
`make mutants ARGS="wellbeing.vault.envelope cases.tiers"`.

One place in one function is changed (a comparison, an operator, a constant, what is returned, a raise), and the module's
own tests must fail. A function keeps its identity and gets the changed code, so whoever has imported it runs the mutant;
each mutant lives in a process forked off one in which everything is loaded already. mutmut 3 was looked at first: it
passes by decorated functions and everything in a lambda of a table, which is where the rules of this house stand.
"""

from __future__ import annotations

import ast
import gc
import importlib
import inspect
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from copy import deepcopy
from dataclasses import dataclass
from types import CodeType, FunctionType, ModuleType
from typing import Any

import hypothesis
import pytest
from hypothesis import Phase

GOAL = 0.9
PHASES = (Phase.explicit, Phase.generate)
PLAIN = (
    "-q",
    "--capture=sys",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:xdist",
    "-W",
    "ignore::pytest.PytestAssertRewriteWarning",
)
SECONDS = 60  # for the tests of one mutant; one that runs longer hangs, and is found by that
PROOFS = "tests/proofs/test_proofs.py::test_the_promise_holds_and_a_planted_fault_is_caught"
ENVELOPES = (
    *("tests/vault/test_envelope.py", "tests/vault/test_format.py", "tests/vault/test_suites.py"),
    *(f"{PROOFS}[CR-1]", f"{PROOFS}[CR-2]", f"{PROOFS}[CR-3]", f"{PROOFS}[CR-4]"),
)
TARGETS: dict[str, tuple[str, ...]] = {
    "wellbeing.vault.envelope": ENVELOPES,
    "wellbeing.vault.suites": ENVELOPES,
    "wellbeing.vault.stream": ("tests/vault/test_stream.py",),
    "wellbeing.vault.documents": ("tests/vault/test_documents.py",),
    "wellbeing.audit.chain": ("tests/audit/test_chain.py", "tests/audit/test_tampering.py"),
    "wellbeing.audit.tree": ("tests/audit/test_tree.py",),
    "wellbeing.audit.note": ("tests/audit/test_tree.py",),
    "wellbeing.audit.examine": ("tests/audit/test_tampering.py", f"{PROOFS}[AU-1-5]"),
    "wellbeing.sheets.writing": ("tests/rules/test_exports.py",),
    "cases.tiers": ("tests/cases/test_tiers.py",),
    "cases.clocks": ("tests/cases/test_clocks.py",),
    "cases.lowering": ("tests/cases/test_lowering.py",),
}
# Changed, and still the same thing: judged one by one.
EQUIVALENT: dict[tuple[str, str], str] = {
    ("cases.tiers", "comparison: a.rank <= b.rank"): "two of the same rank are the same tier",
    ("wellbeing.vault.envelope", "comparison: needed <= 1024"): "1,024 is a power of two and a multiple of 256",
}

COMPARES: dict[type[ast.cmpop], type[ast.cmpop]] = {
    **{ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq},
    **{ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is},
}
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    **{ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.Mod: ast.Add},
    **{ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.LShift: ast.RShift, ast.RShift: ast.LShift},
}
FUNCTIONS = (ast.FunctionDef, ast.Lambda)
PASSED_BY = ("_", "__repr__")  # the mark of a text, which runs at import; what a thing is called in a debugger


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: where it is, what it was, and the changed module."""

    module: str
    line: int
    what: str
    tree: ast.Module


def changes(node: ast.AST) -> Iterator[tuple[str, Callable[[Any], ast.AST | None]]]:
    """What may be changed about a node: a word for it, and a function that changes a copy (or gives another node)."""
    match node:
        case ast.Compare(ops=[operator]) if type(operator) in COMPARES:
            yield "comparison", lambda it: setattr(it, "ops", [COMPARES[type(operator)]()])
        case ast.BoolOp():
            yield "and/or", lambda it: setattr(it, "op", ast.Or() if isinstance(it.op, ast.And) else ast.And())
        case ast.UnaryOp(op=ast.Not()):
            yield "not", lambda it: it.operand
        case ast.BinOp() if type(node.op) in OPERATORS:
            yield "operator", lambda it: setattr(it, "op", OPERATORS[type(it.op)]())
        case ast.Constant(value=bool() | int() | str() | bytes()):
            yield "constant", lambda it: setattr(it, "value", other(it.value))
        case ast.Return(value=ast.expr()) if ast.unparse(node) != "return None":
            yield "return", lambda it: setattr(it, "value", ast.Constant(None))
        case ast.Raise():
            yield "raise", lambda _it: ast.Pass()
        case ast.IfExp() | ast.If():
            yield "condition", lambda it: setattr(it, "test", ast.Constant(True))


def other(value: Any) -> Any:
    """A constant that is not this one."""
    if isinstance(value, bool):
        return not value
    return value + 1 if isinstance(value, int) else value + ("x" if isinstance(value, str) else b"x")


def sites(tree: ast.Module) -> Iterator[ast.AST]:
    """Every node that stands in the body of a function, without its docstring and annotations; the rest of a module runs
    once, when it is imported."""

    def inside(node: ast.AST) -> Iterator[ast.AST]:
        yield node
        if isinstance(node, ast.Raise):
            return  # how an error is worded is nobody's promise
        for name, held in ast.iter_fields(node):
            if name in ("annotation", "returns", "args", "decorator_list") and not isinstance(node, ast.Call):
                continue
            for child in held if isinstance(held, list) else [held]:
                if isinstance(child, ast.AST) and not _docstring(child):
                    yield from inside(child)

    def outside(node: ast.AST) -> Iterator[ast.AST]:
        for child in ast.iter_child_nodes(node):
            if getattr(child, "name", "") in PASSED_BY:
                continue
            if isinstance(child, FUNCTIONS):
                for part in child.body if isinstance(child.body, list) else [child.body]:
                    if not _docstring(part):
                        yield from inside(part)
            else:
                yield from outside(child)

    yield from outside(tree)


def _docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def mutants(module: ModuleType) -> Iterator[Mutant]:
    """Every mutant of a module, in the order of its lines."""
    source = inspect.getsource(module)
    count = len(list(sites(ast.parse(source))))
    for place in range(count):
        for change in range(len(list(changes(list(sites(ast.parse(source)))[place])))):
            tree = ast.parse(source)
            node = list(sites(tree))[place]
            what, act = list(changes(node))[change]
            before = ast.unparse(node).split("\n")[0][:60]
            given = act(node)
            if given is not None:
                tree = ast.fix_missing_locations(_Instead(node, ast.copy_location(deepcopy(given), node)).visit(tree))
            yield Mutant(module.__name__, node.lineno, f"{what}: {before}", ast.fix_missing_locations(tree))  # type: ignore[attr-defined]


class _Instead(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self.new if node is self.old else super().generic_visit(node)


def put_in(mutant: Mutant, module: ModuleType) -> int:
    """Give the changed code to the functions that have the old one, wherever they are held; how many there were."""
    file = inspect.getsourcefile(module) or ""
    old = list(_codes(compile(inspect.getsource(module), file, "exec")))
    new = list(_codes(compile(mutant.tree, file, "exec")))
    changed = {before: after for before, after in zip(old, new, strict=True) if before != after}
    found = [one for one in gc.get_objects() if isinstance(one, FunctionType) and one.__code__ in changed]
    for function in found:
        function.__code__ = changed[function.__code__]
    return len(found)


def _codes(code: CodeType) -> Iterator[CodeType]:
    for held in code.co_consts:
        if isinstance(held, CodeType):
            yield held
            yield from _codes(held)


def quietly(*asked: str) -> int:
    """What pytest answers, without a word of it."""
    with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        return int(pytest.main([*PLAIN, *asked]))


def survives(tests: tuple[str, ...], before: Callable[[], Any]) -> bool:
    """Whether the tests pass in a process of their own in which `before` was done first."""
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        try:
            before()
            os._exit(quietly("-x", *tests))
        finally:
            os._exit(70)
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status) == 0
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return False


def score(name: str, seconds: float) -> tuple[int, int]:
    """Killed and tried of one module, every survivor printed; stops after so many seconds."""
    module, tests, until = importlib.import_module(name), TARGETS[name], time.monotonic() + seconds
    quietly("--collect-only", *tests)  # whatever they import is then loaded once, before the forks
    if not survives(tests, lambda: None):
        raise SystemExit(f"{name}: its tests fail without a mutant")
    killed = tried = 0
    for mutant in mutants(module):
        if EQUIVALENT.get((name, mutant.what)):
            continue
        if time.monotonic() > until:
            print(f"{name}: stopped at line {mutant.line}", flush=True)
            break
        tried += 1
        if survives(tests, lambda mutant=mutant: put_in(mutant, module) or os._exit(71)):  # type: ignore[misc]
            print(f"  survived  {name}:{mutant.line}  {mutant.what}", flush=True)
        else:
            killed += 1
    print(f"{name}: {killed} of {tried} mutants killed ({killed / max(tried, 1):.0%})", flush=True)
    return killed, tried


def main(names: list[str]) -> int:
    """The score of these modules, or of all; 1 when it misses the goal."""
    import django

    django.setup()
    hypothesis.settings.register_profile("mutants", phases=PHASES, database=None)  # a failure is enough: none is shrunk
    hypothesis.settings.load_profile("mutants")
    os.environ.setdefault("STEPS", "400")  # of a proof among the tests
    seconds = float(os.environ.get("SECONDS_EACH", "3600"))
    found = [score(name, seconds) for name in names or TARGETS]
    killed, tried = sum(one for one, _ in found), sum(one for _, one in found)
    print(f"all: {killed} of {tried} ({killed / max(tried, 1):.1%}), goal {GOAL:.0%}")
    return int(killed < GOAL * tried)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
