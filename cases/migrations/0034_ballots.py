"""The ballot box: slips that nobody reads but one machine, and only when their month is over.

Whoever takes calls puts slips into the box of the running month and, for three days (cases/ballots.py), of the one
before. An hour after that the machine `ballots` finds them: no transaction of a slip is open so long. A machine is
known to the wall by its name, because every other one has no business here.
"""

import uuid

from django.db import migrations, models
from django.db.models import Q

from wellbeing.access import rls

COUNTS = "app_system() AND current_setting('app.machine', true) = 'system:ballots'"
TAKES_CALLS = (
    "NOT app_system() AND EXISTS (SELECT 1 FROM people_desk d"
    f" WHERE d.role IN ('hotline_counsellor', 'hotline_supervisor') AND d.group_id = ANY ({rls.MY_DESKS}))"
)
OLDEST_OPEN, RUNNING, FIRST_OPEN = (f"app_month_ago('{span}')" for span in ("3 days", "0 days", "3 days 1 hour"))
TAKES = f"month BETWEEN {OLDEST_OPEN} AND {RUNNING}"
CLOSED = f"month < {FIRST_OPEN}"
KEY_TAKES = f"owner_kind = 'ballots' AND owner_id BETWEEN app_box({OLDEST_OPEN}) AND app_box({RUNNING})"
KEY_CLOSED = f"owner_kind = 'ballots' AND owner_id < app_box({FIRST_OPEN})"
KEYS = {
    "ballots_put": ("select", f"{KEY_TAKES} AND {TAKES_CALLS}"),
    "ballots_open": ("select", f"{KEY_CLOSED} AND {COUNTS}"),
    "ballots_end": ("delete", f"{KEY_CLOSED} AND {COUNTS}"),
}
FUNCTIONS = """
-- The month in which the city's clock was so long ago, as its first day.
CREATE FUNCTION app_month_ago(span interval) RETURNS date LANGUAGE sql STABLE AS
$$ SELECT date_trunc('month', (app_now() AT TIME ZONE 'Asia/Shanghai') - span)::date $$;
-- The owner of a box's key: its month, written as an id; later months are greater (cases/ballots.py).
CREATE FUNCTION app_box(month date) RETURNS uuid LANGUAGE sql STABLE AS
$$ SELECT lpad(to_char(month, 'YYYYMM'), 32, '0')::uuid $$;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0033_records_and_retention")]
    operations = [
        migrations.CreateModel(
            name="Ballot",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("month", models.DateField()),
                ("city", models.CharField(max_length=6)),
                ("sealed", models.BinaryField()),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=Q(month__day=1), name="ballot_of_a_month")],
                "indexes": [models.Index(fields=["month"], name="ballots_of_month")],
            },
        ),
        migrations.RunSQL(FUNCTIONS, "DROP FUNCTION app_box(date); DROP FUNCTION app_month_ago(interval)"),
        rls.protect(
            "cases_ballot",
            select=f"{COUNTS} AND {CLOSED}",
            insert=f"{TAKES_CALLS} AND {TAKES}",
            delete=f"{COUNTS} AND {CLOSED}",
        ),
        migrations.RunSQL("REVOKE UPDATE ON cases_ballot FROM wellbeing_app", ""),
        rls.rewrites("cases_ballot", "sealed"),
        migrations.RunSQL(
            [rls.also("vault.vault_datakey", verb, asked, name=name) for name, (verb, asked) in KEYS.items()],
            [f"DROP POLICY {name} ON vault.vault_datakey" for name in KEYS],
        ),
    ]
