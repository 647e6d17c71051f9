"""Whoever is told that an opening was found not justified, or unclear, sees which one it was, and why it was made."""

from django.db import migrations

from wellbeing.access import rls

DOUBTED = f"verdict IN ('not', 'unclear') AND {rls.sits('security_admin')}"


class Migration(migrations.Migration):
    dependencies = [("cases", "0032_known_and_kept")]
    operations = [
        migrations.RunSQL(
            rls.also("cases_breakglass", "select", DOUBTED, name="doubted"), "DROP POLICY doubted ON cases_breakglass"
        )
    ]
