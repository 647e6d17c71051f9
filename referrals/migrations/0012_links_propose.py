import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from wellbeing.access import rls

WORKS = rls.works("referral", "referral_id")

# The letters of a referral that has ended: a machine ends it, and machines see no packet and no key. Runs as the gate.
DESTROY = """
GRANT USAGE ON SCHEMA vault TO wellbeing_gate;
GRANT SELECT, DELETE ON vault.vault_datakey TO wellbeing_gate;
CREATE POLICY gate ON vault.vault_datakey TO wellbeing_gate USING (owner_kind = 'packet');
CREATE FUNCTION app_destroy_letters(referral uuid) RETURNS integer LANGUAGE sql SECURITY DEFINER AS $$
  WITH gone AS (
    DELETE FROM vault.vault_datakey k USING public.referrals_packet p, public.referrals_referral r
    WHERE r.id = $1 AND r.ended_at IS NOT NULL AND p.referral_id = r.id AND p.purpose IN ('hospital', 'city_centre')
    AND k.owner_kind = 'packet' AND k.owner_id = p.id AND public.app_system() RETURNING k.owner_id)
  SELECT count(*)::integer FROM gone $$;
GRANT CREATE ON SCHEMA public TO wellbeing_gate;
ALTER FUNCTION app_destroy_letters(uuid) OWNER TO wellbeing_gate;
REVOKE CREATE ON SCHEMA public FROM wellbeing_gate;
"""
KEEP = """
DROP FUNCTION app_destroy_letters(uuid);
DROP POLICY gate ON vault.vault_datakey;
REVOKE SELECT, DELETE ON vault.vault_datakey FROM wellbeing_gate;
REVOKE USAGE ON SCHEMA vault FROM wellbeing_gate;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0011_figures_of_a_day"),
        ("vault", "0002_walls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="proposedtime",
            name="proposed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        # Whoever reads through a link acts as a machine, and proposes for the hospital.
        migrations.RunSQL(
            f"ALTER POLICY app_insert ON referrals_proposedtime WITH CHECK (app_system() OR {WORKS})",
            f"ALTER POLICY app_insert ON referrals_proposedtime WITH CHECK ({WORKS})",
        ),
        migrations.RunSQL(DESTROY, KEEP),
    ]
