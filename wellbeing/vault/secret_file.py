"""A secret in a file that only its owner may read."""

import os
import stat
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def read_secret(path: str, setting: str) -> str:
    """The text of the file that a setting names, 4,096 characters at most. ImproperlyConfigured, which names the
    setting and nothing of the file, when it cannot be read, or when others can read it."""
    try:
        with Path(path).open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode  # of the file that is read, not of one swapped in between
            text = file.read(4096).decode("ascii", "replace")  # no decoding error may quote bytes of a key
    except OSError:
        raise ImproperlyConfigured(f"{setting} names no readable file.") from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise ImproperlyConfigured(f"The file of {setting} must be readable by its owner alone (chmod 400).")
    return text.strip()
