"""What `check --deploy` refuses of signing in."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.db import connection
from django.db.utils import Error as DatabaseError

from wellbeing.access.actor import identity
from wellbeing.access.machines import SIGNIN

SUPERUSERS = "SELECT count(*) FROM pg_constraint WHERE conname = 'no_superuser' AND convalidated"


def check_sign_in(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """No second factor left to choice, no superuser, no other way in, no sessions that outlast a shift."""
    found: list[CheckMessage] = []
    if settings.SECOND_FACTOR != "required":
        found.append(Error("SECOND_FACTOR must be `required`: a password alone opens no file.", id="signin.E001"))
    if "django.contrib.admin" in settings.INSTALLED_APPS:
        found.append(Error("Django's admin knows no second factor and no door of ours.", id="signin.E002"))
    if settings.SESSION_IDLE_SECONDS > 900 or settings.SESSION_COOKIE_AGE > 8 * 3600 or settings.FRESH_SECONDS > 300:
        found.append(Error("Sessions end after 15 idle minutes and 8 hours; a proof is fresh for 5.", id="signin.E003"))
    if settings.OIDC_DISCOVERY_URL and not settings.OIDC_DISCOVERY_URL.startswith("https://"):
        found.append(Error("OIDC_DISCOVERY_URL must be https.", id="signin.E004"))
    for alias in databases or ():
        found += _superusers(alias)
    return found


def _superusers(alias: str) -> list[CheckMessage]:
    """`check --deploy --database default` asks the database itself."""
    assert alias == connection.alias
    try:
        with identity(SIGNIN), connection.cursor() as cursor:
            cursor.execute(SUPERUSERS)
            (walls,) = cursor.fetchone()
            cursor.execute("SELECT count(*) FROM people_user WHERE is_superuser")
            (people,) = cursor.fetchone()
    except DatabaseError:
        return [Error("The database does not answer, so nobody knows whether it has a superuser.", id="signin.E005")]
    return [] if walls and not people else [Error("There is a superuser, or nothing refuses one.", id="signin.E006")]
