"""Numbers of callers, each under a key of its own, and the askings that open one: two people, once.

Whoever asked finds the key only while somebody else's confirmation is fresh (ten minutes, cases/caller_access.py) and
nothing was read. The machine that forgets touches the key of a number only once its row is blank.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

import wellbeing.ids
from wellbeing.access import rls

SEES = rls.sees("case", "case_id")
SECOND = (
    "EXISTS (SELECT 1 FROM people_desk d WHERE d.role IN ('hotline_supervisor', 'city_duty')"
    f" AND d.group_id = ANY ({rls.MY_DESKS}))"
)
MINE = "by_id = app_user()"
OPENS = (
    "owner_kind = 'caller' AND NOT app_system() AND EXISTS (SELECT 1 FROM cases_callerask a WHERE a.number_id = owner_id"
    " AND a.by_id = app_user() AND a.read_at IS NULL AND a.confirmed_at > app_now() - interval '10 minutes')"
)
GONE = (
    "owner_kind = 'caller' AND app_system()"
    " AND EXISTS (SELECT 1 FROM cases_callernumber n WHERE n.id = owner_id AND n.sealed IS NULL)"
)
KEYS = {"caller_select": ("select", OPENS), "caller_gone": ("select", GONE), "caller_delete": ("delete", GONE)}


def link(to: str, **more: object) -> models.ForeignKey:
    more = {"related_name": "+", **more}
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=to, **more)


def key() -> models.UUIDField:
    return models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    dependencies = [("cases", "0029_more_keys"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.CreateModel(
            name="CallerNumber",
            fields=[
                ("id", key()),
                ("division", models.CharField(max_length=6)),
                ("sealed", models.BinaryField(null=True)),
                ("logged_at", models.DateTimeField()),
                (
                    "call",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="number", to="cases.call"
                    ),
                ),
                ("case", link("cases.case")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["logged_at"], condition=Q(sealed__isnull=False), name="numbers_to_forget")
                ]
            },
        ),
        migrations.CreateModel(
            name="CallerAsk",
            fields=[
                ("id", key()),
                ("reference", models.CharField(max_length=16)),
                (
                    "why",
                    models.CharField(
                        choices=[
                            ("danger", "Somebody is in danger now, and the call broke off"),
                            ("rescue", "Police, ambulance or rescue ask"),
                            ("court", "A court or an authority orders it"),
                        ],
                        max_length=8,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("read_at", models.DateTimeField(null=True)),
                ("number", link("cases.callernumber", related_name="asks")),
                ("case", link("cases.case")),
                ("by", link(settings.AUTH_USER_MODEL)),
                ("confirmed_by", link(settings.AUTH_USER_MODEL, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("by")), name="caller_two_people"
                    ),
                    models.CheckConstraint(
                        condition=Q(read_at=None) | Q(confirmed_at__isnull=False), name="caller_read_once_confirmed"
                    ),
                ],
                "indexes": [models.Index(fields=["-at"], name="caller_asks_by_time")],
            },
        ),
        rls.protect("cases_callernumber", select=f"app_system() OR {SEES}", insert=SEES, update="app_system()"),
        # An asking is confirmed by a second person, and touched by whoever asked only after that.
        rls.protect(
            "cases_callerask",
            select=f"app_system() OR {MINE} OR {SECOND}",
            insert=f"{MINE} AND NOT app_system() AND confirmed_at IS NULL",
            update=f"({MINE} AND confirmed_at IS NOT NULL) OR (NOT {MINE} AND {SECOND})",
        ),
        migrations.RunSQL(
            "REVOKE UPDATE ON cases_callernumber, cases_callerask FROM wellbeing_app;"
            " GRANT UPDATE (sealed) ON cases_callernumber TO wellbeing_app;"
            " GRANT UPDATE (confirmed_by_id, confirmed_at, read_at) ON cases_callerask TO wellbeing_app",
            "",
        ),
        rls.rewrites("cases_callernumber", "sealed"),
        migrations.RunSQL(
            [rls.also("vault.vault_datakey", verb, asked, name=name) for name, (verb, asked) in KEYS.items()],
            [f"DROP POLICY {name} ON vault.vault_datakey" for name in KEYS],
        ),
    ]
