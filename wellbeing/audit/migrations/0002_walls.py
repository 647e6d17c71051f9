"""Events are only ever added, and nobody empties them; heads move with them. Of the tree over all chains (what waits for
its place, the leaves, the tiles, the checkpoints and what witnesses said) machines read and add; what stands is never
changed, but for the tiles, which grow at their end, and what waits, which leaves.

The audit administrator reads, and the owner may verify. Whoever sees a case may read its trail: that policy comes with
the cases.
"""

from django.db import migrations

WALLS = """
CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'audit events are only ever added'; END $$;

CREATE FUNCTION app_audits() RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT EXISTS (SELECT 1 FROM people_desk d
     WHERE d.group_id = ANY ((SELECT app_desks())::integer[]) AND d.role = 'audit_admin') $$;

REVOKE UPDATE, DELETE, TRUNCATE ON audit_event FROM wellbeing_app;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_event
  FOR EACH ROW EXECUTE FUNCTION audit_append_only();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON audit_event
  FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();
ALTER TABLE audit_event ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY app_insert ON audit_event FOR INSERT TO wellbeing_app WITH CHECK (app_known());
CREATE POLICY app_select ON audit_event FOR SELECT TO wellbeing_app USING (app_system());
CREATE POLICY audit_select ON audit_event FOR SELECT TO wellbeing_app USING ((SELECT app_audits()));
CREATE POLICY owner_select ON audit_event FOR SELECT TO wellbeing_owner USING (app_system());

REVOKE DELETE, TRUNCATE ON audit_head FROM wellbeing_app;
ALTER TABLE audit_head ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY app_select ON audit_head FOR SELECT TO wellbeing_app USING (app_known());
CREATE POLICY app_insert ON audit_head FOR INSERT TO wellbeing_app WITH CHECK (app_known());
CREATE POLICY app_update ON audit_head FOR UPDATE TO wellbeing_app USING (app_known()) WITH CHECK (app_known());
CREATE POLICY owner_select ON audit_head FOR SELECT TO wellbeing_owner USING (app_system());
"""


def of_tree(name: str, adds: str = "app_system()", *, stands: str = "UPDATE OR DELETE") -> str:
    """The wall of one table of the tree: who adds, and what nobody does to a row that `stands`."""
    wall = f"""
ALTER TABLE audit_{name} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
REVOKE UPDATE, DELETE, TRUNCATE ON audit_{name} FROM wellbeing_app;
CREATE POLICY app_select ON audit_{name} FOR SELECT TO wellbeing_app USING (app_system() OR (SELECT app_audits()));
CREATE POLICY owner_select ON audit_{name} FOR SELECT TO wellbeing_owner USING (app_system());
CREATE POLICY app_insert ON audit_{name} FOR INSERT TO wellbeing_app WITH CHECK ({adds});
"""
    if stands:
        wall += f"""
CREATE TRIGGER append_only BEFORE {stands} ON audit_{name}
  FOR EACH ROW EXECUTE FUNCTION audit_append_only();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON audit_{name}
  FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();
"""
    return wall


TREE = [
    of_tree("waiting", "app_known()", stands=""),
    "GRANT DELETE ON audit_waiting TO wellbeing_app;"
    "CREATE POLICY app_delete ON audit_waiting FOR DELETE TO wellbeing_app USING (app_system())",
    of_tree("leaf"),
    of_tree("tile", stands="DELETE"),
    "GRANT UPDATE ON audit_tile TO wellbeing_app;"
    "CREATE POLICY app_update ON audit_tile FOR UPDATE TO wellbeing_app USING (app_system()) WITH CHECK (app_system())",
    of_tree("checkpoint"),
    of_tree("cosignature"),
]


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_tables"), ("people", "0002_identity")]
    operations = [migrations.RunSQL(WALLS), migrations.RunSQL(TREE)]
