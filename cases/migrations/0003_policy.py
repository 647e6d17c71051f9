"""The first version of the policy: the defaults of DOMAIN.md, effective from the beginning."""

from datetime import UTC, datetime

from django.db import migrations

from cases.policy import Policy


def ship(apps, schema_editor):
    version = apps.get_model("cases", "PolicyVersion")
    version.objects.create(effective_from=datetime(2024, 1, 1, tzinfo=UTC), body=Policy().to_json())


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_walls")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
