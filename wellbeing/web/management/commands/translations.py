"""Keep the Chinese catalogue complete: check it against the sources, merge into it, compile it."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from wellbeing.web import catalogue, msgids


class Command(BaseCommand):
    """`translations --check | --compile | --merge FILE.json | --list-missing | --prune`."""

    help = "Check, merge and compile the translations; needs no gettext tools."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--check", action="store_true", help="fail on a text that is missing, empty, fuzzy or stale")
        what.add_argument("--compile", action="store_true", help="write the .mo file that Django reads")
        what.add_argument("--merge", metavar="FILE.json", type=Path, help="take in {msgid: msgstr}")
        what.add_argument("--list-missing", action="store_true", help="print {msgid: ''} of what has no translation")
        what.add_argument("--prune", action="store_true", help="drop what the sources no longer hold")

    def handle(self, *args: Any, **options: Any) -> None:
        root = Path(settings.BASE_DIR)
        path = catalogue.catalogue_path(root)
        if options["compile"]:
            self.stdout.write(f"{catalogue.compile_catalogue(path)} texts compiled")
            return
        found = msgids.collect(msgids.sources(root), root)
        if options["merge"]:
            self._merge(path, options["merge"], found)
        elif options["prune"]:
            self.stdout.write(f"{catalogue.prune(path, found)} stale texts dropped")
        elif options["list_missing"]:
            self._list_missing(path, found)
        else:
            self._check(path, found)

    def _merge(self, path: Path, file: Path, found: msgids.Found) -> None:
        try:
            texts = json.loads(file.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise CommandError(f"{file.name} cannot be read: {type(error).__name__}") from error
        if not isinstance(texts, dict) or not all(isinstance(text, str) for text in texts.values()):
            raise CommandError(f"{file.name} must hold {{msgid: msgstr}}")
        changed = catalogue.merge(path, texts, found)
        count = catalogue.compile_catalogue(path)
        self.stdout.write(f"{changed} texts changed, {count} compiled")

    def _list_missing(self, path: Path, found: msgids.Found) -> None:
        held = {catalogue.key_of(e) for e in catalogue.load(path) if e.translated()}
        missing = {
            (f"{context}{catalogue.CONTEXT_MARK}" if context else "") + text: ""
            for context, text in sorted(found)
            if (context, text) not in held
        }
        self.stdout.write(json.dumps(missing, ensure_ascii=False, indent=1))

    def _check(self, path: Path, found: msgids.Found) -> None:
        lines = catalogue.faults(catalogue.load(path), found)
        for line in lines:
            self.stderr.write(line)
        if lines:
            raise CommandError(f"translations: {len(lines)} faults in {len(found)} texts", returncode=1)
        self.stdout.write(f"translations complete: {len(found)} texts")
