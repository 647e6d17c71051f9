from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured

from wellbeing.errors import Unavailable


def check_root_key(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Deploy check: the root key can be read, or its module or service asked, where settings say."""
    from wellbeing.vault.providers import newest

    try:
        newest()
    except (ImproperlyConfigured, ImportError) as wrong:
        return [Error(f"There is no root key: {wrong}", id="vault.E001")]
    except Unavailable:
        return [Error("What holds the root key does not answer.", id="vault.E002")]
    return []


class VaultConfig(AppConfig):
    name = "wellbeing.vault"
    label = "vault"

    def ready(self) -> None:
        from wellbeing.vault import selftest

        selftest.run()
        register(check_root_key, Tags.security, deploy=True)
