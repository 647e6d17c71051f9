"""The second wall around referrals and what travels in them."""

from django.db import migrations

from wellbeing.access import rls

SEES, WORKS = rls.sees("referral", "referral_id"), rls.works("referral", "referral_id")
ENDS = f"(to_desk_id = ANY ({rls.MY_DESKS}) OR from_desk_id = ANY ({rls.MY_DESKS}))"


class Migration(migrations.Migration):
    dependencies = [("referrals", "0001_initial"), ("cases", "0002_walls"), ("vault", "0002_walls")]
    operations = [
        rls.sight("referral", "referrals_referraluserobjectpermission", "referrals_referralgroupobjectpermission"),
        rls.protect(
            "referrals_referral",
            select="app_system() OR " + rls.sees("referral"),
            insert=rls.sees("referral"),
            update=rls.works("referral", "id"),
        ),
        rls.protect("referrals_step", select=SEES, insert=SEES),
        rls.protect("referrals_appointment", select=SEES, insert=SEES, update=WORKS),
        # Only the desk a packet is for and the desk that sent it, whoever else sees the referral.
        rls.protect("referrals_packet", select=f"{SEES} AND {ENDS}", insert=SEES),
        migrations.RunSQL(
            "CREATE FUNCTION app_sees_packet(pk uuid) RETURNS boolean LANGUAGE sql STABLE AS"
            " $$ SELECT EXISTS (SELECT 1 FROM referrals_packet p WHERE p.id = pk AND p.expires_at > app_now()) $$",
            "DROP FUNCTION app_sees_packet(uuid)",
        ),
        migrations.RunSQL(
            [
                rls.also(
                    "vault.vault_datakey",
                    verb,
                    "owner_kind = 'packet' AND app_sees_packet(owner_id)",
                    name=f"packet_{verb}",
                )
                for verb in ("select", "delete")
            ],
            [f"DROP POLICY packet_{verb} ON vault.vault_datakey" for verb in ("select", "delete")],
        ),
    ]
