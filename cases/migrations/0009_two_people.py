"""What two people open has one shape: an asking that another person confirms or refuses. The sealed section behind
broken glass joins the number of a caller; the desks that were told of the opening answer it, and touch nothing else."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

import wellbeing.ids
from wellbeing.access import rls

MINE = "by_id = app_user()"
TOLD = (
    "EXISTS (SELECT 1 FROM cases_breakglass g WHERE g.id = glass_id"
    f" AND (g.first_desk_id = ANY ({rls.MY_DESKS}) OR g.second_desk_id = ANY ({rls.MY_DESKS})))"
)
RUNS = (
    "EXISTS (SELECT 1 FROM cases_breakglass g WHERE g.id = glass_id AND g.case_id = cases_sealedask.case_id"
    " AND g.by_id = app_user() AND g.until > app_now())"
)
NEW = "confirmed_at IS NULL AND refused_at IS NULL"
ANSWERED = "(confirmed_by_id = app_user() OR refused_by_id = app_user())"


def two_people(name: str) -> list[models.CheckConstraint]:
    another = (Q(confirmed_by=None) | ~Q(confirmed_by=F("by"))) & (Q(refused_by=None) | ~Q(refused_by=F("by")))
    return [
        models.CheckConstraint(condition=another, name=f"{name}_two_people"),
        models.CheckConstraint(condition=Q(confirmed_at=None) | Q(refused_at=None), name=f"{name}_one_answer"),
    ]


def link(to: str, **more: object) -> models.ForeignKey:
    more = {"related_name": "+", **more}
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=to, **more)


class Migration(migrations.Migration):
    dependencies = [("cases", "0008_sections"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.CreateModel(
            name="SealedAsk",
            fields=[
                (
                    "id",
                    models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("reference", models.CharField(max_length=16)),
                ("at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("refused_at", models.DateTimeField(null=True)),
                (
                    "why",
                    models.CharField(
                        choices=[
                            (
                                "danger",
                                "What is sealed may say where she or he is, or from whom the danger comes",
                            ),
                            ("rescue", "Police, ambulance or rescue ask"),
                            ("court", "A court or an authority orders it"),
                        ],
                        max_length=8,
                    ),
                ),
                ("until", models.DateTimeField(null=True)),
                ("by", link(settings.AUTH_USER_MODEL)),
                ("case", link("cases.case")),
                ("confirmed_by", link(settings.AUTH_USER_MODEL, null=True)),
                ("glass", link("cases.breakglass", related_name="asks")),
                ("refused_by", link(settings.AUTH_USER_MODEL, null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["glass", "-at"], name="sealed_asks_by_time")],
                "constraints": [
                    *two_people("sealed"),
                    models.CheckConstraint(
                        condition=Q(until=None) | Q(confirmed_at__isnull=False), name="sealed_open_once_confirmed"
                    ),
                ],
            },
        ),
        migrations.RemoveConstraint("callerask", "caller_two_people"),
        migrations.AddField("callerask", "refused_at", models.DateTimeField(null=True)),
        migrations.AddField("callerask", "refused_by", link(settings.AUTH_USER_MODEL, null=True)),
        *(migrations.AddConstraint("callerask", constraint) for constraint in two_people("caller")),
        rls.protect(
            "cases_sealedask",
            select=f"app_system() OR {MINE} OR {TOLD}",
            insert=f"{MINE} AND NOT app_system() AND {NEW} AND {RUNS}",
            update="false",
        ),
        migrations.RunSQL(
            f"ALTER POLICY app_update ON cases_sealedask USING (NOT {MINE} AND {TOLD})"
            f" WITH CHECK (NOT {MINE} AND {ANSWERED} AND {TOLD});"
            " REVOKE UPDATE ON cases_sealedask FROM wellbeing_app;"
            " GRANT UPDATE (confirmed_by_id, confirmed_at, refused_by_id, refused_at, until) ON cases_sealedask"
            " TO wellbeing_app;"
            " GRANT UPDATE (refused_by_id, refused_at) ON cases_callerask TO wellbeing_app",
            "",
        ),
    ]
