"""A call that was logged goes on: what is clear of it may be set until its sheet is finished. Who was reviewed sees her
marks, and not the note. A note to the next shift may be withdrawn by whoever wrote it."""

from django.db import migrations, models

from wellbeing.access import rls

WORKS = rls.works("case", "case_id")
KEY = (
    "owner_kind = 'review' AND NOT app_system()"
    " AND EXISTS (SELECT 1 FROM cases_review n WHERE n.id = vault_datakey.owner_id{})"
)
OF_DESK = f" AND n.desk_id = ANY ({rls.MY_DESKS})"


class Migration(migrations.Migration):
    dependencies = [("cases", "0006_walls_of_records")]
    operations = [
        migrations.RunSQL(
            [
                "REVOKE UPDATE ON cases_call FROM wellbeing_app",
                "GRANT UPDATE (kind, length_min, answered_after_s, caller_index) ON cases_call TO wellbeing_app",
                rls.also("cases_call", "update", WORKS, name="app_update"),
            ],
            ["DROP POLICY app_update ON cases_call", "GRANT UPDATE ON cases_call TO wellbeing_app"],
        ),
        migrations.RunSQL(
            [
                rls.also("cases_review", "select", "counsellor_id = app_user()", name="app_reviewed"),
                f"ALTER POLICY review_select ON vault.vault_datakey USING ({KEY.format(OF_DESK)})",
            ],
            [
                f"ALTER POLICY review_select ON vault.vault_datakey USING ({KEY.format('')})",
                "DROP POLICY app_reviewed ON cases_review",
            ],
        ),
        migrations.AddField("shiftnote", "withdrawn_at", models.DateTimeField(null=True)),
        migrations.RunSQL(
            [
                "GRANT UPDATE (withdrawn_at) ON cases_shiftnote TO wellbeing_app",
                rls.also("cases_shiftnote", "update", "by_id = app_user()", name="app_withdraw"),
            ],
            [
                "DROP POLICY app_withdraw ON cases_shiftnote",
                "REVOKE UPDATE (withdrawn_at) ON cases_shiftnote FROM wellbeing_app",
            ],
        ),
    ]
