"""Whoever is on leave opens nothing by what was granted to herself either: every question about personal grants asks, of
a grant that it has found, whether its holder is on leave; and no key of the vault is hers until she is back, by whatever
way she would come to it (a sheet of hers, an export, an opening in an emergency)."""

from django.db import migrations

GRANTS = """
DO $do$
DECLARE asks record; hers constant text := 'g.user_id = public.app_user()';
BEGIN
  FOR asks IN SELECT p.oid FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.prokind = 'f'
      AND strpos(p.prosrc, hers) > 0 AND strpos(p.prosrc, 'app_absent') = 0
  LOOP
    EXECUTE replace(pg_get_functiondef(asks.oid), hers, hers || ' AND NOT public.app_absent()');
  END LOOP;
END $do$
"""
KEYS = """
CREATE POLICY absent ON vault.vault_datakey AS RESTRICTIVE FOR SELECT TO wellbeing_app
  USING (NOT (SELECT public.app_absent()))
"""


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0002_walls"),
        ("people", "0012_sealed_posts"),
        ("vault", "0002_walls"),
        ("cases", "0028_withdrawn_files"),
        ("referrals", "0007_sealed_grants"),
    ]
    operations = [migrations.RunSQL(GRANTS, ""), migrations.RunSQL(KEYS, "DROP POLICY absent ON vault.vault_datakey")]
