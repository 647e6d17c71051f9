from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


def check_key(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Deploy check: without a key of its own the audit's tree is not signed, and whoever owns the database makes it
    anew."""
    return [] if settings.AUDIT_KEY_FILE else [Error("AUDIT_KEY_FILE names no key to sign with.", id="audit.E001")]


class AuditConfig(AppConfig):
    name = "wellbeing.audit"
    label = "audit"

    def ready(self) -> None:
        register(check_key, Tags.security, deploy=True)
