"""The hotline's yearly returns. The wall: a supervisor sees and fills in her own hotline's and never confirms; the bureau
sees every one, confirms and sends back. They tell of no caller and of no colleague by name."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import wellbeing.ids
from wellbeing.access import rls

SUPERVISES = (
    "EXISTS (SELECT 1 FROM people_desk d WHERE d.organisation_id = hotline_id"
    f" AND d.role = 'hotline_supervisor' AND d.group_id = ANY ({rls.MY_DESKS}))"
)
BUREAU = f"EXISTS (SELECT 1 FROM people_desk d WHERE d.role = 'education_admin' AND d.group_id = ANY ({rls.MY_DESKS}))"
FILLS = f"{SUPERVISES} AND state <> 'confirmed'"


def link(to: str, *, null: bool = False) -> models.ForeignKey:
    return models.ForeignKey(null=null, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=to)


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_walls"),
        ("registers", "0002_walls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="HotlineYear",
            fields=[
                (
                    "id",
                    models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("state", models.CharField(default="filled", max_length=9)),
                ("seats", models.PositiveSmallIntegerField()),
                ("hours", models.DecimalField(decimal_places=1, max_digits=3)),
                ("staff", models.JSONField()),
                ("note", models.CharField(blank=True, max_length=200)),
                ("filled_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("confirmed_by", link(settings.AUTH_USER_MODEL, null=True)),
                ("filled_by", link(settings.AUTH_USER_MODEL)),
                ("hotline", link("people.organisation")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["hotline", "year"], name="one_return_per_hotline_and_year"),
                    models.CheckConstraint(
                        condition=models.Q(state__in=("filled", "confirmed", "returned")),
                        name="hotline_year_state_known",
                    ),
                ]
            },
        ),
        rls.protect(
            "registers_hotlineyear",
            select=f"{SUPERVISES} OR {BUREAU}",
            insert=FILLS,
            update=f"({FILLS}) OR {BUREAU}",
        ),
    ]
