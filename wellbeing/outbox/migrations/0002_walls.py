"""A notice is written by anybody known and read by machines; an inbox item is its desk's or person's."""

from django.db import migrations

MINE = "app_system() OR user_id = app_user() OR desk_id = ANY ((SELECT app_desks())::integer[])"

FORWARD = f"""
ALTER TABLE outbox_notice ENABLE ROW LEVEL SECURITY;
ALTER TABLE outbox_notice FORCE ROW LEVEL SECURITY;
CREATE POLICY app_insert ON outbox_notice FOR INSERT TO wellbeing_app WITH CHECK (app_known());
CREATE POLICY app_select ON outbox_notice FOR SELECT TO wellbeing_app USING (app_system());
CREATE POLICY app_update ON outbox_notice FOR UPDATE TO wellbeing_app USING (app_system()) WITH CHECK (app_system());
ALTER TABLE outbox_inboxitem ENABLE ROW LEVEL SECURITY;
ALTER TABLE outbox_inboxitem FORCE ROW LEVEL SECURITY;
CREATE POLICY app_insert ON outbox_inboxitem FOR INSERT TO wellbeing_app WITH CHECK (app_system());
CREATE POLICY app_select ON outbox_inboxitem FOR SELECT TO wellbeing_app USING ({MINE});
CREATE POLICY app_update ON outbox_inboxitem FOR UPDATE TO wellbeing_app USING ({MINE}) WITH CHECK ({MINE});
"""

BACKWARD = """
DROP POLICY app_update ON outbox_inboxitem;
DROP POLICY app_select ON outbox_inboxitem;
DROP POLICY app_insert ON outbox_inboxitem;
DROP POLICY app_update ON outbox_notice;
DROP POLICY app_select ON outbox_notice;
DROP POLICY app_insert ON outbox_notice;
ALTER TABLE outbox_notice NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
ALTER TABLE outbox_inboxitem NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("outbox", "0001_initial"), ("people", "0002_identity")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
