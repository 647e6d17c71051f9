"""Which counsellor sits at which seat of the exchange: seen at the hotline, kept by its supervisor."""

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


def link(to: str) -> models.ForeignKey:
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=to)


class Migration(migrations.Migration):
    dependencies = [("exchange", "0003_keys"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.CreateModel(
            name="Seat",
            fields=[
                (
                    "id",
                    models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("seat", models.CharField(max_length=32)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("at", models.DateTimeField()),
                ("by", link(settings.AUTH_USER_MODEL)),
                ("counsellor", link(settings.AUTH_USER_MODEL)),
                ("hotline", link("people.organisation")),
            ],
            options={
                "indexes": [models.Index(fields=["hotline", "seat", "-since"], name="seats_in_time")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until", None), ("until__gte", models.F("since")), _connector="OR"),
                        name="seated_for_a_while",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("until", None)), fields=("hotline", "seat"), name="one_at_a_seat"
                    ),
                ],
            },
        ),
        rls.protect(
            "exchange_seat",
            select=f"app_system() OR {SEES}",
            insert=f"NOT app_system() AND by_id = app_user() AND {SUPERVISES}",
            update=SUPERVISES,
        ),
        migrations.RunSQL(
            "REVOKE UPDATE ON exchange_seat FROM wellbeing_app; GRANT UPDATE (until) ON exchange_seat TO wellbeing_app",
            "",
        ),
    ]
