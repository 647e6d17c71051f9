"""Grants on a referral that exists are written by those who send, under their own names: a hospital's ends when its sender
said, and its holder neither makes it longer nor passes it on."""

from django.db import migrations

from wellbeing.access import rls

SENDS = rls.sits("school_counsellor", "county_triage", "city_duty")
GIVEN = "granted_by_id = app_user() AND expires_at < app_now() + interval '1 year'"
TABLES = ("referrals_referraluserobjectpermission", "referrals_referralgroupobjectpermission")


def _senders(table: str) -> list[str]:
    return [
        f"CREATE POLICY senders_insert ON {table} AS RESTRICTIVE FOR INSERT TO wellbeing_app"
        f" WITH CHECK (app_system() OR ({SENDS} AND {GIVEN}))",
        f"CREATE POLICY senders_update ON {table} AS RESTRICTIVE FOR UPDATE TO wellbeing_app"
        f" USING (app_system() OR {SENDS}) WITH CHECK (app_system() OR ({SENDS} AND {GIVEN}))",
        f"CREATE POLICY senders_delete ON {table} AS RESTRICTIVE FOR DELETE TO wellbeing_app"
        f" USING (app_system() OR {SENDS})",
    ]


class Migration(migrations.Migration):
    dependencies = [("referrals", "0003_holds")]
    operations = [
        migrations.RunSQL(
            [step for table in TABLES for step in _senders(table)],
            [f"DROP POLICY senders_{verb} ON {table}" for table in TABLES for verb in ("insert", "update", "delete")],
        )
    ]
