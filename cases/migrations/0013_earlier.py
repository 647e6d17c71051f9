"""A case that goes on from a sheet whose first case was closed says which one that was."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0012_search")]
    operations = [
        migrations.AddField(
            model_name="case", name="earlier", field=models.CharField(blank=True, default="", max_length=16)
        ),
    ]
