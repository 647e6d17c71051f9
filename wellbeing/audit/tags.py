"""Names of events that are not permissions; changes are named by the permission of their action."""

from enum import StrEnum


class Tag(StrEnum):
    READ_FILE = "cases:file:opened"
    READ_COVERS = "cases:covers:opened"
    SEARCHED = "cases:search:found"
    SEARCHED_IN_VAIN = "cases:search:nothing"
    READ_SCREENING = "cases:screening:opened"
    READ_NUMBER = "exchange:number:opened"
    READ_GLASS = "cases:glass:opened"
    READ_INCIDENT = "registers:incident:opened"
    READ_DRAFT = "cases:draft:opened"
    READ_NOTES = "cases:notes:opened"
    READ_CALLER = "cases:caller:looked_up"
    READ_PACKET = "referrals:packet:opened"
    SIGN_IN = "web:session:start"
    SIGN_IN_FAILED = "web:session:refused"
    SIGN_OUT = "web:session:end"
    SIGN_IN_LOCKED = "web:session:slowed"
    PROVED = "web:session:proved"
