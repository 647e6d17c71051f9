from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured


def check_key(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Deploy check: without a key of its own the audit's tree is not signed, and whoever owns the database makes it
    anew; and a witness that cannot be read is none."""
    from wellbeing.audit.signing import signer, witnesses

    if not settings.AUDIT_KEY_FILE:
        return [Error("AUDIT_KEY_FILE names no key to sign with.", id="audit.E001")]
    try:
        signer()
        witnesses()
    except ImproperlyConfigured as wrong:
        return [Error(str(wrong), id="audit.E002")]
    return []


class AuditConfig(AppConfig):
    name = "wellbeing.audit"
    label = "audit"

    def ready(self) -> None:
        register(check_key, Tags.security, deploy=True)
