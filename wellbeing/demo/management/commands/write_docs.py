"""`manage.py write_docs`: docs/permissions.md and docs/flows.md from the tables in the code; `--check` compares."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cases.flow import BATCH, CASE, TRANSFER
from cases.leave import LEAVE
from cases.record_requests import RECORDS
from referrals.flow import REFERRAL
from wellbeing.access.machines import MACHINES
from wellbeing.access.policy import RIGHTS
from wellbeing.access.routes import routes
from wellbeing.action import REGISTRY
from wellbeing.flow import Flow
from wellbeing.people.flow import CENTRE, RETURN
from wellbeing.registers.flow import INCIDENT

DOCS = Path(settings.BASE_DIR) / "docs"
HEAD = "<!-- written by `make docs` from the code; change the code -->\n\n"


class Command(BaseCommand):
    help = "Write the generated parts of docs/."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="only say whether they are up to date")

    def handle(self, *args: Any, **options: Any) -> None:
        for name, text in {"permissions.md": permissions(), "flows.md": flows()}.items():
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
        lines.append(
            f"| `{permission}` | {who or '–'} | {hold} | {actions or '–'} | {' '.join(pages.get(permission, ['–']))} |"
        )
    return HEAD + "\n".join(lines) + "\n"


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
