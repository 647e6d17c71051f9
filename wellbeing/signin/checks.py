"""What `check --deploy` refuses of signing in."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.db import connection
from django.db.utils import Error as DatabaseError

from wellbeing.access.actor import identity
from wellbeing.access.machines import SIGNIN

# By what it says and where it stands: another one of that name refuses nobody.
REFUSED = (
    "SELECT count(*) FROM pg_constraint WHERE conrelid = 'people_user'::regclass AND conname = 'no_superuser'"
    " AND convalidated AND pg_get_constraintdef(oid) = 'CHECK ((NOT is_superuser))'"
)
# Row-level security asks neither of them; who owns a table can put it off.
PASSES = (
    "SELECT count(*) FROM pg_roles r WHERE pg_has_role(current_user, r.oid, 'MEMBER') AND (r.rolsuper OR r.rolbypassrls"
    " OR r.oid = (SELECT relowner FROM pg_class WHERE oid = 'people_user'::regclass))"
)
KNOWN = {"pwd", "pin", "kba"}  # what somebody knows, as the first half is already (RFC 8176)
ASKED = f"SELECT ({REFUSED}), (SELECT count(*) FROM people_user WHERE is_superuser), ({PASSES})"  # noqa: S608  ours


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
    if KNOWN & set(settings.OIDC_SECOND_FACTOR):
        found.append(Error("OIDC_SECOND_FACTOR names what a password is: it is no second factor.", id="signin.E008"))
    for alias in databases or ():
        found += _superusers(alias)
    return found


def _superusers(alias: str) -> list[CheckMessage]:
    """`check --deploy --database default` asks the database itself: for an account that would pass every check, and
    whether the role that it works with passes the walls."""
    assert alias == connection.alias
    found: list[CheckMessage] = []
    try:
        with identity(SIGNIN), connection.cursor() as cursor:
            cursor.execute(ASKED)
            refused, people, passes = cursor.fetchone()
    except DatabaseError:
        return [Error("The database does not answer, so nobody knows whether it has a superuser.", id="signin.E005")]
    if people or not refused:
        found.append(Error("There is a superuser, or nothing refuses one.", id="signin.E006"))
    if passes:
        found.append(
            Error("DATABASE_URL names a role that passes row-level security: use wellbeing_app.", id="signin.E007")
        )
    return found
