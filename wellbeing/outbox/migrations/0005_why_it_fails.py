"""A channel's last failure keeps its reason, where one is known."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("outbox", "0004_hold"),
    ]

    operations = [
        migrations.AddField(
            model_name="channelstate",
            name="why",
            field=models.CharField(blank=True, db_default="", default="", max_length=80),
        ),
    ]
