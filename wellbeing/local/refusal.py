"""What stops a start: one clear line, a non-zero exit, never a traceback."""

import errno


class Refusal(Exception):
    """The start cannot go on; the text says why and what to do."""


def of_os_error(error: OSError) -> Refusal:
    """The line for an error of the file system."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Refusal("The disk is full. Free some space and start again.")
    return Refusal(f"{error.strerror or error} ({error.filename})")
