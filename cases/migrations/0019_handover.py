"""Minimum hand-overs: what goes is fixed when it is asked for, and of them no envelope may be sealed anew. Of a transfer
only the answer can be written afterwards."""

from django.db import migrations, models

import cases.transfer

COLUMNS = "state, answered_by_id, answered_at, moved_in"


class Migration(migrations.Migration):
    dependencies = [("cases", "0018_leave_moves")]

    operations = [
        migrations.AddField(
            model_name="transfer",
            name="scope",
            field=models.CharField(default=cases.transfer.Scope["WHOLE"], max_length=8),
        ),
        migrations.AlterField(
            model_name="case",
            name="channel",
            field=models.CharField(
                choices=[
                    ("hotline", "Hotline 2912345"),
                    ("school", "School counsellor"),
                    ("screening", "Screening"),
                    ("concern", "Concern report"),
                    ("transfer", "Handed over by another desk"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("scope", cases.transfer.Scope["WHOLE"]),
                    models.Q(("moved_in", None), ("scope", cases.transfer.Scope["MINIMUM"])),
                    _connector="OR",
                ),
                name="transfer_scope_known",
            ),
        ),
        migrations.RunSQL(
            "REVOKE UPDATE ON cases_transfer FROM wellbeing_app;"
            f" GRANT UPDATE ({COLUMNS}) ON cases_transfer TO wellbeing_app",
            "GRANT UPDATE ON cases_transfer TO wellbeing_app",
        ),
    ]
