"""What a token may be for: an area of the permissions, to read or to write. A scope narrows what its person may; it
gives nothing. Pure."""

from wellbeing.access.permissions import P
from wellbeing.translatable import _

READ, WRITE = "read", "write"
AREAS = {
    "cases": _("Cases, calls and screenings"),
    "referrals": _("The green channel"),
    "people": _("Returns and centres"),
    "reports": _("Figures of staffing"),
    "exchange": _("Calls of the exchange"),
    "rota": _("The duty rota"),
    "registers": _("Incidents and activities"),
    "access": _("Access given to others"),
}
VERBS = {READ: _("to read"), WRITE: _("to write")}
# Those for which there is an address (tests/rules/test_api.py).
SCOPES = (
    *("cases:read", "cases:write", "referrals:read", "referrals:write", "people:read", "people:write"),
    *("reports:read", "exchange:read", "exchange:write", "rota:write", "registers:write", "access:write"),
)


def scope_of(permission: P, *, writes: bool) -> str:
    """The scope that a permission asks for; empty for what every token may (its own description)."""
    area = permission.split(":")[0]
    return f"{area}:{WRITE if writes else READ}" if area in AREAS else ""
