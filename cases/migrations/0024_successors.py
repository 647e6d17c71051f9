import django.db.models.deletion
from django.db import migrations, models

from wellbeing.access import rls


class Migration(migrations.Migration):
    dependencies = [("cases", "0023_screening_in_full")]

    operations = [
        migrations.CreateModel(
            name="Successor",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="cases.case",
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "opened",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
            ],
        ),
        # Machines alone: neither desk learns of the other's file.
        rls.protect("cases_successor", select="app_system()", insert="app_system()"),
    ]
