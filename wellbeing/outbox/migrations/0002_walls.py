"""A notice is written by anybody known and read by machines; an inbox item is its desk's or person's.

A restored copy is on hold. Everybody may see that, a machine may note what the check found and take it away; nobody on
this side puts one there: the restore does, as the owner, before the walls stand.
"""

from django.db import migrations

MINE = "app_system() OR user_id = app_user() OR desk_id = ANY ((SELECT app_desks())::integer[])"

WALLS = f"""
ALTER TABLE outbox_notice ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY app_insert ON outbox_notice FOR INSERT TO wellbeing_app WITH CHECK (app_known());
CREATE POLICY app_select ON outbox_notice FOR SELECT TO wellbeing_app USING (app_system());
CREATE POLICY app_update ON outbox_notice FOR UPDATE TO wellbeing_app USING (app_system()) WITH CHECK (app_system());

ALTER TABLE outbox_inboxitem ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY app_insert ON outbox_inboxitem FOR INSERT TO wellbeing_app WITH CHECK (app_system());
CREATE POLICY app_select ON outbox_inboxitem FOR SELECT TO wellbeing_app USING ({MINE});
CREATE POLICY app_update ON outbox_inboxitem FOR UPDATE TO wellbeing_app USING ({MINE}) WITH CHECK ({MINE});

ALTER TABLE outbox_hold ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY app_select ON outbox_hold FOR SELECT TO wellbeing_app USING (true);
CREATE POLICY app_update ON outbox_hold FOR UPDATE TO wellbeing_app USING (app_system()) WITH CHECK (app_system());
CREATE POLICY app_delete ON outbox_hold FOR DELETE TO wellbeing_app USING (app_system());
"""


class Migration(migrations.Migration):
    dependencies = [("outbox", "0001_tables"), ("people", "0002_identity")]
    operations = [migrations.RunSQL(WALLS)]
