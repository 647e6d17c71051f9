"""Events are only ever added. Heads move with them."""

from django.db import migrations

FORWARD = """
REVOKE UPDATE, DELETE, TRUNCATE ON audit_event FROM wellbeing_app;
REVOKE DELETE, TRUNCATE ON audit_head FROM wellbeing_app;
CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'audit events are only ever added'; END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_event
  FOR EACH ROW EXECUTE FUNCTION audit_append_only();

ALTER TABLE audit_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_event FORCE ROW LEVEL SECURITY;
CREATE POLICY app_insert ON audit_event FOR INSERT TO wellbeing_app WITH CHECK (app_known());
-- Whoever sees a case may read its trail: that policy comes with the cases.
CREATE POLICY app_select ON audit_event FOR SELECT TO wellbeing_app USING (app_system());
ALTER TABLE audit_head ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_head FORCE ROW LEVEL SECURITY;
CREATE POLICY app_select ON audit_head FOR SELECT TO wellbeing_app USING (app_known());
CREATE POLICY app_insert ON audit_head FOR INSERT TO wellbeing_app WITH CHECK (app_known());
CREATE POLICY app_update ON audit_head FOR UPDATE TO wellbeing_app USING (app_known()) WITH CHECK (app_known());
"""

BACKWARD = """
DROP POLICY app_update ON audit_head;
DROP POLICY app_insert ON audit_head;
DROP POLICY app_select ON audit_head;
DROP POLICY app_select ON audit_event;
DROP POLICY app_insert ON audit_event;
DROP TRIGGER append_only ON audit_event;
DROP FUNCTION audit_append_only();
ALTER TABLE audit_event NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
ALTER TABLE audit_head NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial"), ("people", "0002_identity")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
