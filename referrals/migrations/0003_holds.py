"""The names of what a grant may hold, one of which concerns cases alone."""

from django.db import migrations

HOLDS = [("see", "see"), ("read", "read"), ("work", "work"), ("sealed", "sealed")]


class Migration(migrations.Migration):
    dependencies = [("referrals", "0002_walls")]
    operations = [
        migrations.AlterModelOptions(name="referral", options={"default_permissions": (), "permissions": HOLDS})
    ]
