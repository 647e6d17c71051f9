from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0014_given_access"),
    ]

    operations = [
        migrations.AlterField(
            model_name="referralgroupobjectpermission",
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
            model_name="referraluserobjectpermission",
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
    ]
