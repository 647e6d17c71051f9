"""Names of events that are not permissions; changes are named by the permission of their action."""

from enum import StrEnum


class Tag(StrEnum):
    READ_FILE = "cases:file:opened"
    READ_COVERS = "cases:covers:opened"
    READ_SCREENING = "cases:screening:opened"
    READ_NUMBER = "exchange:number:opened"
    READ_GLASS = "cases:glass:opened"
    READ_REQUEST = "cases:records:opened"
    READ_ANSWER = "cases:records:answer_opened"
    READ_INCIDENT = "registers:incident:opened"
    READ_DRAFT = "cases:draft:opened"
    READ_NOTES = "cases:notes:opened"
    READ_CALLER = "cases:caller:looked_up"
    READ_PACKET = "referrals:packet:opened"
    SEARCHED = "cases:search:done"
    POLICY_LOOKED = "cases:policy:previewed"
    SIGN_IN = "web:session:start"
    SIGN_IN_HALF = "web:session:half"  # the password was right; the second factor is still owed
    SIGN_IN_FAILED = "web:session:refused"
    SIGN_OUT = "web:session:end"
    SIGN_IN_LOCKED = "web:session:slowed"
    PROVED = "web:session:proved"
    REFUSED = "access:page:refused"  # not found or not allowed: to the asker both are the same
    AUDIT_SEARCHED = "audit:trail:searched"
    AUDIT_VERIFIED = "audit:chain:verified"
    ACCESS_EXPLAINED = "access:grant:explained"
    ROW_FORGED = "access:row:forged"
    ROWS_SEALED = "access:row:sealed"


# Events after which a checkpoint is signed at once (SECURITY.md 3.4, 4): whatever is done under one of these areas.
# Each is the beginning of a tag, so that a new verb of the area needs no line here.
AT_ONCE = (
    "cases:glass:",
    "cases:sealed:",
    "cases:records:",
    # what two people open of a caller, and the end of a number's key; looks at the index come with every call
    *("cases:caller:ask", "cases:caller:confirm", "cases:caller:read", "cases:caller:forget"),
    *("cases:case:erase", "cases:erasure:"),  # keys destroyed for good, and what leads there
    "custody:keys:",
    "custody:index:",
    "custody:backup:",
    "reports:figures:export",
    "access:export:",
    "access:row:",
)


def at_once(act: str) -> bool:
    """Whether the checkpoint after this event may not wait for the next round."""
    return act.startswith(AT_ONCE)
