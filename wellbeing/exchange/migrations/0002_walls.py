"""Calls of the exchange are for the desks of the hotline they rang at; only the machine that hears the exchange, and
the ticker that forgets numbers, write besides."""

from django.db import migrations

from wellbeing.access import rls

HERS = (
    "app_system() OR EXISTS (SELECT 1 FROM people_desk d WHERE d.organisation_id = hotline_id"
    f" AND d.role IN ('hotline_counsellor', 'hotline_supervisor') AND d.group_id = ANY ({rls.MY_DESKS}))"
)
OF_RING = "owner_kind = 'ring' AND EXISTS (SELECT 1 FROM exchange_ring r WHERE r.id = owner_id)"


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_initial"), ("access", "0002_walls"), ("vault", "0003_kinds")]
    operations = [
        rls.protect("exchange_ring", select=HERS, insert="app_system()", update=HERS),
        migrations.RunSQL(
            [
                rls.also("vault.vault_datakey", "select", f"NOT app_system() AND {OF_RING}", name="ring_select"),
                rls.also("vault.vault_datakey", "delete", OF_RING, name="ring_delete"),
            ],
            [f"DROP POLICY ring_{verb} ON vault.vault_datakey" for verb in ("select", "delete")],
        ),
    ]
