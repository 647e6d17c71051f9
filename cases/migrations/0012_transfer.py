"""Transfers and stubs, and the only hole in the wall around words: in the transaction that moves a file, its envelopes
may be written anew by the desk that was asked. The words stay what they were; no other column of theirs can change."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import wellbeing.ids
from wellbeing.access import rls

SEES, WORKS = rls.sees("case", "case_id"), rls.works("case", "case_id")
ASKED = f"to_desk_id = ANY ({rls.MY_DESKS})"
MINE = f"desk_id = ANY ({rls.MY_DESKS}) OR user_id = app_user()"
# A sub-select: asked once per statement, not once per row.
MOVING_CASES = "ANY ((SELECT app_moving_cases())::uuid[])"
MOVING_PERSONS = "ANY ((SELECT app_moving_persons())::uuid[])"

# Of an accepted transfer nothing can be changed again, so a file moves once per question and two different people.
FORWARD = f"""
CREATE POLICY app_update ON cases_transfer FOR UPDATE TO wellbeing_app
  USING (state = 'asked' AND {ASKED} AND asked_by_id <> app_user())
  WITH CHECK ({ASKED} AND answered_by_id = app_user() AND (moved_in IS NULL OR moved_in = txid_current()));

CREATE FUNCTION app_answers_case(pk uuid, desks integer[]) RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT EXISTS (SELECT 1 FROM cases_transfer t WHERE t.case_id = pk AND t.state = 'asked'
                  AND t.to_desk_id = ANY (desks)) $$;
CREATE FUNCTION app_moving_cases() RETURNS uuid[] LANGUAGE sql STABLE AS
$$ SELECT ARRAY(SELECT t.case_id FROM cases_transfer t WHERE t.moved_in = txid_current()) $$;
CREATE FUNCTION app_moving_persons() RETURNS uuid[] LANGUAGE sql STABLE AS
$$ SELECT ARRAY(SELECT c.person_id FROM cases_case c WHERE c.id = ANY (app_moving_cases())) $$;

-- The desk that was asked locks the case before it holds it; what it may then write is said by the other policies.
CREATE POLICY asked_lock ON cases_case FOR UPDATE TO wellbeing_app
  USING (app_answers_case(id, {rls.MY_DESKS})) WITH CHECK ({rls.works("case", "id")});

REVOKE UPDATE ON cases_entry, cases_screeningresult, cases_person FROM wellbeing_app;
GRANT UPDATE (sealed) ON cases_entry TO wellbeing_app;
GRANT UPDATE (sealed, desk_id) ON cases_screeningresult TO wellbeing_app;
GRANT UPDATE (sealed, division_id, desk_id, student_index) ON cases_person TO wellbeing_app;
{rls.also("cases_entry", "update", "case_id = " + MOVING_CASES, name="app_update")};
{rls.also("cases_screeningresult", "update", "person_id = " + MOVING_PERSONS, name="app_update")};
{rls.also("cases_person", "update", "id = " + MOVING_PERSONS, name="app_update")};
"""

BACKWARD = """
DROP POLICY app_update ON cases_person;
DROP POLICY app_update ON cases_screeningresult;
DROP POLICY app_update ON cases_entry;
GRANT UPDATE ON cases_entry, cases_screeningresult, cases_person TO wellbeing_app;
DROP POLICY asked_lock ON cases_case;
DROP FUNCTION app_moving_persons();
DROP FUNCTION app_moving_cases();
DROP FUNCTION app_answers_case(uuid, integer[]);
DROP POLICY app_update ON cases_transfer;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0011_kinds"),
        ("people", "0004_clinics"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Stub",
            fields=[
                (
                    "id",
                    models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("reference", models.CharField(max_length=16)),
                ("tier", models.CharField(max_length=6)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("end", models.CharField(max_length=12)),
                (
                    "desk",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.desk"
                    ),
                ),
                (
                    "to_desk",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.desk"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["desk", "-id"], name="stubs_of_desk"),
                    models.Index(fields=["user", "-id"], name="stubs_of_user"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("desk", None), ("user__isnull", False)),
                            models.Q(("desk__isnull", False), ("user", None)),
                            _connector="OR",
                        ),
                        name="stub_of_one_holder",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Transfer",
            fields=[
                (
                    "id",
                    models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("state", models.CharField(default="asked", max_length=8)),
                ("basis", models.CharField(max_length=8)),
                ("asked_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("moved_in", models.BigIntegerField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="transfers", to="cases.case"
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.entry"
                    ),
                ),
                (
                    "from_desk",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.desk"),
                ),
                (
                    "to_desk",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.desk"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("moved_in__isnull", False)),
                        fields=["moved_in"],
                        name="transfers_by_transaction",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "asked")), fields=("case",), name="one_open_transfer_per_case"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ("asked", "accepted", "refused"))), name="transfer_state_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answered_by", None),
                            models.Q(("answered_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="transfer_by_two_people",
                    ),
                ],
            },
        ),
        rls.protect(
            "cases_transfer",
            select=f"app_system() OR {SEES} OR {ASKED} OR from_desk_id = ANY ({rls.MY_DESKS})",
            insert=f"{WORKS} AND state = 'asked' AND moved_in IS NULL AND asked_by_id = app_user()",
        ),
        rls.protect("cases_stub", select=MINE, insert="app_system()"),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
