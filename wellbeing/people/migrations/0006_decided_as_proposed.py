"""Who confirms a post decides on it, and rewrites nothing of what was proposed: for whom, at which desk, until when."""

from django.db import migrations

from wellbeing.access import rls


class Migration(migrations.Migration):
    dependencies = [("people", "0005_posts_by_two")]
    operations = [
        rls.changes("people_appointment", "state", "starts_on", "post_id", "decided_by_id", "decided_at"),
    ]
