"""Hand-overs within a division: seen by the desks they go from and to, and by who made them; their cases by machines
and by whoever sees the hand-over and the case. Only the end is written afterwards."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import cases.models.handover
import wellbeing.ids
from wellbeing.access import rls

MINE = f"desk_id = ANY ({rls.MY_DESKS}) OR to_desk_id = ANY ({rls.MY_DESKS}) OR by_id = app_user()"
# Through the wall of the hand-over itself.
LINE = "EXISTS (SELECT 1 FROM cases_handover h WHERE h.id = handover_id)"


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0021_drafts"),
        ("people", "0007_walls_of_returns"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Handover",
            fields=[
                (
                    "id",
                    models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "reference",
                    models.CharField(default=cases.models.handover.handover_reference, max_length=16, unique=True),
                ),
                ("begun_at", models.DateTimeField()),
                ("until", models.DateField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="HandoverCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("granted", models.BooleanField()),
                ("clocks", models.CharField(blank=True, max_length=120)),
            ],
        ),
        migrations.AddIndex(
            model_name="deadline",
            index=models.Index(
                condition=models.Q(("state", "running")), fields=["desk", "due_at", "id"], name="steps_of_desk"
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="desk",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.desk"),
        ),
        migrations.AddField(
            model_name="handover",
            name="from_user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="to_desk",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.desk"),
        ),
        migrations.AddField(
            model_name="handover",
            name="to_user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="handovercase",
            name="case",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
        ),
        migrations.AddField(
            model_name="handovercase",
            name="handover",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="cases", to="cases.handover"
            ),
        ),
        migrations.AddIndex(
            model_name="handover",
            index=models.Index(condition=models.Q(("ended_at", None)), fields=["until"], name="covers_that_run"),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None), ("until__isnull", False)),
                fields=("desk", "from_user"),
                name="one_cover_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.CheckConstraint(
                condition=models.Q(("from_user", models.F("to_user")), _negated=True), name="handed_to_another"
            ),
        ),
        migrations.AddConstraint(
            model_name="handovercase",
            constraint=models.UniqueConstraint(fields=("handover", "case"), name="each_case_once_per_handover"),
        ),
        rls.protect(
            "cases_handover",
            select=f"app_system() OR {MINE}",
            insert="by_id = app_user()",
            update=f"app_system() OR {MINE}",
        ),
        rls.protect("cases_handovercase", select=f"app_system() OR {LINE}", insert="app_system()"),
        migrations.RunSQL(
            "REVOKE UPDATE ON cases_handover, cases_handovercase FROM wellbeing_app;"
            " GRANT UPDATE (ended_at) ON cases_handover TO wellbeing_app",
            "GRANT UPDATE ON cases_handover, cases_handovercase TO wellbeing_app",
        ),
    ]
