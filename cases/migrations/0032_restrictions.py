"""Callers' numbers that a supervisor has restricted: read at her own hotline, written by her, counted by her machine."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import wellbeing.ids
from wellbeing.access import rls

HERS = (
    "EXISTS (SELECT 1 FROM people_desk d WHERE d.organisation_id = hotline_id"
    f" AND d.role IN ({{roles}}) AND d.group_id = ANY ({rls.MY_DESKS}))"
)
SEES = HERS.format(roles="'hotline_counsellor', 'hotline_supervisor'")
SUPERVISES = HERS.format(roles="'hotline_supervisor'")


def link(to: str, **more: object) -> models.ForeignKey:
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=to, **more)


class Migration(migrations.Migration):
    dependencies = [("cases", "0031_cover_only"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.CreateModel(
            name="Restriction",
            fields=[
                (
                    "id",
                    models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("mark", models.BinaryField()),
                ("quarter", models.CharField(max_length=6)),
                ("harassing", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("calls", models.PositiveIntegerField(default=0)),
                ("last_at", models.DateTimeField(null=True)),
                (
                    "ended",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("lifted", "Lifted"),
                            ("danger", "A risk was answered"),
                            ("renewed", "Restricted anew"),
                        ],
                        max_length=8,
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True)),
                ("by", link(settings.AUTH_USER_MODEL)),
                ("ended_by", link(settings.AUTH_USER_MODEL, null=True)),
                ("hotline", link("people.organisation")),
            ],
            options={
                "indexes": [models.Index(fields=["hotline", "-at"], name="restrictions_of_hotline")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("hotline", "quarter", "mark"),
                        name="one_restriction_of_a_number",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until__gt", models.F("at"))), name="restricted_for_a_while"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended", ""), ("ended_at", None), ("ended_by", None)),
                            models.Q(models.Q(("ended", ""), _negated=True), ("ended_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="restriction_ended_whole",
                    ),
                ],
            },
        ),
        rls.protect(
            "cases_restriction",
            select=f"app_system() OR {SEES}",
            insert=f"NOT app_system() AND by_id = app_user() AND ended_at IS NULL AND calls = 0 AND {SUPERVISES}",
            update=f"app_system() OR {SUPERVISES}",
        ),
        migrations.RunSQL(
            "REVOKE UPDATE ON cases_restriction FROM wellbeing_app;"
            " GRANT UPDATE (calls, last_at, ended, ended_at, ended_by_id) ON cases_restriction TO wellbeing_app",
            "",
        ),
    ]
