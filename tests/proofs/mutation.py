"""What a mutant is: one place of a module changed (a comparison, an operator, a constant, what is returned, a raise).

A function keeps its identity and gets the changed code, so whoever has imported it runs the mutant; a constant or table
of a module is evaluated again and given to every module that holds it. Declarations (class bodies, default arguments,
decorators, imports) stay as they are. What nobody promises is no place, by rule: docstrings and annotations, what an
error, a log line or a text for a person says, what a thing is called in a debugger, types, the names in `__all__`.
"""

from __future__ import annotations

import ast
import gc
import inspect
import sys
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from types import CodeType, FunctionType, ModuleType
from typing import Any

COMPARES: dict[type[ast.cmpop], type[ast.cmpop]] = {
    **{ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq},
    **{ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is},
}
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    **{ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.Mod: ast.Add},
    **{ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.LShift: ast.RShift, ast.RShift: ast.LShift},
}
FUNCTIONS = (ast.FunctionDef, ast.Lambda)
NAMELESS = ("__repr__", "__str__")
TEXTS = ("_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "pgettext", "print")
LOGGERS = ("log", "logging", "logger", "stdout", "stderr")
UNTOUCHED = ("annotation", "returns", "args", "decorator_list", "pattern")
GENERIC = ("dict", "list", "tuple", "set", "frozenset", "type")
BLOCKS = ("body", "orelse", "finalbody")
Spot = tuple[int, int]  # line and column where a statement of a function begins, or what a lambda gives


@dataclass(frozen=True, slots=True)
class Place:
    """Where one change can be made: the module, which of its places, which change of that place, its words, and what
    runs there: None for a value of the module."""

    module: str
    place: int
    change: int
    line: int
    what: str
    spot: Spot | None


def changes(node: ast.AST) -> Iterator[tuple[str, Callable[[Any], ast.AST]]]:
    """What may be changed about a node: a word for it, and a function that changes a copy and gives it (or another)."""
    match node:
        case ast.Compare(ops=[operator]) if type(operator) in COMPARES:
            yield "comparison", lambda it: _set(it, "ops", [COMPARES[type(operator)]()])
        case ast.BoolOp():
            yield "and/or", lambda it: _set(it, "op", ast.Or() if isinstance(it.op, ast.And) else ast.And())
        case ast.UnaryOp(op=ast.Not()):
            yield "not", lambda it: it.operand
        case ast.BinOp() if type(node.op) in OPERATORS and not _union(node):
            yield "operator", lambda it: _set(it, "op", OPERATORS[type(it.op)]())
        case ast.Constant(value=bool() | int() | str() | bytes()):
            yield "constant", lambda it: _set(it, "value", other(it.value))
        case ast.Return(value=ast.expr()) if ast.unparse(node) != "return None":
            yield "return", lambda it: _set(it, "value", ast.Constant(None))
        case ast.Raise():
            yield "raise", lambda _it: ast.Pass()
        case ast.IfExp() | ast.If():
            yield "condition", lambda it: _set(it, "test", ast.Constant(True))
        case ast.Tuple(ctx=ast.Load()) | ast.List(ctx=ast.Load()) | ast.Set():
            yield from _one_less(node.elts, "elts")
        case ast.Call() if any(isinstance(one, ast.Starred) for one in node.args):
            yield from _one_less(node.args, "args")


def _one_less(held: list[ast.expr], name: str) -> Iterator[tuple[str, Callable[[Any], ast.AST]]]:
    for nth, one in enumerate(held):
        yield (
            f"without {ast.unparse(one)[:30]}",
            lambda it, nth=nth: _set(it, name, [*getattr(it, name)[:nth], *getattr(it, name)[nth + 1 :]]),
        )  # type: ignore[misc]


def _set(node: Any, name: str, value: Any) -> Any:
    setattr(node, name, value)
    return node


def other(value: Any) -> Any:
    """A constant that is not this one."""
    if isinstance(value, bool):
        return not value
    return value + 1 if isinstance(value, int) else value + ("x" if isinstance(value, str) else b"x")


def sites(tree: ast.Module) -> Iterator[ast.AST]:
    """Every node that stands in the body of a function, or in the value that a module gives to a name."""
    for node in _outside(tree):
        yield from _inside(node)


def _outside(node: ast.AST, top: bool = True) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if getattr(child, "name", "") in (*NAMELESS, *TEXTS):
            continue
        if isinstance(child, FUNCTIONS):
            yield from child.body if isinstance(child.body, list) else [child.body]
        elif isinstance(child, ast.Assign) and ast.unparse(child.targets[0]) == "__all__":
            continue
        elif top and isinstance(child, ast.Assign | ast.AnnAssign) and child.value is not None:
            yield child.value
        else:
            yield from _outside(child, top=False)


def _inside(node: ast.AST) -> Iterator[ast.AST]:
    if _docstring(node) or _words(node) or _type(node):
        return
    yield node
    if isinstance(node, ast.Raise):
        return
    for name, held in ast.iter_fields(node):
        if (name in UNTOUCHED and not isinstance(node, ast.Call)) or (isinstance(node, ast.Assert) and name == "msg"):
            continue
        for child in held if isinstance(held, list) else [held]:
            if isinstance(child, ast.AST):
                yield from _inside(child)


def _docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _words(node: ast.AST) -> bool:
    """Whether this says something to a person: a text, a line of a log or of a command."""
    match node:
        case ast.Call(func=ast.Name(id=name)):
            return name in TEXTS
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name) | ast.Attribute(attr=name))):
            return name in LOGGERS
        case ast.keyword(arg="help" | "help_text" | "verbose_name" | "prog" | "description"):
            return True
    return False


