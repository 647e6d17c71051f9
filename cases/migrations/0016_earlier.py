"""A case that goes on from a sheet whose first case was closed says which one that was; a call-back can be taken back."""

from django.db import migrations, models

OUTCOMES = [
    ("reached", "Reached"),
    ("unreached", "Not reached"),
    ("declined", "Wants no further call"),
    ("taken_back", "Recorded by mistake, taken back"),
]


class Migration(migrations.Migration):
    dependencies = [("cases", "0015_search")]
    operations = [
        migrations.AddField(
            model_name="case",
            name="earlier",
            field=models.CharField(blank=True, db_default="", default="", max_length=16),
        ),
        migrations.AlterField(
            model_name="callback", name="outcome", field=models.CharField(choices=OUTCOMES, max_length=10)
        ),
    ]
