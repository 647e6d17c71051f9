"""The vault's own schema, and its walls: a key row is found only by whoever may see what it opens."""

from django.db import migrations

FORWARD = """
CREATE SCHEMA IF NOT EXISTS vault;
GRANT USAGE ON SCHEMA vault TO wellbeing_app;
ALTER TABLE vault_divisionkey SET SCHEMA vault;
ALTER TABLE vault_datakey SET SCHEMA vault;
GRANT SELECT, INSERT ON vault.vault_divisionkey TO wellbeing_app;
GRANT SELECT, INSERT, DELETE ON vault.vault_datakey TO wellbeing_app;
REVOKE UPDATE, DELETE ON vault.vault_divisionkey FROM wellbeing_app;
REVOKE UPDATE ON vault.vault_datakey FROM wellbeing_app;

ALTER TABLE vault.vault_divisionkey ENABLE ROW LEVEL SECURITY;
ALTER TABLE vault.vault_divisionkey FORCE ROW LEVEL SECURITY;
CREATE POLICY app_select ON vault.vault_divisionkey FOR SELECT TO wellbeing_app USING (app_known());
CREATE POLICY app_insert ON vault.vault_divisionkey FOR INSERT TO wellbeing_app WITH CHECK (app_known());

-- Who may read a data key is said by the apps that own what it opens (cases, referrals). Machines may write new keys
-- and read none.
ALTER TABLE vault.vault_datakey ENABLE ROW LEVEL SECURITY;
ALTER TABLE vault.vault_datakey FORCE ROW LEVEL SECURITY;
CREATE POLICY app_insert ON vault.vault_datakey FOR INSERT TO wellbeing_app WITH CHECK (app_known());
"""

BACKWARD = """
DROP POLICY app_insert ON vault.vault_datakey;
DROP POLICY app_insert ON vault.vault_divisionkey;
DROP POLICY app_select ON vault.vault_divisionkey;
ALTER TABLE vault.vault_datakey SET SCHEMA public;
ALTER TABLE vault.vault_divisionkey SET SCHEMA public;
ALTER TABLE vault_datakey NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
ALTER TABLE vault_divisionkey NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("vault", "0001_initial"), ("people", "0002_identity")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
