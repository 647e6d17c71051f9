"""Requests for records and their answers, each sealed under keys of their own; and the flag "do not contact".

A request is seen by the desk that received it, the one that examines it, and the desks of the second person. An answer
is seen by the examining desk and the second person; by the desk that hands it out only once it is agreed and gives
something, so that nobody there learns whether "nothing" means no file. Whoever proposed decides nothing.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import cases.models.record_request
import wellbeing.ids
from wellbeing.access import rls

SEES, WORKS = rls.sees("case", "case_id"), rls.works("case", "case_id")
SECOND = (
    "EXISTS (SELECT 1 FROM people_desk d WHERE d.role IN ('hotline_supervisor', 'city_duty')"
    f" AND d.group_id = ANY ({rls.MY_DESKS}))"
)
PERSON = "app_known() AND NOT app_system()"
MINE = f"received_desk_id = ANY ({rls.MY_DESKS}) OR desk_id = ANY ({rls.MY_DESKS}) OR {SECOND}"
HANDS_OUT = (
    "agreed AND gives AND EXISTS (SELECT 1 FROM cases_recordrequest r WHERE r.id = request_id"
    f" AND r.received_desk_id = ANY ({rls.MY_DESKS}))"
)
OF_REQUEST = (
    "owner_kind = 'request' AND NOT app_system() AND EXISTS (SELECT 1 FROM cases_recordrequest r WHERE r.id = owner_id)"
)
OF_ANSWER = "owner_kind = 'release' AND NOT app_system() AND EXISTS (SELECT 1 FROM cases_recordanswer a WHERE a.id = owner_id{})"
KEYS = {
    "request_select": ("select", OF_REQUEST),
    "release_select": ("select", OF_ANSWER.format("")),
    "release_delete": ("delete", OF_ANSWER.format(" AND a.agreed IS FALSE")),
}
WALLS = [
    rls.protect(
        "cases_recordrequest",
        select=f"app_system() OR {MINE}",
        insert=f"{PERSON} AND received_by_id = app_user() AND received_desk_id = ANY ({rls.MY_DESKS})",
        update=f"app_system() OR {MINE}",
    ),
    rls.protect(
        "cases_recordanswer",
        select=f"desk_id = ANY ({rls.MY_DESKS}) OR {SECOND} OR ({HANDS_OUT})",
        insert=f"{PERSON} AND proposed_by_id = app_user() AND desk_id = ANY ({rls.MY_DESKS}) AND agreed IS NULL"
        f" AND (case_id IS NULL OR {SEES})",
        update=f"proposed_by_id <> app_user() AND {SECOND}",
    ),
    rls.protect(
        "cases_contactstop",
        select=f"app_system() OR {SEES}",
        insert=f"app_system() OR ({WORKS} AND set_by_id = app_user())",
        update=WORKS,
    ),
    migrations.RunSQL(
        "REVOKE UPDATE ON cases_recordrequest, cases_recordanswer, cases_contactstop FROM wellbeing_app;"
        " GRANT UPDATE (checked, checked_by_id, checked_at, state, level, gives, handed, handed_by_id, handed_at)"
        " ON cases_recordrequest TO wellbeing_app;"
        " GRANT UPDATE (agreed, decided_by_id, decided_desk_id, decided_at, note)"
        " ON cases_recordanswer TO wellbeing_app;"
        " GRANT UPDATE (asked_by_id, asked_at, lifted_by_id, lifted_at) ON cases_contactstop TO wellbeing_app",
        "",
    ),
    rls.rewrites("cases_recordrequest", "sealed"),
    rls.rewrites("cases_recordanswer", "sealed", "note"),
    migrations.RunSQL(
        [rls.also("vault.vault_datakey", verb, asked, name=name) for name, (verb, asked) in KEYS.items()],
        [f"DROP POLICY {name} ON vault.vault_datakey" for name in KEYS],
    ),
]


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0030_caller_numbers"),
        ("people", "0010_guided"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="casegroupobjectpermission",
            name="origin",
            field=models.CharField(
                choices=[
                    ("owner", "Opened it"),
                    ("triage", "Triage of the county"),
                    ("escalation", "Escalated to"),
                    ("duty", "On duty"),
                    ("manager", "Case manager"),
                    ("referral", "Referred to"),
                    ("supervision", "Supervision"),
                    ("given", "Given by the desk that owns the case"),
                    ("break_glass", "Break-glass"),
                    ("court", "Court order"),
                    ("records", "Examines a request for records"),
                ],
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="caseuserobjectpermission",
            name="origin",
            field=models.CharField(
                choices=[
                    ("owner", "Opened it"),
                    ("triage", "Triage of the county"),
                    ("escalation", "Escalated to"),
                    ("duty", "On duty"),
                    ("manager", "Case manager"),
                    ("referral", "Referred to"),
                    ("supervision", "Supervision"),
                    ("given", "Given by the desk that owns the case"),
                    ("break_glass", "Break-glass"),
                    ("court", "Court order"),
                    ("records", "Examines a request for records"),
                ],
                max_length=16,
            ),
        ),
        migrations.CreateModel(
            name="RecordRequest",
            fields=[
                (
                    "id",
                    models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "reference",
                    models.CharField(default=cases.models.record_request.request_reference, max_length=16, unique=True),
                ),
                ("division", models.CharField(max_length=6)),
                ("asker", models.CharField(max_length=8)),
                ("received_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("checked", models.CharField(blank=True, max_length=12)),
                ("checked_at", models.DateTimeField(null=True)),
                ("state", models.CharField(default="received", max_length=8)),
                ("gives", models.BooleanField(null=True)),
                ("handed", models.CharField(blank=True, max_length=12)),
                ("handed_at", models.DateTimeField(null=True)),
                ("level", models.PositiveSmallIntegerField(default=0)),
                ("sealed", models.BinaryField()),
                (
                    "checked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "desk",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.desk"),
                ),
                (
                    "handed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "received_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "received_desk",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.desk"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RecordAnswer",
            fields=[
                (
                    "id",
                    models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("division", models.CharField(max_length=6)),
                ("gives", models.BooleanField()),
                ("fields", models.JSONField(default=list)),
                ("at", models.DateTimeField()),
                ("sealed", models.BinaryField()),
                ("agreed", models.BooleanField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("note", models.BinaryField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="record_answers",
                        to="cases.case",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decided_desk",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.desk"
                    ),
                ),
                (
                    "desk",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.desk"),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="cases.recordrequest"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ContactStop",
            fields=[
                (
                    "id",
                    models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("set_at", models.DateTimeField()),
                ("asked_at", models.DateTimeField(null=True)),
                ("lifted_at", models.DateTimeField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="contact_stops", to="cases.case"
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.entry"
                    ),
                ),
                (
                    "lifted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at", None)), fields=("case",), name="one_contact_stop_per_case"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lifted_at", None), ("lifted_by", None)),
                            models.Q(
                                ("asked_by__isnull", False),
                                ("lifted_at__isnull", False),
                                models.Q(("lifted_by", models.F("asked_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="contact_stop_lifted_by_two",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="recordrequest",
            index=models.Index(fields=["-received_at"], name="record_requests_by_time"),
        ),
        migrations.AddIndex(
            model_name="recordrequest",
            index=models.Index(
                condition=models.Q(("state__in", ("received", "checked", "proposed"))),
                fields=["due_at"],
                name="requests_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="recordrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ("received", "checked", "proposed", "decided", "answered"))),
                name="record_request_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="recordrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "received"), ("checked_by__isnull", False), _connector="OR"),
                name="record_request_checked",
            ),
        ),
        migrations.AddConstraint(
            model_name="recordrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("handed_at", None),
                    models.Q(("gives__isnull", False), ("handed_by__isnull", False)),
                    _connector="OR",
                ),
                name="record_request_handed",
            ),
        ),
        migrations.AddConstraint(
            model_name="recordanswer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("agreed", None), ("agreed", True), _connector="OR"),
                fields=("request",),
                name="one_answer_of_request",
            ),
        ),
        migrations.AddConstraint(
            model_name="recordanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by", None),
                    models.Q(
                        models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                        models.Q(("decided_desk", models.F("desk")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="record_answer_two_people",
            ),
        ),
        migrations.AddConstraint(
            model_name="recordanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("agreed", None),
                    models.Q(("decided_by__isnull", False), ("decided_desk__isnull", False)),
                    _connector="OR",
                ),
                name="record_answer_decided_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="recordanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(("gives", False), ("case__isnull", False), _connector="OR"),
                name="record_answer_of_a_case",
            ),
        ),
        *WALLS,
    ]
