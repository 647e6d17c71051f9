"""The days on which somebody is on leave (see models.absence)."""

from __future__ import annotations

import datetime

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import wellbeing.ids

ACCOUNT = settings.AUTH_USER_MODEL


def _account(**more: object) -> models.ForeignKey:
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=ACCOUNT, **more)


class Migration(migrations.Migration):
    dependencies = [("people", "0009_desks_planned_once")]
    operations = [
        migrations.AlterField(
            model_name="accountentry",
            name="act",
            field=models.CharField(
                choices=[
                    ("opened", "Account opened"),
                    ("appointed", "Post proposed"),
                    ("confirmed", "Post confirmed"),
                    ("declined", "Post declined"),
                    ("ended", "Post ended"),
                    ("away", "Leave entered"),
                    ("back", "Leave ended"),
                    ("password", "Given a new first password"),
                    ("factors", "Second factors reset"),
                    ("closed", "Account closed"),
                ],
                max_length=12,
            ),
        ),
        migrations.CreateModel(
            name="Absence",
            fields=[
                (
                    "id",
                    models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("first_day", models.DateField()),
                ("last_day", models.DateField()),
                ("entered_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by", _account(null=True, related_name="+")),
                ("entered_by", _account(related_name="+")),
                ("user", _account(related_name="absences")),
            ],
            options={
                "indexes": [models.Index(fields=["user", "last_day"], name="leave_of_a_person")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            last_day__gte=models.F("first_day") - datetime.timedelta(days=1),
                            last_day__lte=models.F("first_day") + datetime.timedelta(days=366),
                        ),
                        name="leave_ends_within_a_year",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(ended_at=None, ended_by=None)
                        | models.Q(ended_at__isnull=False, ended_by__isnull=False),
                        name="leave_ended_by_somebody",
                    ),
                ],
            },
        ),
    ]
