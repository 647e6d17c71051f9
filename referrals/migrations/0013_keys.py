"""Packets may be sealed anew when keys are rotated."""

from django.db import migrations

from wellbeing.access import rls


class Migration(migrations.Migration):
    dependencies = [("referrals", "0012_links_propose"), ("vault", "0004_rotation")]
    operations = [
        rls.rewrites("referrals_packet", "sealed"),
        migrations.RunSQL(
            rls.also("referrals_referral", "select", "true", name="keys_select", role="wellbeing_keys"),
            "DROP POLICY keys_select ON referrals_referral",
        ),
    ]
