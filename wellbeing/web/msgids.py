"""Which English texts the sources hold: Python files by their syntax tree, templates by Django's own translator.

No gettext tools are needed. A text counts when it stands as a constant in a call of one of `CALLS`.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation.template import templatize

# Name of the call -> which argument is what. `_` covers every alias, also the markers of pure files.
SINGLE, PLURAL, CONTEXT, CONTEXT_PLURAL = (
    ("text",),
    ("text", "plural"),
    ("context", "text"),
    ("context", "text", "plural"),
)
CALLS: dict[str, tuple[str, ...]] = {
    "_": SINGLE,
    "gettext": SINGLE,
    "gettext_lazy": SINGLE,
    "gettext_noop": SINGLE,
    "ngettext": PLURAL,
    "ngettext_lazy": PLURAL,
    "pgettext": CONTEXT,
    "pgettext_lazy": CONTEXT,
    "npgettext": CONTEXT_PLURAL,
    "npgettext_lazy": CONTEXT_PLURAL,
}
SKIPPED = {".venv", ".git", ".data", "node_modules", "tests", "migrations", "__pycache__"}
_LITERAL = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_TEMPLATE_CALL = re.compile(rf"(?<![\w.])(_|n?p?gettext)\(\s*({_LITERAL}(?:\s*,\s*{_LITERAL})*)")


@dataclass(frozen=True, slots=True)
class Message:
    """One text to translate; `context` and `plural` are empty where there is none."""

    text: str
    context: str = ""
    plural: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What makes two messages one entry of a catalogue."""
        return (self.context, self.text)


Found = dict[tuple[str, str], tuple[Message, list[str]]]


def in_python(source: str) -> Iterator[Message]:
    """The texts of one Python file. Raises SyntaxError."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name in CALLS:
            made = _message(name, [arg.value if isinstance(arg, ast.Constant) else None for arg in node.args])
            if made:
                yield made


def in_template(source: str) -> Iterator[Message]:
    """The texts of one template."""
    for call in _TEMPLATE_CALL.finditer(templatize(source)):
        made = _message(call[1], [ast.literal_eval(text) for text in re.findall(_LITERAL, call[2])])
        if made:
            yield made


def _message(name: str, values: list[object]) -> Message | None:
    """The message of one call, or nothing when a part of it is no constant text."""
    parts = dict(zip(CALLS[name], values, strict=False))
    if len(parts) < len(CALLS[name]) or not all(isinstance(value, str) for value in parts.values()):
        return None
    return Message(**{part: str(value) for part, value in parts.items()}) if parts["text"] else None


def sources(root: Path) -> Iterator[Path]:
    """Every Python file and template of the project, in order, tests and migrations left out."""
    for path in sorted(root.iterdir()):
        if path.name in SKIPPED:
            continue
        if path.is_dir():
            yield from sources(path)
        elif path.suffix == ".py" or (path.suffix in (".html", ".txt") and "templates" in path.parts):
            yield path


def collect(paths: Iterable[Path], root: Path) -> Found:
    """Every text with the files (relative to `root`) that use it. Where one use has a plural, the message has it."""
    found: Found = {}
    for path in paths:
        read = in_python if path.suffix == ".py" else in_template
        for message in read(path.read_text("utf-8")):
            known, files = found.get(message.key, (message, []))
            name = path.relative_to(root).as_posix()
            if name not in files:
                files.append(name)
            found[message.key] = (known if known.plural else message, files)
    return found
