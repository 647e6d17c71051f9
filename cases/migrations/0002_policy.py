"""The first version of the policy: the defaults of DOMAIN.md, effective from the beginning. It is written before its wall
stands (0003), behind which the owner herself adds none."""

from datetime import UTC, datetime

from django.db import migrations

from cases.policy import Policy

BEGINNING = datetime(2024, 1, 1, tzinfo=UTC)


def ship(apps, schema_editor):
    apps.get_model("cases", "PolicyVersion").objects.create(
        number=1, effective_from=BEGINNING, made_at=BEGINNING, body=Policy().to_json()
    )


class Migration(migrations.Migration):
    replaces = [("cases", "0003_policy")]
    dependencies = [("cases", "0001_tables")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
