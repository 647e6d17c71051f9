"""Accounts and posts are walled. Who is known reads names and posts, because pages show who acted; passwords' hashes,
telephones and addresses lie apart, for their owner and for machines. Functions of the gate answer."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import wellbeing.people.models.user
from wellbeing.access import rls

MOVE = """
INSERT INTO people_private (user_id, password, mobile, email) SELECT id, password, mobile, email FROM people_user;
"""
BACK = """
UPDATE people_user u SET password = p.password, mobile = p.mobile, email = p.email
  FROM people_private p WHERE p.user_id = u.id;
"""

# app_account and app_posts say what everybody known may read. app_private answers nobody who is known, but of herself:
# no query of a page can ask it for a colleague.
FORWARD = """
CREATE FUNCTION app_account(asked integer) RETURNS SETOF people_user LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = public AS $$ SELECT * FROM people_user WHERE id = asked $$;
CREATE FUNCTION app_private(asked integer) RETURNS SETOF people_private LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = public AS
$$ SELECT * FROM people_private WHERE user_id = asked AND (app_user() IS NULL OR app_user() = asked) $$;
CREATE FUNCTION app_ways(asked integer) RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = public AS
$$ SELECT COALESCE((SELECT array_remove(ARRAY[CASE WHEN p.mobile <> '' THEN 'sms' END,
                                              CASE WHEN p.email <> '' THEN 'email' END], NULL)
     FROM people_private p JOIN people_user u ON u.id = p.user_id
     WHERE u.id = asked AND u.is_active AND app_known()), ARRAY[]::text[]) $$;
CREATE FUNCTION app_posts(asked integer)
  RETURNS TABLE (id bigint, role varchar, desk_key integer, organisation_id uuid, division_id varchar)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT p.id, d.role, d.group_id, d.organisation_id, o.division_id FROM people_post p
   JOIN people_desk d ON d.group_id = p.desk_id JOIN people_organisation o ON o.id = d.organisation_id
   WHERE p.user_id = asked AND p.starts_on <= (app_now() AT TIME ZONE 'Asia/Shanghai')::date
     AND (p.ends_on IS NULL OR p.ends_on >= (app_now() AT TIME ZONE 'Asia/Shanghai')::date) $$;
GRANT SELECT ON people_user, people_private, people_post, people_desk, people_organisation TO wellbeing_gate;
CREATE POLICY gate ON people_user FOR SELECT TO wellbeing_gate USING (true);
CREATE POLICY gate ON people_private FOR SELECT TO wellbeing_gate USING (true);
CREATE POLICY gate ON people_post FOR SELECT TO wellbeing_gate USING (true);
GRANT CREATE ON SCHEMA public TO wellbeing_gate;
ALTER FUNCTION app_account(integer) OWNER TO wellbeing_gate;
ALTER FUNCTION app_private(integer) OWNER TO wellbeing_gate;
ALTER FUNCTION app_ways(integer) OWNER TO wellbeing_gate;
ALTER FUNCTION app_posts(integer) OWNER TO wellbeing_gate;
REVOKE CREATE ON SCHEMA public FROM wellbeing_gate;
"""
BACKWARD = """
DROP FUNCTION app_posts(integer);
DROP FUNCTION app_ways(integer);
DROP FUNCTION app_private(integer);
DROP FUNCTION app_account(integer);
DROP POLICY gate ON people_post;
DROP POLICY gate ON people_private;
DROP POLICY gate ON people_user;
"""
MACHINE = "app_system()"
MINE = "app_system() OR user_id = app_user()"
KEPT = "app_system() OR (SELECT app_administers('system_admin', 'security_admin'))"


class Migration(migrations.Migration):
    dependencies = [("people", "0010_guided"), ("access", "0002_walls")]
    operations = [
        migrations.CreateModel(
            name="Private",
            fields=[
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="private",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("password", models.CharField(max_length=128)),
                ("mobile", models.CharField(blank=True, max_length=20)),
                ("email", models.EmailField(blank=True, max_length=254)),
            ],
        ),
        migrations.RunSQL(MOVE, BACK),
        migrations.RemoveField("user", "password"),
        migrations.RemoveField("user", "mobile"),
        migrations.RemoveField("user", "email"),
        migrations.RemoveField("user", "last_login"),
        migrations.AlterModelManagers("user", [("objects", wellbeing.people.models.user.Users())]),
        migrations.RunSQL(FORWARD, BACKWARD),
        rls.protect("people_private", select=MINE, insert=MACHINE, update=MINE),
        rls.protect("people_user", select="app_known()", insert=KEPT, update=f"{KEPT} OR id = app_user()"),
        rls.protect("people_post", select="app_known()", insert=KEPT, update=KEPT),
        rls.protect("people_user_groups", select=f"{KEPT} OR user_id = app_user()", insert=KEPT, delete=KEPT),
    ]
