"""Screening files wait, sealed, in parts until they are confirmed and taken; what is taken cannot be taken twice."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import wellbeing.ids
from wellbeing.access import rls

BATCH = "cases_screeningbatch"
HERS = f"desk_id = ANY ({rls.MY_DESKS})"
SCHOOLS = (
    f"EXISTS (SELECT 1 FROM people_desk d WHERE d.organisation_id = school_id AND d.group_id = ANY ({rls.MY_DESKS}))"
)
# The file's own wall is passed by the sub-query: whoever sees the batch.
OF_BATCH = f"EXISTS (SELECT 1 FROM {BATCH} b WHERE b.id = {{}})"

# What was imported before is finished. The owner passes the wall of her own table for this moment.
FILL = [
    f"ALTER TABLE {BATCH} NO FORCE ROW LEVEL SECURITY",
    f"UPDATE {BATCH} b SET state = 'finished', taken = b.rows, finished_at = b.staged_at, day = b.staged_at::date,"
    " division_id = o.division_id FROM people_organisation o WHERE o.id = b.school_id",
    "SET CONSTRAINTS ALL IMMEDIATE",
    "SET CONSTRAINTS ALL DEFERRED",
    f"ALTER TABLE {BATCH} FORCE ROW LEVEL SECURITY",
]
WALLS = [
    f"ALTER POLICY app_select ON {BATCH} USING (app_system() OR {HERS} OR {SCHOOLS})",
    f"ALTER POLICY app_insert ON {BATCH} WITH CHECK (app_system() OR {HERS})",
    f"ALTER POLICY app_update ON {BATCH} USING (app_system() OR {HERS} OR {SCHOOLS})"
    f" WITH CHECK (app_system() OR {HERS} OR {SCHOOLS})",
    *(
        rls.also(
            "vault.vault_datakey", verb, f"owner_kind = 'batch' AND {OF_BATCH.format('owner_id')}", name=f"batch_{verb}"
        )
        for verb in ("select", "delete")
    ),
]
BACK = [
    *(f"DROP POLICY batch_{verb} ON vault.vault_datakey" for verb in ("select", "delete")),
    f"ALTER POLICY app_select ON {BATCH} USING (app_system() OR {SCHOOLS})",
    f"ALTER POLICY app_insert ON {BATCH} WITH CHECK (app_system())",
    f"ALTER POLICY app_update ON {BATCH} USING (app_system()) WITH CHECK (app_system())",
]


def link(to: str, **more: object) -> models.ForeignKey:
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=to, **more)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0015_figures_of_a_day"),
        ("vault", "0003_kinds"),
        ("people", "0004_clinics"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.RemoveConstraint("screeningbatch", "one_import_per_file"),
        migrations.RenameField("screeningbatch", "imported_at", "staged_at"),
        migrations.AddField("screeningbatch", "division", link("people.division", null=True)),
        migrations.AddField("screeningbatch", "desk", link("people.desk", null=True)),
        migrations.AddField("screeningbatch", "made_by", link(settings.AUTH_USER_MODEL, null=True)),
        migrations.AddField("screeningbatch", "state", models.CharField(max_length=10, default="staged")),
        migrations.AddField("screeningbatch", "taken", models.PositiveIntegerField(default=0)),
        migrations.AddField("screeningbatch", "skipped", models.PositiveIntegerField(default=0)),
        migrations.AddField("screeningbatch", "day", models.DateField(null=True)),
        migrations.AddField("screeningbatch", "finished_at", models.DateTimeField(null=True)),
        migrations.AddField("screeningbatch", "sealed", models.BinaryField(null=True)),
        migrations.AlterField("screeningbatch", "school", link("people.organisation", null=True)),
        *(
            migrations.AlterField("screeningbatch", name, models.PositiveIntegerField(default=0))
            for name in ("rows", "incomplete", "warnings")
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField("screeningbatch", "division", link("people.division")),
        migrations.AlterField("screeningbatch", "day", models.DateField()),
        migrations.AddConstraint(
            "screeningbatch",
            models.UniqueConstraint(
                fields=["school", "digest", "instruments"],
                condition=~models.Q(state="dropped"),
                nulls_distinct=False,
                name="one_import_per_file",
            ),
        ),
        migrations.AddConstraint(
            "screeningbatch",
            models.CheckConstraint(
                condition=models.Q(state__in=("staged", "running", "dropped", "finished", "collecting")),
                name="batch_state_known",
            ),
        ),
        migrations.AddIndex(
            "screeningbatch",
            models.Index(fields=["staged_at"], condition=models.Q(state="running"), name="batches_to_finish"),
        ),
        migrations.AddField("screeningresult", "row_key", models.BinaryField(null=True, unique=True)),
        migrations.CreateModel(
            name="ScreeningPart",
            fields=[
                (
                    "id",
                    models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("number", models.PositiveIntegerField()),
                ("rows", models.PositiveIntegerField()),
                ("sealed", models.BinaryField()),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="cases.screeningbatch",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=["batch", "number"], name="one_part_per_number")],
            },
        ),
        migrations.CreateModel(
            name="ScreeningMapping",
            fields=[
                (
                    "id",
                    models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("codes", models.CharField(max_length=60)),
                ("mapping", models.CharField(max_length=200)),
                ("school", link("people.organisation", null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["school", "codes"], nulls_distinct=False, name="one_mapping_per_school"
                    )
                ],
            },
        ),
        migrations.RunSQL(WALLS, BACK),
        rls.protect("cases_screeningmapping", select="app_known()", insert="app_known()", update="app_known()"),
        rls.protect(
            "cases_screeningpart",
            select=OF_BATCH.format("batch_id"),
            insert=OF_BATCH.format("batch_id"),
            delete=OF_BATCH.format("batch_id"),
        ),
    ]