def _type(node: ast.AST) -> bool:
    """Whether this is a generic type with its parts, `dict[str, int]` or `Callable[[int], str]`, or a variable of one."""
    match node:
        case ast.Call(func=ast.Name(id="TypeVar")):
            return True
        case ast.Subscript(value=ast.Name(id=name)):
            return name in GENERIC or (name[0].isupper() and not name.isupper())
    return False


def _union(node: ast.BinOp) -> bool:
    """Whether this is `A | B` of types."""
    return isinstance(node.op, ast.BitOr) and any(
        ast.unparse(side).split(".")[-1].split("[")[0]
        in ("None", "str", "int", "bytes", "float", "dict", "list", "tuple")
        for side in (node.left, node.right)
    )


def places(module: ModuleType) -> list[Place]:
    """Every change that can be made to a module, in the order of its lines."""
    tree = ast.parse(inspect.getsource(module))
    spots = {id(node): spot for node, spot in _spots(tree)}
    return [
        Place(module.__name__, at, nth, _spot(node)[0], f"{what}: {_words_of(node)}", spots[id(node)])
        for at, node in enumerate(sites(tree))
        for nth, (what, _act) in enumerate(changes(node))
    ]


def _words_of(node: ast.AST) -> str:
    return ast.unparse(node).splitlines()[0][:70]


def _spots(node: ast.AST, spot: Spot | None = None, inside: bool = False) -> Iterator[tuple[ast.AST, Spot | None]]:
    """Every node, with the innermost statement of a function, or lambda, in which it stands."""
    for child in ast.iter_child_nodes(node):
        here = spot
        if (inside and isinstance(child, ast.stmt)) or (isinstance(node, ast.Lambda) and child is node.body):
            here = _spot(child)
        yield child, here
        yield from _spots(child, here, inside or isinstance(child, ast.FunctionDef))


def _spot(node: Any) -> Spot:
    return node.lineno, node.col_offset


def heads(module: ModuleType) -> set[Spot]:
    """The first statement of every function."""
    return {
        _spot(node.body[0])
        for node in ast.walk(ast.parse(inspect.getsource(module)))
        if isinstance(node, ast.FunctionDef)
    }


def changed(module: ModuleType, place: Place) -> ast.Module:
    """The module's tree with this one change. The names of what was there stay in code that never runs, so that a
    function closes over the same ones as before."""
    tree = ast.parse(inspect.getsource(module))
    old = list(sites(tree))[place.place]
    names = {
        one.id
        for one in ast.walk(getattr(old, "test", old) if isinstance(old, ast.If) else old)
        if isinstance(one, ast.Name)
    }
    never = ast.Tuple([ast.Name(name, ast.Load()) for name in sorted(names)], ast.Load())
    always = ast.parse("1 == 1", mode="eval").body  # a constant would be folded, and what never runs left out
    new = list(changes(old))[place.change][1](deepcopy(old))
    if isinstance(old, ast.If):
        old.test = ast.BoolOp(ast.Or(), [always, never])
        return ast.fix_missing_locations(tree)
    both: Any = ast.IfExp(always, new, never) if isinstance(old, ast.expr) else ast.If(always, [new], [ast.Expr(never)])
    return ast.fix_missing_locations(_Instead(old, ast.copy_location(both, old)).visit(tree))


def headed(module: ModuleType, head: Spot, statement: str) -> ast.Module:
    """The module with one more statement before this first one of a function."""
    tree = ast.parse(inspect.getsource(module))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and _spot(node.body[0]) == head:
            node.body[:0] = ast.parse(statement).body
    return ast.fix_missing_locations(tree)


