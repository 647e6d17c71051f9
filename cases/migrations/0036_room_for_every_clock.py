"""A hand-over names the kinds of the clocks that go along, and had room for about eleven: a red case with more running at
once could be handed to nobody."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0035_watched_by_one_at_a_time")]

    operations = [
        migrations.AlterField(
            model_name="handovercase",
            name="clocks",
            field=models.CharField(blank=True, max_length=400),
        )
    ]
