"""Who confirms or ends a token changes nothing of what was asked for: whose it is, by which post, for what and how long,
and above all not the secret that it is known by."""

from django.db import migrations

from wellbeing.access import rls


class Migration(migrations.Migration):
    dependencies = [("api", "0002_walls")]
    operations = [
        rls.changes(
            "api_apitoken",
            *("state", "decided_by_id", "decided_at", "ended_by_id", "ended_at", "used_at", "due_at"),
        ),
    ]
