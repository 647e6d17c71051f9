"""The root key in the environment, for development only."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from wellbeing.vault.providers.local import LocalProvider


class EnvProvider(LocalProvider):
    """Reads ROOT_KEY. Refuses to work outside DEBUG."""

    def __init__(self) -> None:
        if not settings.DEBUG:
            raise ImproperlyConfigured("The environment provider is for DEBUG only; use a file or a key service.")
        super().__init__(settings.ROOT_KEY)
