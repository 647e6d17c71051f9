"""The root key in a file that only its owner may read (mode 0400 or 0600), a line per version."""

import os
import stat
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from wellbeing.vault.providers.local import LocalProvider


class FileProvider(LocalProvider):
    """Reads ROOT_KEY_FILE. Refuses a file that others can read."""

    def __init__(self) -> None:
        try:
            with Path(settings.ROOT_KEY_FILE or "/nonexistent").open("rb") as file:
                mode = os.fstat(file.fileno()).st_mode  # of the file that is read, not of one swapped in between
                root = file.read(4096).decode("ascii", "replace")  # no decoding error may quote bytes of a key
        except OSError:
            raise ImproperlyConfigured("ROOT_KEY_FILE names no readable file.") from None
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise ImproperlyConfigured("The root key file must be readable by its owner alone (chmod 400).")
        super().__init__(root)
