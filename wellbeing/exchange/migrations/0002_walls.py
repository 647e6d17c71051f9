"""Calls of the exchange are for the desks of the hotline they rang at; only the machine that hears the exchange, and
the ticker that forgets numbers, write besides. Which counsellor sits at which seat is seen at the hotline, and kept by
its supervisor."""

from django.db import migrations

from wellbeing.access import rls

ANSWERS = rls.sits("hotline_counsellor", "hotline_supervisor", at="hotline_id")
SUPERVISES = rls.sits("hotline_supervisor", at="hotline_id")
HERS = f"app_system() OR {ANSWERS}"
OF_RING = "owner_kind = 'ring' AND EXISTS (SELECT 1 FROM exchange_ring r WHERE r.id = owner_id)"
# To delete a row one must see it: the machine that forgets sees the key of a number that is blank already.
GONE = (
    "owner_kind = 'ring' AND app_system()"
    " AND EXISTS (SELECT 1 FROM exchange_ring r WHERE r.id = owner_id AND r.number IS NULL)"
)


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_tables"), ("people", "0002_identity"), ("vault", "0002_walls")]
    operations = [
        rls.protect("exchange_ring", select=HERS, insert="app_system()", update=HERS),
        rls.rewrites("exchange_ring", "number"),
        rls.keys(
            ring_select=("select", f"NOT app_system() AND {OF_RING}"),
            ring_gone=("select", GONE),
            ring_delete=("delete", OF_RING),
        ),
        rls.protect(
            "exchange_seat",
            select=HERS,
            insert=f"NOT app_system() AND by_id = app_user() AND {SUPERVISES}",
            update=SUPERVISES,
        ),
        rls.changes("exchange_seat", "until"),
    ]
