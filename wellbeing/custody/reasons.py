"""Why a command changes keys or lets a restored copy send: codes, which the audit keeps."""

from enum import StrEnum


class WhyRotate(StrEnum):
    """Why keys are replaced, or replaced ones destroyed."""

    SCHEDULED = "scheduled"  # its time has come (docs/keys.md)
    SUSPICION = "suspicion"  # somebody may know a key, or held one and has left
    SUITE = "suite"  # to another suite, or back
    ASKED = "asked"  # an authority or an assessment asks for it


class WhyRelease(StrEnum):
    """Why a restored copy becomes the system."""

    LOSS = "loss"  # the database of before is lost or damaged
    MOVE = "move"  # to another machine
    DRILL = "drill"  # to see that it can be done
