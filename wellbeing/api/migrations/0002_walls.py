"""A token is seen by whom it acts for and by the two administrators; it is confirmed by the security administrator,
never her own, and used and ended by the machine of the API."""

from django.db import migrations

from wellbeing.access import rls

OTHERS = "(SELECT app_administers('security_admin')) AND user_id <> app_user()"


class Migration(migrations.Migration):
    dependencies = [("api", "0001_tables"), ("people", "0002_identity")]
    operations = [
        rls.protect(
            "api_apitoken",
            select="app_system() OR user_id = app_user() OR (SELECT app_administers('system_admin', 'security_admin'))",
            insert="user_id = app_user() AND state = 'waiting' AND decided_by_id IS NULL"
            " AND EXISTS (SELECT 1 FROM people_post p WHERE p.id = post_id AND p.user_id = app_user())",
            update=f"app_system() OR ({OTHERS})",
        ),
    ]
