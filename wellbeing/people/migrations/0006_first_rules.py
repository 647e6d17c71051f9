"""The first version of the staffing rules: the defaults of the domain, in force since the plan. In a migration of its own,
as a row that waits for its foreign keys keeps the table from being altered."""

import json

from django.db import migrations

from wellbeing.people.staffing_policy import StaffingPolicy


def insert(apps, schema_editor):
    schema_editor.execute(
        "INSERT INTO people_staffingpolicyversion (number, effective_from, body, because)"
        " VALUES (1, '2024-01-01 00:00+08', %s, '')",
        [json.dumps(StaffingPolicy().to_json())],
    )


class Migration(migrations.Migration):
    dependencies = [("people", "0005_returns_and_centres")]
    operations = [migrations.RunPython(insert, migrations.RunPython.noop)]
