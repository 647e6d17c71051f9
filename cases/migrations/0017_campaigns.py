"""Campaigns: the roll with codes is seen with its school's batch, a flag with its case or by its desk."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import wellbeing.ids
from wellbeing.access import rls

OF_BATCH = "EXISTS (SELECT 1 FROM cases_screeningbatch b WHERE b.id = batch_id)"
FLAG = f"app_system() OR desk_id = ANY ({rls.MY_DESKS}) OR {rls.sees('case', 'case_id')}"


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0016_screening_files"),
        ("people", "0004_clinics"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AnswerTry",
            fields=[
                (
                    "id",
                    models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("address", models.BinaryField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["address", "at"], name="tries_of_address")],
            },
        ),
        migrations.CreateModel(
            name="Campaign",
            fields=[
                (
                    "id",
                    models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("title", models.CharField(max_length=60)),
                ("codes", models.CharField(max_length=60)),
                ("grades", models.CharField(blank=True, max_length=120)),
                ("schools", models.JSONField(default=list)),
                ("consent", models.CharField(max_length=8)),
                ("first", models.DateField()),
                ("last", models.DateField()),
                ("made_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "desk",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.desk"),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="screeningbatch",
            name="campaign",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="batches", to="cases.campaign"
            ),
        ),
        migrations.CreateModel(
            name="CampaignStudent",
            fields=[
                (
                    "id",
                    models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("student_index", models.BinaryField()),
                ("code_index", models.BinaryField(unique=True)),
                ("consented_at", models.DateTimeField(null=True)),
                ("opted_out_at", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("sealed", models.BinaryField()),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="students", to="cases.screeningbatch"
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="students", to="cases.campaign"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ScreeningFlag",
            fields=[
                (
                    "id",
                    models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("tier", models.CharField(max_length=6)),
                ("at", models.DateTimeField()),
                ("planned_on", models.DateField(null=True)),
                ("outcome", models.CharField(blank=True, max_length=12)),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="flags", to="cases.screeningbatch"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="flags", to="cases.case"
                    ),
                ),
                (
                    "desk",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.desk"),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(("last__gte", models.F("first"))), name="campaign_ends_after_start"
            ),
        ),
        migrations.AddConstraint(
            model_name="campaignstudent",
            constraint=models.UniqueConstraint(fields=("campaign", "student_index"), name="once_on_the_roll"),
        ),
        migrations.AddConstraint(
            model_name="campaignstudent",
            constraint=models.CheckConstraint(
                condition=models.Q(("opted_out_at", None), ("answered_at", None), _connector="OR"),
                name="opted_out_is_not_asked",
            ),
        ),
        migrations.AddIndex(
            model_name="screeningflag",
            index=models.Index(condition=models.Q(("outcome", "")), fields=["desk"], name="flags_that_wait"),
        ),
        migrations.AddConstraint(
            model_name="screeningflag",
            constraint=models.UniqueConstraint(fields=("batch", "case"), name="one_flag_per_file_and_case"),
        ),
        rls.protect("cases_campaign", select="app_known()", insert="app_known()", update="app_system()"),
        rls.protect("cases_campaignstudent", select=OF_BATCH, insert=OF_BATCH, update=OF_BATCH),
        rls.protect("cases_screeningflag", select=FLAG, insert="app_system()", update=FLAG),
        rls.protect("cases_answertry", select="app_system()", insert="app_system()", delete="app_system()"),
    ]
