"""Reviews of calls and debriefing notes, each behind its wall and under keys of its own."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import wellbeing.ids
from wellbeing.access import rls

# A review is its supervisors' desk's; a debriefing note its writer's too. Machines count reviews and open no word.
DESKS = f"desk_id = ANY ({rls.MY_DESKS})"
MINE = f"by_id = app_user() AND {DESKS}"
KEYS = {
    name: f"owner_kind = '{name}' AND NOT app_system()"
    f" AND EXISTS (SELECT 1 FROM cases_{table} n WHERE n.id = vault_datakey.owner_id)"
    for name, table in (("review", "review"), ("debrief", "debriefing"))
}


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0026_keys"),
        ("people", "0009_walls_of_posts"),
        ("vault", "0004_rotation"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Debriefing",
            fields=[
                (
                    "id",
                    models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("division", models.CharField(max_length=6)),
                ("at", models.DateTimeField()),
                ("sealed", models.BinaryField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="debriefings", to="cases.call"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
                (
                    "desk",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.desk"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["desk", "-at"], name="debriefings_of_desk")],
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                (
                    "id",
                    models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("division", models.CharField(max_length=6)),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("high", models.BooleanField()),
                ("process", models.PositiveSmallIntegerField(null=True)),
                ("attitude", models.PositiveSmallIntegerField(null=True)),
                ("communication", models.PositiveSmallIntegerField(null=True)),
                ("reviewed_at", models.DateTimeField(null=True)),
                ("sealed", models.BinaryField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "call",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="review", to="cases.call"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
                (
                    "counsellor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "desk",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.desk"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["desk", "-at"], name="reviews_of_desk")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("by", models.F("counsellor")), _negated=True), name="review_by_another"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("attitude", None), ("communication", None), ("process", None), ("reviewed_at", None)
                            ),
                            models.Q(
                                ("attitude__range", (1, 5)),
                                ("process__range", (1, 5)),
                                ("reviewed_at__isnull", False),
                                ("communication__range", (1, 5)),
                            ),
                            _connector="OR",
                        ),
                        name="review_whole",
                    ),
                ],
            },
        ),
        rls.protect(
            "cases_review",
            select=f"app_system() OR {DESKS}",
            insert=f"NOT app_system() AND counsellor_id <> app_user() AND {MINE}",
            update=MINE,
        ),
        rls.protect("cases_debriefing", select=f"by_id = app_user() OR {DESKS}", insert="by_id = app_user()"),
        migrations.RunSQL("REVOKE UPDATE ON cases_debriefing FROM wellbeing_app", ""),
        migrations.RunSQL(
            [rls.also("vault.vault_datakey", "select", asked, name=f"{name}_select") for name, asked in KEYS.items()],
            [f"DROP POLICY {name}_select ON vault.vault_datakey" for name in KEYS],
        ),
        rls.rewrites("cases_review", "sealed"),
        rls.rewrites("cases_debriefing", "sealed"),
    ]
