"""The policies on the vault's keys ask by a function each, also those that were made or changed without rls.keys."""

from django.db import migrations

from wellbeing.access.rls import KEYS_BY_FUNCTION


class Migration(migrations.Migration):
    dependencies = [("cases", "0016_earlier"), ("vault", "0002_walls")]
    operations = [migrations.RunSQL(KEYS_BY_FUNCTION, migrations.RunSQL.noop)]
