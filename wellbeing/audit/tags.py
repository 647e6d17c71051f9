"""Names of events that are not permissions; changes are named by the permission of their action."""

from enum import StrEnum


class Tag(StrEnum):
    READ_FILE = "cases:file:opened"
    READ_COVERS = "cases:covers:opened"
    READ_SCREENING = "cases:screening:opened"
    READ_PACKET = "referrals:packet:opened"
    SIGN_IN = "web:session:start"
    SIGN_IN_FAILED = "web:session:refused"
    SIGN_OUT = "web:session:end"
    SIGN_IN_LOCKED = "web:session:slowed"
    PROVED = "web:session:proved"
