"""What `check --deploy` refuses of the house as a whole."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error


def check_house(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """No invented city, no name of the site that a visitor chooses, no address of a role above all walls, and no place
    missing where erasures are written down."""
    found: list[CheckMessage] = []
    if settings.DEMO:
        found.append(Error("DEMO shows a password to everybody, and lets a second factor be left out.", id="web.E001"))
    if any(not name.strip(".*") for name in settings.ALLOWED_HOSTS):
        found.append(Error("ALLOWED_HOSTS must name the site: passkeys and links go by it.", id="web.E002"))
    if settings.SUPERUSER_DATABASE_URL:
        found.append(Error("SUPERUSER_DATABASE_URL is for the embedded engine alone.", id="web.E003"))
    if not settings.ERASURE_JOURNAL:
        found.append(Error("ERASURE_JOURNAL names no file: nothing could be erased for good.", id="web.E004"))
    return found
