"""A grant carries a seal of the application (wellbeing/access/sealed.py). Rows that stand are sealed by
`manage.py seal_rows`, which has the key."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("referrals", "0006_signed_and_held")]
    operations = [
        migrations.AddField(name, "seal", models.BinaryField(null=True))
        for name in ("referraluserobjectpermission", "referralgroupobjectpermission")
    ]
