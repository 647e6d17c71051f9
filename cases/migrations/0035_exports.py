"""Exports of rows: each a file under a key of its own, for one receiver.

The receiver finds the key while the time runs, nothing was fetched and, above fifty rows, a second person has
confirmed (cases/models/export.py). Once the row is blank, she and the machine that ends exports may destroy it.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

import cases.models.export
import wellbeing.ids
from wellbeing.access import rls

MINE = "receiver_id = app_user()"
NEAR = f"(desk_id = ANY ({rls.MY_DESKS}) OR above_id = ANY ({rls.MY_DESKS}))"
SECOND = f"(by_id <> app_user() AND NOT {MINE} AND row_count > 50 AND {NEAR})"
READY = "(row_count <= 50 OR second_at IS NOT NULL)"
OPENS = (
    "owner_kind = 'export' AND NOT app_system() AND EXISTS (SELECT 1 FROM cases_export e WHERE e.id = owner_id"
    " AND e.receiver_id = app_user() AND e.fetched_at IS NULL AND e.until > app_now()"
    " AND (e.row_count <= 50 OR e.second_at IS NOT NULL))"
)
GONE = (
    "owner_kind = 'export' AND EXISTS (SELECT 1 FROM cases_export e WHERE e.id = owner_id AND e.sealed IS NULL"
    " AND (app_system() OR e.receiver_id = app_user()))"
)
KEYS = {"export_select": ("select", OPENS), "export_gone": ("select", GONE), "export_delete": ("delete", GONE)}


def link(to: str, **more: object) -> models.ForeignKey:
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=to, **more)


class Migration(migrations.Migration):
    dependencies = [("cases", "0034_ballots"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.CreateModel(
            name="Export",
            fields=[
                (
                    "id",
                    models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "reference",
                    models.CharField(default=cases.models.export.export_reference, max_length=16, unique=True),
                ),
                (
                    "sort",
                    models.CharField(
                        choices=[
                            ("interviews", "Interviews that wait"),
                            ("roll", "Roll of a school with its codes"),
                            ("handover", "List of cases handed over"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "form",
                    models.CharField(choices=[("xlsx", "Excel (XLSX)"), ("csv", "Table as text (CSV)")], max_length=4),
                ),
                (
                    "why",
                    models.CharField(
                        choices=[
                            ("work", "Work without a connection: on an island, in a classroom"),
                            ("signed", "A signed list for the records of the house"),
                            ("order", "An authority has ordered it in writing"),
                        ],
                        max_length=8,
                    ),
                ),
                ("row_count", models.PositiveIntegerField()),
                (
                    "cases",
                    django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None),
                ),
                ("division", models.CharField(max_length=6)),
                ("desk", link("people.desk")),
                ("above", link("people.desk", null=True)),
                ("by", link(settings.AUTH_USER_MODEL)),
                ("receiver", link(settings.AUTH_USER_MODEL)),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("second", link(settings.AUTH_USER_MODEL, null=True)),
                ("second_at", models.DateTimeField(null=True)),
                ("fetched_at", models.DateTimeField(null=True)),
                ("sealed", models.BinaryField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["until"], condition=Q(sealed__isnull=False), name="exports_that_wait"),
                    models.Index(fields=["-at"], name="exports_by_time"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(second=None) | (~Q(second=F("by")) & ~Q(second=F("receiver"))),
                        name="export_second_person",
                    ),
                    models.CheckConstraint(
                        condition=Q(fetched_at=None) | Q(row_count__lte=50) | Q(second_at__isnull=False),
                        name="export_fetched_once_confirmed",
                    ),
                ],
            },
        ),
        # The receiver touches it only once it is ready, so she never confirms it herself.
        rls.protect(
            "cases_export",
            select=f"app_system() OR by_id = app_user() OR {MINE} OR {NEAR}",
            insert=f"NOT app_system() AND by_id = app_user() AND second_at IS NULL AND desk_id = ANY ({rls.MY_DESKS})",
            update=f"app_system() OR ({MINE} AND {READY}) OR {SECOND}",
        ),
        migrations.RunSQL(
            "REVOKE UPDATE ON cases_export FROM wellbeing_app;"
            " GRANT UPDATE (second_id, second_at, fetched_at, sealed) ON cases_export TO wellbeing_app",
            "",
        ),
        rls.rewrites("cases_export", "sealed"),
        migrations.RunSQL(
            [rls.also("vault.vault_datakey", verb, asked, name=name) for name, (verb, asked) in KEYS.items()],
            [f"DROP POLICY {name} ON vault.vault_datakey" for name in KEYS],
        ),
    ]
