"""Numbered sheets of paper: seen and entered by the house they were printed for, and seen by whoever has the case."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from wellbeing.access import rls

# A teacher may fill in what her counsellor has printed, and the other way round.
HOUSE = (
    "EXISTS (SELECT 1 FROM people_desk d JOIN people_desk mine ON mine.organisation_id = d.organisation_id"
    f" WHERE d.group_id = desk_id AND mine.group_id = ANY ({rls.MY_DESKS}))"
)


def link(to: str, **more: object) -> models.ForeignKey:
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=to, **more)


class Migration(migrations.Migration):
    dependencies = [("cases", "0027_reviews"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.CreateModel(
            name="PaperSheet",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("batch", models.UUIDField(db_index=True)),
                ("kind", models.CharField(max_length=10)),
                ("printed_at", models.DateTimeField()),
                ("occurred_at", models.DateTimeField(null=True)),
                ("entered_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="cases.case",
                    ),
                ),
                ("desk", link("people.desk")),
                ("entered_by", link(settings.AUTH_USER_MODEL, null=True)),
                ("printed_by", link(settings.AUTH_USER_MODEL)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(case=None, occurred_at=None, entered_at=None, entered_by=None)
                        | models.Q(
                            case__isnull=False,
                            occurred_at__isnull=False,
                            entered_at__isnull=False,
                            entered_by__isnull=False,
                        ),
                        name="sheet_entered_whole",
                    )
                ]
            },
        ),
        rls.protect(
            "cases_papersheet",
            select=f"{HOUSE} OR (case_id IS NOT NULL AND {rls.sees('case', 'case_id')})",
            insert=f"desk_id = ANY ({rls.MY_DESKS}) AND printed_by_id = app_user() AND entered_at IS NULL",
            update=HOUSE,
        ),
        migrations.RunSQL(
            "REVOKE UPDATE ON cases_papersheet FROM wellbeing_app;"
            " GRANT UPDATE (case_id, occurred_at, entered_at, entered_by_id) ON cases_papersheet TO wellbeing_app",
            "",
        ),
    ]
