"""Sealed files of a case: seen with it, added by whoever works on it, never changed."""

import django.db.models.deletion
from django.db import migrations, models

import wellbeing.ids
from wellbeing.access import rls

SEES, WORKS = rls.sees("case", "case_id"), rls.works("case", "case_id")
# Through the wall of the attachment itself.
RECORD = "EXISTS (SELECT 1 FROM cases_attachment a WHERE a.id = attachment_id)"


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0012_transfer"),
    ]

    operations = [
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    models.UUIDField(default=wellbeing.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="attachments", to="cases.case"
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="attachment", to="cases.entry"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AttachmentRecord",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("piece", models.BinaryField()),
                (
                    "attachment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="records", to="cases.attachment"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("attachment", "number"), name="one_record_per_number")],
            },
        ),
        rls.protect("cases_attachment", select=SEES, insert=WORKS),
        rls.protect("cases_attachmentrecord", select=RECORD, insert=RECORD),
        migrations.RunSQL("REVOKE UPDATE ON cases_attachment, cases_attachmentrecord FROM wellbeing_app", ""),
    ]
