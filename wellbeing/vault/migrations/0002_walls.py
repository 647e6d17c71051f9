"""The vault's own schema, and its walls: a key row is found only by whoever may see what it opens.

`wellbeing_keys` is the role of the commands that rotate, erase and take stock. It may what the application may, and
besides read and change key rows; the application itself changes none. Only the holder of this role's password and of the
root key together can do either.
"""

from django.db import migrations

SCHEMA = """
CREATE SCHEMA vault;
GRANT USAGE ON SCHEMA vault TO wellbeing_app, wellbeing_keys;
ALTER TABLE vault_divisionkey SET SCHEMA vault;
ALTER TABLE vault_datakey SET SCHEMA vault;
ALTER TABLE vault_namedkey SET SCHEMA vault;
ALTER TABLE vault_rotation SET SCHEMA vault;

REVOKE ALL ON ALL TABLES IN SCHEMA vault FROM wellbeing_app;
GRANT SELECT, INSERT ON vault.vault_divisionkey TO wellbeing_app;
GRANT SELECT, INSERT, DELETE ON vault.vault_datakey, vault.vault_namedkey TO wellbeing_app;
GRANT SELECT ON vault.vault_rotation TO wellbeing_app;
GRANT USAGE ON SEQUENCE vault.vault_namedkey_id_seq TO wellbeing_app;

GRANT SELECT, UPDATE, DELETE ON vault.vault_divisionkey, vault.vault_datakey TO wellbeing_keys;
GRANT UPDATE ON vault.vault_namedkey TO wellbeing_keys;
GRANT INSERT, UPDATE ON vault.vault_rotation TO wellbeing_keys;
GRANT USAGE ON SEQUENCE vault.vault_rotation_id_seq TO wellbeing_keys;
"""

# Who may read a data key is said by the apps that own what it opens. Machines may write new keys and read none.
WALLS = """
ALTER TABLE vault.vault_divisionkey ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY app_select ON vault.vault_divisionkey FOR SELECT TO wellbeing_app USING (app_known());
CREATE POLICY app_insert ON vault.vault_divisionkey FOR INSERT TO wellbeing_app WITH CHECK (app_known());
CREATE POLICY keys_select ON vault.vault_divisionkey FOR SELECT TO wellbeing_keys USING (true);
CREATE POLICY keys_update ON vault.vault_divisionkey FOR UPDATE TO wellbeing_keys USING (true) WITH CHECK (true);
CREATE POLICY keys_delete ON vault.vault_divisionkey FOR DELETE TO wellbeing_keys USING (true);

ALTER TABLE vault.vault_datakey ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY app_insert ON vault.vault_datakey FOR INSERT TO wellbeing_app WITH CHECK (app_known());
CREATE POLICY keys_select ON vault.vault_datakey FOR SELECT TO wellbeing_keys USING (true);
CREATE POLICY keys_update ON vault.vault_datakey FOR UPDATE TO wellbeing_keys USING (true) WITH CHECK (true);
CREATE POLICY keys_delete ON vault.vault_datakey FOR DELETE TO wellbeing_keys USING (true);

ALTER TABLE vault.vault_namedkey ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY app_select ON vault.vault_namedkey FOR SELECT TO wellbeing_app USING (app_known());
CREATE POLICY app_insert ON vault.vault_namedkey FOR INSERT TO wellbeing_app WITH CHECK (app_known());
CREATE POLICY app_delete ON vault.vault_namedkey FOR DELETE TO wellbeing_app USING (app_system() AND period <> '');
CREATE POLICY keys_update ON vault.vault_namedkey FOR UPDATE TO wellbeing_keys USING (true) WITH CHECK (true);

ALTER TABLE vault.vault_rotation ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY keys_select ON vault.vault_rotation FOR SELECT TO wellbeing_keys USING (true);
CREATE POLICY keys_insert ON vault.vault_rotation FOR INSERT TO wellbeing_keys WITH CHECK (true);
CREATE POLICY keys_update ON vault.vault_rotation FOR UPDATE TO wellbeing_keys USING (true) WITH CHECK (true);
"""


class Migration(migrations.Migration):
    dependencies = [("vault", "0001_tables"), ("people", "0002_identity")]
    operations = [migrations.RunSQL(SCHEMA), migrations.RunSQL(WALLS)]
