"""The city's directory and the names of rights are read by everybody and written by no person: who sits where, and what a
grant means, hangs on them. Somebody who reached the database as the application made her own desk the city's, or called
the right to see the right to work. What an action writes of a school's register is the bureau's, with the lock of a term;
heartbeats and channels are machines'."""

from django.db import migrations

TABLES = (
    *("people_desk", "people_division", "people_organisation", "people_user_user_permissions"),
    *("auth_group", "auth_group_permissions", "auth_permission", "django_content_type", "django_migrations"),
    *("guardian_groupobjectpermission", "guardian_userobjectpermission", "outbox_channelstate", "outbox_heartbeat"),
)
FUNCTIONS = """
CREATE FUNCTION app_no_persons() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  RAISE EXCEPTION 'no person writes here' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE FUNCTION app_bureau_alone() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NOT app_return_city() THEN
    RAISE EXCEPTION 'the register of schools follows the lock of a term' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NULL;
END $$;
"""
PERSON = "FOR EACH STATEMENT WHEN (current_user = 'wellbeing_app' AND app_user() IS NOT NULL)"
SCHOOL = "people_school"


def _shut(table: str, verbs: str = "INSERT OR UPDATE OR DELETE") -> str:
    return f"CREATE TRIGGER no_persons BEFORE {verbs} ON {table} {PERSON} EXECUTE FUNCTION app_no_persons()"


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0007_returns_by_two"),
        ("outbox", "0002_walls"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("guardian", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL(FUNCTIONS, "DROP FUNCTION app_bureau_alone(); DROP FUNCTION app_no_persons()"),
        migrations.RunSQL(
            [
                *(_shut(table) for table in TABLES),
                _shut(SCHOOL, "INSERT OR DELETE OR UPDATE OF organisation_id"),
                f"CREATE TRIGGER bureau BEFORE UPDATE ON {SCHOOL} {PERSON} EXECUTE FUNCTION app_bureau_alone()",
            ],
            [
                f"DROP TRIGGER bureau ON {SCHOOL}",
                *(f"DROP TRIGGER no_persons ON {table}" for table in (*TABLES, SCHOOL)),
            ],
        ),
    ]
