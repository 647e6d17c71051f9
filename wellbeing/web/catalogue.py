"""The catalogue of one language: compare it with the sources, merge translations into it, compile it.

A merge holds a file lock, so that several people may merge at once.
"""

import fcntl
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polib

from wellbeing.web.msgids import Found

# gettext's own separator between context and text; merge files use it in their keys.
CONTEXT_MARK = "\x04"
HEADER = {
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Transfer-Encoding": "8bit",
    "Language": "zh_Hans",
    "MIME-Version": "1.0",
    "Plural-Forms": "nplurals=1; plural=0;",
}
_PLACE = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def catalogue_path(root: Path, language: str = "zh_Hans") -> Path:
    """Where the catalogue of a language is kept."""
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


def load(path: Path) -> polib.POFile:
    """The catalogue, or an empty one where there is no file yet."""
    if path.exists():
        return polib.pofile(str(path), encoding="utf-8", wrapwidth=0)
    made = polib.POFile(wrapwidth=0)
    made.metadata = dict(HEADER)
    return made


def key_of(entry: polib.POEntry) -> tuple[str, str]:
    return (entry.msgctxt or "", entry.msgid)


def faults(catalogue: polib.POFile, found: Found) -> list[str]:
    """One line per text that is missing, empty, fuzzy, stale, without its plural, or with other placeholders."""
    entries = {key_of(entry): entry for entry in catalogue if not entry.obsolete}
    lines = []
    for key, (message, files) in sorted(found.items(), key=lambda item: (item[1][1][0], item[0])):
        fault = _fault(entries.get(key), bool(message.plural))
        if fault:
            lines.append(f"{fault}: {message.text!r} ({', '.join(files)})")
    lines += [f"stale: {entry.msgid!r}" for key, entry in entries.items() if key not in found]
    return lines


def _fault(entry: polib.POEntry | None, plural: bool) -> str:
    if entry is None:
        return "missing"
    if entry.fuzzy:
        return "fuzzy"
    if plural and not entry.msgid_plural:
        return "without plural"
    texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    if not texts or not all(texts):
        return "empty"
    wanted = set(_PLACE.findall(entry.msgid_plural or entry.msgid))
    return "other placeholders" if any(set(_PLACE.findall(text)) != wanted for text in texts) else ""


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Nobody else merges meanwhile."""
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def merge(path: Path, texts: Mapping[str, Any], found: Found) -> int:
    """Put translations in ({msgid: msgstr}, a context before the id and \\x04); returns how many changed.

    A text of the sources with a plural becomes a plural entry; Chinese has one form. A text the sources do not hold
    yet is taken too: its author may be writing the page at this moment.
    """
    with locked(path):
        catalogue = load(path)
        entries = {key_of(entry): entry for entry in catalogue}
        changed = 0
        for mark, text in texts.items():
            context, _mark, msgid = mark.rpartition(CONTEXT_MARK)
            entry = entries.get((context, msgid))
            if entry is None:
                entry = polib.POEntry(msgid=msgid, msgctxt=context or None)
                catalogue.append(entry)
            changed += _put(entry, text, found)
        _save(catalogue, path, found)
    return changed


def _put(entry: polib.POEntry, text: str, found: Found) -> bool:
    message, _files = found.get(key_of(entry), (None, []))
    before = (entry.msgstr, dict(entry.msgstr_plural), entry.msgid_plural)
    if message is not None and message.plural:
        entry.msgid_plural, entry.msgstr_plural, entry.msgstr = message.plural, {0: text}, ""
    else:
        entry.msgstr = text
    entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
    return before != (entry.msgstr, dict(entry.msgstr_plural), entry.msgid_plural)


def prune(path: Path, found: Found) -> int:
    """Drop what the sources no longer hold; returns how many went."""
    with locked(path):
        catalogue = load(path)
        stale = [entry for entry in catalogue if entry.obsolete or key_of(entry) not in found]
        for entry in stale:
            catalogue.remove(entry)
        _save(catalogue, path, found)
    return len(stale)


def _save(catalogue: polib.POFile, path: Path, found: Found) -> None:
    """Sorted by text and without line numbers, so that two branches rarely touch the same lines."""
    for entry in catalogue:
        entry.occurrences = [(name, "") for name in found.get(key_of(entry), (None, []))[1]]
    catalogue.sort(key=lambda entry: (entry.msgid.casefold(), entry.msgid, entry.msgctxt or ""))
    fresh = path.with_suffix(".new")
    catalogue.save(str(fresh))
    fresh.replace(path)


def compile_catalogue(path: Path) -> int:
    """Write the binary catalogue that Django reads, beside the text; returns how many texts it holds."""
    catalogue = load(path)
    fresh = path.with_suffix(f".mo.{os.getpid()}")  # whoever else compiles now has its own
    catalogue.save_as_mofile(str(fresh))
    fresh.replace(path.with_suffix(".mo"))
    return len(catalogue.translated_entries())
