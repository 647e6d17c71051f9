"""A restored copy is on hold. Everybody may see that, a machine may note what the check found and take it away; nobody
on this side puts one there: the restore does, as the owner, before the walls stand."""

from django.db import migrations, models

FORWARD = """
ALTER TABLE outbox_hold ENABLE ROW LEVEL SECURITY;
ALTER TABLE outbox_hold FORCE ROW LEVEL SECURITY;
CREATE POLICY app_select ON outbox_hold FOR SELECT TO wellbeing_app USING (true);
CREATE POLICY app_update ON outbox_hold FOR UPDATE TO wellbeing_app USING (app_system()) WITH CHECK (app_system());
CREATE POLICY app_delete ON outbox_hold FOR DELETE TO wellbeing_app USING (app_system());
"""

BACKWARD = """
DROP POLICY app_delete ON outbox_hold;
DROP POLICY app_update ON outbox_hold;
DROP POLICY app_select ON outbox_hold;
ALTER TABLE outbox_hold NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("outbox", "0003_channel_state"), ("people", "0002_identity")]

    operations = [
        migrations.CreateModel(
            name="Hold",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("since", models.DateTimeField()),
                ("manifests", models.JSONField()),
                ("ended", models.PositiveIntegerField(default=0)),
                ("checked_at", models.DateTimeField(null=True)),
            ],
            options={"constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="one_hold_at_most")]},
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
