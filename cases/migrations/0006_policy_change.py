"""Who made a version of the policy, when and why; rows are added by the city's administrator and never changed."""

from datetime import UTC, datetime

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from wellbeing.access import rls

# The insert is the maker's own, at an administrator's desk at the bureau, today.
ADMINISTRATOR = (
    "made_by_id = app_user() AND NOT app_system() AND EXISTS (SELECT 1 FROM people_desk d"
    " JOIN people_organisation o ON o.id = d.organisation_id"
    " WHERE d.role = 'education_admin' AND o.kind = 'bureau'"
    f" AND d.group_id = ANY ({rls.MY_DESKS}))"
)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0005_walls_of_telling"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField("policyversion", "number", models.PositiveIntegerField(default=1), preserve_default=False),
        migrations.AlterField("policyversion", "number", models.PositiveIntegerField(unique=True)),
        migrations.AddField(
            "policyversion",
            "made_at",
            models.DateTimeField(default=datetime(2024, 1, 1, tzinfo=UTC)),
            preserve_default=False,
        ),
        migrations.AddField(
            "policyversion",
            "made_by",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            "policyversion", "because", models.TextField(blank=True, default=""), preserve_default=False
        ),
        migrations.AlterModelOptions("policyversion", {"get_latest_by": "number"}),
        migrations.AddConstraint(
            "policyversion",
            models.CheckConstraint(
                condition=models.Q(made_by=None) | models.Q(effective_from__gte=models.F("made_at")),
                name="policy_never_in_the_past",
            ),
        ),
        rls.protect("cases_policyversion", select="app_known()", insert=ADMINISTRATOR),
        migrations.RunSQL(
            "REVOKE UPDATE, DELETE, TRUNCATE ON cases_policyversion FROM wellbeing_app",
            "GRANT UPDATE, DELETE, TRUNCATE ON cases_policyversion TO wellbeing_app",
        ),
    ]
