"""Drafts and the notes between shifts, each behind its wall and under keys of its own; the kind of a call."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import wellbeing.ids
from wellbeing.access import rls

# Its owner's, and the desk's that it came up to. Machines see that there is one and when it is due, and no word.
HERS = f"owner_id = app_user() OR with_desk_id = ANY ({rls.MY_DESKS})"
SEEN = f"app_system() OR {HERS}"
DESKS = f"desk_id = ANY ({rls.MY_DESKS})"
# Asked of the keys: a machine passes the draft's own wall and must not pass this one.
OF_DRAFT = "EXISTS (SELECT 1 FROM cases_draft d WHERE d.id = vault_datakey.owner_id)"
OF_NOTE = "EXISTS (SELECT 1 FROM cases_shiftnote n WHERE n.id = vault_datakey.owner_id)"
KEYS = {
    "draft_select": ("select", f"owner_kind = 'draft' AND NOT app_system() AND {OF_DRAFT}"),
    "draft_delete": ("delete", f"owner_kind = 'draft' AND NOT app_system() AND {OF_DRAFT}"),
    "note_select": ("select", f"owner_kind = 'note' AND NOT app_system() AND {OF_NOTE}"),
}


# Flags for whoever has the caller on the line, never which calls or which cases (PRACTICE.md 3.7).
SEEN_BEFORE = """
CREATE FUNCTION app_caller_seen(marks bytea[], since timestamptz,
  OUT calls integer, OUT last_at timestamptz, OUT harassing integer, OUT silent integer, OUT open_case boolean,
  OUT danger boolean)
  LANGUAGE sql STABLE SECURITY DEFINER AS $$
  SELECT count(*)::integer, max(c.started_at), (count(*) FILTER (WHERE c.kind = 'harassing'))::integer,
    (count(*) FILTER (WHERE c.kind = 'silent'))::integer, coalesce(bool_or(k.closed_at IS NULL), false),
    coalesce(bool_or(k.tier IN ('red', 'orange', 'yellow')), false)
  FROM public.cases_call c JOIN public.cases_case k ON k.id = c.case_id
  WHERE public.app_user() IS NOT NULL AND c.caller_index = ANY (marks) AND c.started_at >= since $$;
GRANT CREATE ON SCHEMA public TO wellbeing_gate;
ALTER FUNCTION app_caller_seen(bytea[], timestamptz) OWNER TO wellbeing_gate;
REVOKE CREATE ON SCHEMA public FROM wellbeing_gate;
"""


def link(to: str, **more: object) -> models.ForeignKey:
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=to, **more)


def key() -> models.UUIDField:
    return models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0020_break_glass"),
        ("vault", "0003_kinds"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField("call", "kind", models.CharField(blank=True, default="", max_length=10)),
        migrations.AlterField("call", "kind", models.CharField(blank=True, max_length=10)),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", key()),
                ("kind", models.CharField(max_length=12)),
                ("division", models.CharField(max_length=6)),
                ("version", models.PositiveIntegerField(default=0)),
                ("tier", models.CharField(blank=True, max_length=6)),
                ("sealed", models.BinaryField(null=True)),
                ("begun_at", models.DateTimeField()),
                ("saved_at", models.DateTimeField()),
                ("flagged_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                ("level", models.PositiveSmallIntegerField(default=0)),
                ("ended_at", models.DateTimeField(null=True)),
                ("owner", link(settings.AUTH_USER_MODEL)),
                ("desk", link("people.desk")),
                ("with_desk", link("people.desk", null=True)),
                ("case", link("cases.case", null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["owner", "-saved_at"], condition=models.Q(ended_at=None), name="open_drafts_of"
                    ),
                    models.Index(
                        fields=["with_desk", "-saved_at"],
                        condition=models.Q(ended_at=None),
                        name="drafts_come_up_to",
                    ),
                    models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False), name="drafts_to_look_at"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(tier__in=["", "red", "orange"]), name="draft_tier_known"),
                    models.CheckConstraint(
                        condition=models.Q(ended_at=None) | models.Q(sealed=None, due_at=None),
                        name="draft_ends_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ShiftNote",
            fields=[
                ("id", key()),
                ("division", models.CharField(max_length=6)),
                ("at", models.DateTimeField()),
                ("sealed", models.BinaryField()),
                ("desk", link("people.desk")),
                ("by", link(settings.AUTH_USER_MODEL)),
            ],
            options={"indexes": [models.Index(fields=["desk", "-at"], name="notes_of_desk")]},
        ),
        migrations.RunSQL(SEEN_BEFORE, "DROP FUNCTION app_caller_seen(bytea[], timestamptz)"),
        rls.protect("cases_draft", select=SEEN, insert="owner_id = app_user()", update=SEEN),
        rls.protect("cases_shiftnote", select=DESKS, insert=f"{DESKS} AND by_id = app_user()"),
        migrations.RunSQL("REVOKE UPDATE ON cases_shiftnote FROM wellbeing_app", ""),
        migrations.RunSQL(
            [rls.also("vault.vault_datakey", verb, asked, name=name) for name, (verb, asked) in KEYS.items()],
            [f"DROP POLICY {name} ON vault.vault_datakey" for name in KEYS],
        ),
    ]
