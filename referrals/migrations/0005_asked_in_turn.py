"""The grants of a referral are asked one after the other, desks first, as those of a case."""

from django.db import migrations

from wellbeing.access import rls

GRANTS = ("referrals_referraluserobjectpermission", "referrals_referralgroupobjectpermission")


class Migration(migrations.Migration):
    dependencies = [("referrals", "0004_grants_by_senders"), ("cases", "0021_asked_in_turn")]
    operations = [rls.asked_anew("referral", *GRANTS, "sees", "works")]
