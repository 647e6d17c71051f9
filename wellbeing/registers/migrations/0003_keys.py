"""Lines of incidents may be sealed anew when keys are rotated."""

from django.db import migrations

from wellbeing.access import rls


class Migration(migrations.Migration):
    dependencies = [("registers", "0002_walls"), ("vault", "0004_rotation")]
    operations = [
        rls.rewrites("registers_incidentline", "sealed"),
        migrations.RunSQL(
            rls.also("registers_incident", "select", "true", name="keys_select", role="wellbeing_keys"),
            "DROP POLICY keys_select ON registers_incident",
        ),
    ]