def watched(module: ModuleType, call: str) -> ast.Module:
    """The module in which, before every statement of a function and before what a lambda gives, this is called with the
    module's name, the line and the column; what else there is keeps its place."""
    tree = ast.parse(inspect.getsource(module))

    def said(of: ast.AST) -> ast.expr:
        made = ast.parse(f"{call}({module.__name__!r}, {', '.join(map(str, _spot(of)))})", mode="eval").body
        for part in ast.walk(made):  # a lambda is known by where it stands
            ast.copy_location(part, of)
        return made

    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    for node in {id(one): one for function in functions for one in ast.walk(function)}.values():
        for name in BLOCKS:
            held = getattr(node, name, None)
            if isinstance(held, list):
                setattr(node, name, [one for each in held for one in (ast.Expr(said(each)), each)])
    for node in [one for one in ast.walk(tree) if isinstance(one, ast.Lambda)]:
        both = ast.Tuple([said(node.body), node.body], ast.Load())
        node.body = ast.copy_location(ast.Subscript(both, ast.Constant(1), ast.Load()), node.body)
    return ast.fix_missing_locations(tree)


class _Instead(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self.new if node is self.old else super().generic_visit(node)


@dataclass(slots=True)
class Held:
    """A module's codes as they are, and the functions that have them."""

    module: ModuleType
    codes: list[CodeType]
    functions: dict[CodeType, list[FunctionType]]

    @classmethod
    def of(cls, module: ModuleType) -> Held:
        """Asked once, in the process that forks: looking through everything there is takes a while."""
        codes = list(
            _codes(compile(inspect.getsource(module), inspect.getsourcefile(module) or "", "exec", dont_inherit=True))
        )
        found: dict[CodeType, list[FunctionType]] = {code: [] for code in codes}
        for one in gc.get_objects():
            if isinstance(one, FunctionType) and one.__code__ in found:
                found[one.__code__].append(one)
        return cls(module, codes, found)

    def swaps(self, tree: ast.Module) -> dict[CodeType, CodeType]:
        """Old code to new code, the innermost last."""
        compiled = _codes(compile(tree, inspect.getsourcefile(self.module) or "", "exec", dont_inherit=True))
        new = {_name(code): code for code in compiled}
        pairs = [(code, new[_name(code)]) for code in self.codes if _name(code) in new]
        return {before: after for before, after in pairs if before != after}

    def put_in(self, tree: ast.Module) -> bool:
        """Give the changed code, or the changed value, to whoever holds the old one; whether anybody did."""
        swaps = self.swaps(tree)
        holders = [(one, after) for before, after in swaps.items() for one in self.functions[before]]
        for function, after in holders:
            function.__code__ = after
        for kept in vars(self.module).values():
            if hasattr(kept, "cache_clear"):  # what was remembered from before the change
                kept.cache_clear()
        return bool(holders) if swaps else self._put_value(tree)

    def _put_value(self, tree: ast.Module) -> bool:
        """The changed value, and after it every value of the module that is made of one given before."""
        given: set[str] = set()
        for old, new in zip(ast.parse(inspect.getsource(self.module)).body, tree.body, strict=True):
            if not isinstance(new, ast.Assign | ast.AnnAssign) or new.value is None:
                continue
            target = new.targets[0] if isinstance(new, ast.Assign) else new.target
            names = [one.id for one in getattr(target, "elts", [target]) if isinstance(one, ast.Name)]
            used = {one.id for one in ast.walk(new.value) if isinstance(one, ast.Name)}
            if names and (ast.dump(old) != ast.dump(new) or used & given):
                made = eval(compile(ast.Expression(new.value), "changed", "eval", dont_inherit=True), vars(self.module))
                values = list(made) if isinstance(target, ast.Tuple) else [made]
                for name, value in zip(names, values, strict=True):
                    self._give(name, value)
                given.update(names)
        return bool(given)

    def _give(self, name: str, value: Any) -> None:
        kept = vars(self.module)[name]
        for module in list(sys.modules.values()):
            if vars(module).get(name, self) is kept:
                setattr(module, name, value)


def _codes(code: CodeType) -> Iterator[CodeType]:
    for held in code.co_consts:
        if isinstance(held, CodeType):
            yield held
            yield from _codes(held)


def _name(code: CodeType) -> tuple[str, int, int]:
    """What tells a code from the others of its module: lambdas of one line by their place in it."""
    return (
        code.co_qualname,
        code.co_firstlineno,
        min((c for _, _, c, _ in code.co_positions() if c), default=0) if "<" in code.co_name else 0,
    )
