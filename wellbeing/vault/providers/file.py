"""The root key in a file that only its owner may read (mode 0400 or 0600), a line per version."""

from django.conf import settings

from wellbeing.vault.providers.local import LocalProvider
from wellbeing.vault.secret_file import read_secret


class FileProvider(LocalProvider):
    """Reads ROOT_KEY_FILE. Refuses a file that others can read."""

    def __init__(self) -> None:
        super().__init__(read_secret(settings.ROOT_KEY_FILE, "ROOT_KEY_FILE"))
