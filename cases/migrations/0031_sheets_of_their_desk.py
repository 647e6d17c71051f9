"""Sheets that were begun, and files that were handed over more than once.

A sheet is its owner's while she sits at its desk: whoever has left the hotline, and works at a school now, reads nothing
more of what a caller said there. It comes up to the desks above by itself.

A file that was opened again after a minimum hand-over may be handed over once more: it names each file that was opened
from it."""

import django.db.models.deletion
from django.db import migrations, models

from wellbeing.access import rls

HERS = f"owner_id = app_user() AND {rls.desk()}"
UP = rls.desk("with_desk_id")
NOW = f"app_system() OR {HERS} OR {UP}"
BEFORE = f"app_system() OR owner_id = app_user() OR {UP}"
HANDED = """
ALTER TABLE cases_successor DROP CONSTRAINT cases_successor_pkey;
ALTER TABLE cases_successor ADD CONSTRAINT cases_successor_pkey PRIMARY KEY ({});
"""
BY_CASE = "CREATE INDEX cases_successor_of ON cases_successor (case_id)"


def _drafts(condition: str, insert: str) -> list[str]:
    return [
        f"ALTER POLICY app_select ON cases_draft USING ({condition})",
        f"ALTER POLICY app_update ON cases_draft USING ({condition}) WITH CHECK ({condition})",
        f"ALTER POLICY app_insert ON cases_draft WITH CHECK ({insert})",
    ]


class Migration(migrations.Migration):
    dependencies = [("cases", "0030_told_before_merging")]
    operations = [
        migrations.RunSQL(_drafts(NOW, HERS), _drafts(BEFORE, "owner_id = app_user()")),
        migrations.RunSQL(BY_CASE, "DROP INDEX cases_successor_of"),
        migrations.RunSQL(
            HANDED.format("opened_id"),
            HANDED.format("case_id"),
            [
                migrations.AlterField(
                    "successor",
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
                migrations.AlterField(
                    "successor",
                    "opened",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="cases.case",
                    ),
                ),
            ],
        ),
    ]
