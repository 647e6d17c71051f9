"""The first version of the staffing policy: the defaults of the domain, in force since the plan. It is written before its
wall stands (0004), behind which the owner herself adds none."""

import json

from django.db import migrations

from wellbeing.people.staffing_policy import StaffingPolicy


def ship(apps, schema_editor):
    schema_editor.execute(
        "INSERT INTO people_staffingpolicyversion (number, effective_from, body, because)"
        " VALUES (1, '2024-01-01 00:00+08', %s, '')",
        [json.dumps(StaffingPolicy().to_json())],
    )


class Migration(migrations.Migration):
    replaces = [("people", "0006_first_rules")]
    dependencies = [("people", "0002_identity")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
