"""Requests for records and their answers, each sealed under keys of their own; the flag "do not contact"; and the end of
closed cases, with the holds that keep them.

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
REACH = f"desk_id = ANY ({rls.MY_DESKS}) OR {SECOND}"
# Whoever deletes it, by whatever way: a key that still opens something of a held case stays. One that a rotation has
# replaced opens nothing. It runs as wellbeing_gate, because the deleter need not see the hold.
HELD = """
GRANT SELECT ON cases_legalhold TO wellbeing_gate;
CREATE POLICY gate ON cases_legalhold FOR SELECT TO wellbeing_gate USING (true);
CREATE FUNCTION app_keep_held() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
    IF OLD.replaced_at IS NULL AND OLD.owner_kind IN ('case', 'person') AND EXISTS (
        SELECT 1 FROM public.cases_legalhold h JOIN public.cases_case c ON c.id = h.case_id
        WHERE h.lifted_at IS NULL AND h.until > public.app_now()
        AND OLD.owner_id = CASE OLD.owner_kind WHEN 'case' THEN c.id ELSE c.person_id END)
    THEN RAISE EXCEPTION 'a legal hold keeps this key' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
END $$;
GRANT CREATE ON SCHEMA public TO wellbeing_gate;
ALTER FUNCTION app_keep_held() OWNER TO wellbeing_gate;
REVOKE CREATE ON SCHEMA public FROM wellbeing_gate;
CREATE TRIGGER keep_held BEFORE DELETE ON vault.vault_datakey FOR EACH ROW EXECUTE FUNCTION app_keep_held();
"""
UNHELD = """
DROP TRIGGER keep_held ON vault.vault_datakey;
DROP FUNCTION app_keep_held();
DROP POLICY gate ON cases_legalhold;
REVOKE SELECT ON cases_legalhold FROM wellbeing_gate;
"""
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
    rls.protect(
        "cases_erasure",
        select=f"app_system() OR {REACH}",
        insert="app_system()",
        update=f"app_system() OR {REACH}",
        delete="app_system() AND erased_at IS NULL",
    ),
    rls.protect(
        "cases_legalhold",
        select=f"app_system() OR {REACH}",
        insert=f"{PERSON} AND set_by_id = app_user()",
        update=REACH,
    ),
    migrations.RunSQL(
        "REVOKE UPDATE ON cases_erasure, cases_legalhold FROM wellbeing_app;"
        " GRANT UPDATE (asked_by_id, asked_desk_id, asked_at, confirmed_by_id, confirmed_desk_id, confirmed_at, erased_at)"
        " ON cases_erasure TO wellbeing_app;"
        " GRANT UPDATE (asked_by_id, asked_at, lifted_by_id, lifted_at) ON cases_legalhold TO wellbeing_app",
        "",
    ),
    migrations.RunSQL(HELD, UNHELD),
]


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0032_restrictions"),
        ("people", "0010_guided"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
            ],
        ),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                (
                    "id",
                    models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("reference", models.CharField(max_length=16)),
                ("channel", models.CharField(max_length=12)),
                ("closed_at", models.DateTimeField()),
                ("due_on", models.DateField()),
                ("proposed_at", models.DateTimeField()),
                ("asked_at", models.DateTimeField(null=True)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("erased_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="LegalHold",
            fields=[
                (
                    "id",
                    models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("reference", models.CharField(max_length=16)),
                ("why", models.CharField(max_length=12)),
                ("until", models.DateTimeField()),
                ("set_at", models.DateTimeField()),
                ("asked_at", models.DateTimeField(null=True)),
                ("lifted_at", models.DateTimeField(null=True)),
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
            ],
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
            ],
        ),
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
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", False)), fields=["closed_at"], name="closed_cases"
            ),
        ),
        migrations.AddField(
            model_name="contactstop",
            name="asked_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="contactstop",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="contact_stops", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="contactstop",
            name="entry",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.entry"
            ),
        ),
        migrations.AddField(
            model_name="contactstop",
            name="lifted_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="contactstop",
            name="set_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="erasure",
            name="asked_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="erasure",
            name="asked_desk",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.desk"
            ),
        ),
        migrations.AddField(
            model_name="erasure",
            name="case",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="erasure", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="erasure",
            name="confirmed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="erasure",
            name="confirmed_desk",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.desk"
            ),
        ),
        migrations.AddField(
            model_name="erasure",
            name="desk",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.desk"),
        ),
        migrations.AddField(
            model_name="legalhold",
            name="asked_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="legalhold",
            name="case",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="holds", to="cases.case"),
        ),
        migrations.AddField(
            model_name="legalhold",
            name="desk",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.desk"),
        ),
        migrations.AddField(
            model_name="legalhold",
            name="lifted_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="legalhold",
            name="set_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="recordanswer",
            name="case",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="record_answers", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="recordanswer",
            name="decided_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="recordanswer",
            name="decided_desk",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.desk"
            ),
        ),
        migrations.AddField(
            model_name="recordanswer",
            name="desk",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.desk"),
        ),
        migrations.AddField(
            model_name="recordanswer",
            name="proposed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="recordrequest",
            name="checked_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="recordrequest",
            name="desk",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.desk"),
        ),
        migrations.AddField(
            model_name="recordrequest",
            name="handed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="recordrequest",
            name="received_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="recordrequest",
            name="received_desk",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.desk"),
        ),
        migrations.AddField(
            model_name="recordanswer",
            name="request",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="cases.recordrequest"
            ),
        ),
        migrations.AddConstraint(
            model_name="contactstop",
            constraint=models.UniqueConstraint(
                condition=models.Q(("lifted_at", None)), fields=("case",), name="one_contact_stop_per_case"
            ),
        ),
        migrations.AddConstraint(
            model_name="contactstop",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddIndex(
            model_name="erasure",
            index=models.Index(condition=models.Q(("erased_at", None)), fields=["due_on"], name="erasures_waiting"),
        ),
        migrations.AddConstraint(
            model_name="erasure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("confirmed_by", None),
                    models.Q(
                        ("asked_by__isnull", False),
                        ("confirmed_desk__isnull", False),
                        models.Q(("confirmed_by", models.F("asked_by")), _negated=True),
                        models.Q(("confirmed_desk", models.F("asked_desk")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="erasure_two_people_of_two_desks",
            ),
        ),
        migrations.AddConstraint(
            model_name="erasure",
            constraint=models.CheckConstraint(
                condition=models.Q(("erased_at", None), ("confirmed_at__isnull", False), _connector="OR"),
                name="erasure_confirmed_first",
            ),
        ),
        migrations.AddIndex(
            model_name="legalhold",
            index=models.Index(condition=models.Q(("lifted_at", None)), fields=["case"], name="holds_that_stand"),
        ),
        migrations.AddConstraint(
            model_name="legalhold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lifted_at", None), ("lifted_by", None)),
                    models.Q(
                        ("asked_by__isnull", False),
                        ("lifted_at__isnull", False),
                        models.Q(("lifted_by", models.F("asked_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="hold_lifted_by_two",
            ),
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
