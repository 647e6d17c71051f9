"""The root key in a file that only its owner may read (mode 0400 or 0600)."""

import stat
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from wellbeing.vault.providers.local import LocalProvider


class FileProvider(LocalProvider):
    """Reads ROOT_KEY_FILE once. Refuses a file that others can read."""

    def __init__(self) -> None:
        path = Path(settings.ROOT_KEY_FILE or "/nonexistent")
        try:
            mode = path.stat().st_mode
            root = path.read_text()
        except OSError:
            raise ImproperlyConfigured("ROOT_KEY_FILE names no readable file.") from None
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise ImproperlyConfigured("The root key file must be readable by its owner alone (chmod 400).")
        super().__init__(root)
