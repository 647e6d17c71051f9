"""Columns picked by hand, tallies of bands per school and grade, and hashes of results that go to another division."""

import django.db.models.deletion
from django.db import migrations, models

import wellbeing.ids
from wellbeing.access import rls


class Migration(migrations.Migration):
    dependencies = [("cases", "0022_handovers"), ("people", "0007_walls_of_returns")]

    operations = [
        migrations.AlterField("screeningbatch", "instruments", models.CharField(max_length=300)),
        migrations.AlterField("screeningmapping", "mapping", models.CharField(max_length=300)),
        migrations.AddField("screeningmapping", "titles", models.JSONField(default=dict)),
        migrations.RemoveConstraint("screeningbatch", "batch_state_known"),
        migrations.AddConstraint(
            "screeningbatch",
            models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ("staged", "unmapped", "dropped", "running", "finished", "collecting"))
                ),
                name="batch_state_known",
            ),
        ),
        migrations.CreateModel(
            name="ScreeningTally",
            fields=[
                (
                    "id",
                    models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("term", models.CharField(max_length=6)),
                ("grade", models.PositiveSmallIntegerField()),
                ("instrument", models.CharField(blank=True, max_length=12)),
                ("band", models.CharField(max_length=20)),
                ("students", models.PositiveIntegerField()),
                ("points", models.PositiveIntegerField()),
                (
                    "desk",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.desk"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["desk", "term", "grade", "instrument", "band"], name="one_tally_per_band"
                    )
                ],
            },
        ),
        rls.protect(
            "cases_screeningtally",
            select=f"app_system() OR desk_id = ANY ({rls.MY_DESKS})",
            insert="app_system()",
            update="app_system()",
        ),
        # A moved person's answers are found again by the new division's hashes.
        migrations.RunSQL(
            "GRANT UPDATE (row_key) ON cases_screeningresult TO wellbeing_app",
            "REVOKE UPDATE (row_key) ON cases_screeningresult FROM wellbeing_app",
        ),
    ]
