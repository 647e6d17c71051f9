"""A token is seen by whom it acts for and by the two administrators; it is confirmed by the security administrator,
never her own, and used and ended by the machine of the API. Where a program asks, the wall counts one post alone."""

from django.db import migrations

from wellbeing.access import rls

# As in people/0002, and with `app.post_id` (access.actor) only the desk of that post.
DESKS = """
CREATE OR REPLACE FUNCTION app_desks() RETURNS integer[] LANGUAGE sql STABLE AS
$$ SELECT ARRAY(
     SELECT p.desk_id FROM people_post p JOIN people_user u ON u.id = p.user_id
     WHERE u.id = app_user() AND u.is_active%s
       AND p.starts_on <= (app_now() AT TIME ZONE 'Asia/Shanghai')::date
       AND (p.ends_on IS NULL OR p.ends_on >= (app_now() AT TIME ZONE 'Asia/Shanghai')::date)) $$
"""
ONE_POST = " AND p.id = COALESCE(NULLIF(current_setting('app.post_id', true), '')::bigint, p.id)"
OTHERS = "(SELECT app_administers('security_admin')) AND user_id <> app_user()"


class Migration(migrations.Migration):
    dependencies = [("api", "0001_initial"), ("people", "0009_walls_of_posts"), ("access", "0002_walls")]
    operations = [
        migrations.RunSQL([(DESKS % ONE_POST, None)], [(DESKS % "", None)]),
        rls.protect(
            "api_apitoken",
            select="app_system() OR user_id = app_user() OR (SELECT app_administers('system_admin', 'security_admin'))",
            insert="user_id = app_user() AND state = 'waiting' AND decided_by_id IS NULL"
            " AND EXISTS (SELECT 1 FROM people_post p WHERE p.id = post_id AND p.user_id = app_user())",
            update=f"app_system() OR ({OTHERS})",
        ),
    ]
