"""`manage.py write_docs`: docs/permissions.md and docs/flows.md from the tables in the code, docs/asvs.md from
docs/asvs.csv; `--check` compares."""

import csv
from collections import Counter
from itertools import groupby
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import override

from cases.flow import BATCH, CASE, TRANSFER
from cases.leave import LEAVE
from cases.models import Section
from cases.record_requests import RECORDS
from cases.sections import READS, WRITES
from referrals.flow import REFERRAL
from wellbeing.access.machines import MACHINES
from wellbeing.access.rights import RIGHTS, Right
from wellbeing.access.routes import routes
from wellbeing.action import REGISTRY
from wellbeing.flow import Flow
from wellbeing.people.flow import CENTRE, RETURN
from wellbeing.registers.flow import INCIDENT, YEAR

DOCS = Path(settings.BASE_DIR) / "docs"
HEAD = "<!-- written by `make docs` from the code; change the code -->\n\n"


class Command(BaseCommand):
    help = "Write the generated parts of docs/."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="only say whether they are up to date")

    def handle(self, *args: Any, **options: Any) -> None:
        for name, text in {"permissions.md": permissions(), "flows.md": flows(), "asvs.md": asvs()}.items():
            path = DOCS / name
            if options["check"]:
                if not path.exists() or path.read_text() != text:
                    raise CommandError(f"docs/{name} is not what the code says: run `make docs`.")
            else:
                path.write_text(text)


def permissions() -> str:
    """The table of rights: who, through which hold, by which action, on which pages."""
    lines = [
        "# Permissions",
        "",
        "| Permission | Roles | Needs on the object | Actions | Pages |",
        "|---|---|---|---|---|",
    ]
    pages: dict[str, list[str]] = {}
    for address, route in routes():
        permission = getattr(route.callback, "permission", None)
        if permission:
            pages.setdefault(permission, []).append(f"`/{address}`")
    for permission, right in RIGHTS.items():
        machines = sorted(name for name, rights in MACHINES.items() if permission in rights)
        who = "everybody signed in" if right.signed_in else ", ".join(sorted(right.roles) + machines)
        actions = ", ".join(f"`{a.name}`" for a in REGISTRY.values() if a.permission == permission)
        hold = f"grant `{right.hold.value}`" if right.hold else "–"
        hold += f", `{right.writes}`" if right.writes else ""
        lines.append(
            f"| `{permission}` | {who or '–'} | {hold} | {actions or '–'} | {' '.join(pages.get(permission, ['–']))} |"
        )
    lines += [
        "",
        "## Sections of a file",
        "",
        "To read within `cases:file:read`; to write besides the action's own.",
        "",
    ]
    lines += ["| Section | What | Read by | Through | Written by | Through |", "|---|---|---|---|---|---|"]
    for section in Section:
        with override("en"):
            cells = " | ".join(_of_section(RIGHTS[rights[section]]) for rights in (READS, WRITES))
            lines.append(f"| `{section.value}` | {section.label} | {cells} |")
    lines += [
        "",
        "The desk that wrote an entry reads it too, but for the sealed section. Each field of a sheet belongs to",
        "one section (`cases/sheet.py`) and is written by the actions above; entries are never changed. A grant",
        "`sealed` has whoever took the call or calls back, and for minutes whoever broke the glass, once a second",
        "person has confirmed. Row-level security on entries says the same (`tests/rules/test_sections.py`).",
    ]
    return HEAD + "\n".join(lines) + "\n"


def _of_section(right: Right) -> str:
    origins = f" ({', '.join(sorted(right.origins))})" if right.origins is not None else ""
    return f"{', '.join(sorted(right.roles))} | grant `{right.hold}`{origins}"


def flows() -> str:
    """The tables of states as pictures and as tables."""
    tables = (
        ("Case", CASE),
        ("Leave and return", LEAVE),
        ("Transfer", TRANSFER),
        ("Referral", REFERRAL),
        ("Screening file", BATCH),
        ("Request for records", RECORDS),
        ("Staffing return", RETURN),
        ("Standard centre", CENTRE),
        ("Incident on campus", INCIDENT),
        ("Yearly return of the hotline", YEAR),
    )
    return HEAD + "# Flows\n\n" + "\n".join(_flow(title, flow) for title, flow in tables)


def _flow(title: str, flow: Flow) -> str:
    rows = [
        (s.state, s.action, s.next, *(", ".join(cell) or "–" for cell in (s.who, s.stops, s.starts)))
        for s in flow.steps
    ]
    head = ("State", "Action", "Next", "Who", "Clocks that stop", "Clocks that start")
    table = "".join(f"| {' | '.join(row)} |\n" for row in (head, ["---"] * len(head), *rows))
    return f"## {title}\n\n```mermaid\n{flow.mermaid()}\n```\n\n{table}"


ASVS = """# OWASP ASVS 5.0.0

Level 2 of V6, V7, V8, V11, V14 and V16; level 3 of V8, V11, V14 and V16 as well. A requirement is met here when the code
meets it and a test shows it; what is not met is open, with the reason. Ids and levels are those of the OWASP Application
Security Verification Standard 5.0.0 (https://github.com/OWASP/ASVS, CC BY-SA 4.0); the words are ours and no substitute
for its text. The decisions behind them: [protection.md](protection.md), [keys.md](keys.md), [permissions.md](permissions.md).
"""
CHAPTERS = {
    "6": "Authentication",
    "7": "Session management",
    "8": "Authorization",
    "11": "Cryptography",
    "14": "Data protection",
    "16": "Security logging and error handling",
}


def asvs() -> str:
    """The table of requirements: which file meets it, which test shows it."""
    with (DOCS / "asvs.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    counts, chapters = ["| Chapter | Met | Not applicable | Open |", "|---|---|---|---|"], ""
    for chapter, found in groupby(rows, key=lambda row: row["id"].split(".")[0]):
        title, lines = f"V{chapter} {CHAPTERS[chapter]}", list(found)
        states = Counter(row["state"] for row in lines)
        counts.append(f"| {title} | {states['met']} | {states['not applicable']} | {states['open']} |")
        chapters += f"\n## {title}\n\n| Id | Level | What | State | Where | Test |\n|---|---|---|---|---|---|\n"
        chapters += "".join(map(_requirement, lines))
    return HEAD + ASVS + "\n" + "\n".join(counts) + "\n" + chapters


def _requirement(row: dict[str, str]) -> str:
    state = f"**{row['state']}**" if row["state"] == "open" else row["state"]
    said = f"{state}: {row['note']}" if row["note"] else state
    where, tests = ("<br>".join(f"`{name}`" for name in row[cell].split()) or "–" for cell in ("where", "test"))
    return f"| {row['id']} | {row['level']} | {row['words']} | {said} | {where} | {tests} |\n"
