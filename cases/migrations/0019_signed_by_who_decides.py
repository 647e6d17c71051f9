"""What takes two people is signed at the wall by each of them: whoever asks, and then another who confirms.

The constraints of these tables say that the two differ, and not that either was there. Somebody who reached the database
as the application wrote a colleague's asking and her own answer in one statement: a hold on a file and the flag "do not
contact" were lifted, and an erasure stood confirmed, by one person. An export, an answer to a request for records and
the checks on its way are signed in the same manner."""

from django.db import migrations

from wellbeing.access import rls

MY = rls.MY_DESKS
REFUSED = "RAISE EXCEPTION 'each of two people signs for herself' USING ERRCODE = 'insufficient_privilege'"
# Of each table the columns that are signed, and when a change of them stands.
ASKS = "OLD.asked_by_id IS NULL AND NEW.asked_by_id = app_user() AND NEW.asked_at IS NOT NULL"
STILL = "(NEW.asked_by_id, NEW.asked_at) = (OLD.asked_by_id, OLD.asked_at) AND OLD.asked_by_id <> app_user()"
LIFTED = (
    "asked_by_id, asked_at, lifted_by_id, lifted_at",
    "OLD.lifted_at IS NULL AND ("
    f" ({ASKS} AND NEW.lifted_by_id IS NULL AND NEW.lifted_at IS NULL)"
    f" OR ({STILL} AND NEW.lifted_by_id = app_user() AND NEW.lifted_at IS NOT NULL)"
    " OR (OLD.asked_by_id <> app_user() AND NEW.asked_by_id IS NULL AND NEW.asked_at IS NULL"
    " AND NEW.lifted_by_id IS NULL AND NEW.lifted_at IS NULL))",
)
SIGNED = {
    "contactstop": LIFTED,
    "legalhold": LIFTED,
    "erasure": (
        "asked_by_id, asked_desk_id, asked_at, confirmed_by_id, confirmed_desk_id, confirmed_at, erased_at",
        "(app_system() OR NEW.erased_at IS NOT DISTINCT FROM OLD.erased_at) AND ("
        "(NEW.asked_by_id, NEW.asked_desk_id, NEW.asked_at, NEW.confirmed_by_id, NEW.confirmed_desk_id, NEW.confirmed_at)"
        " IS NOT DISTINCT FROM"
        " (OLD.asked_by_id, OLD.asked_desk_id, OLD.asked_at, OLD.confirmed_by_id, OLD.confirmed_desk_id, OLD.confirmed_at)"
        f" OR ({ASKS} AND NEW.asked_desk_id = ANY ({MY}) AND {rls.sits('county_triage', 'city_duty')}"
        " AND NEW.confirmed_by_id IS NULL AND NEW.confirmed_desk_id IS NULL AND NEW.confirmed_at IS NULL)"
        f" OR ({STILL} AND NEW.asked_desk_id = OLD.asked_desk_id AND OLD.asked_desk_id <> ALL ({MY})"
        f" AND OLD.confirmed_at IS NULL AND NEW.confirmed_by_id = app_user() AND NEW.confirmed_desk_id = ANY ({MY})"
        f" AND NEW.confirmed_at IS NOT NULL AND {rls.sits('hotline_supervisor', 'city_duty')}))",
    ),
    "export": (
        "second_id, second_at",
        "OLD.second_at IS NULL AND NEW.second_id = app_user() AND NEW.second_at IS NOT NULL",
    ),
    "recordanswer": (
        "agreed, decided_by_id, decided_desk_id, decided_at",
        f"OLD.agreed IS NULL AND NEW.decided_by_id = app_user() AND NEW.decided_desk_id = ANY ({MY})"
        f" AND OLD.desk_id <> ALL ({MY}) AND NOT EXISTS (SELECT 1 FROM cases_recordrequest r WHERE r.id = OLD.request_id"
        " AND app_user() IN (r.received_by_id, r.checked_by_id))",
    ),
    "recordrequest": (
        "checked_by_id, handed_by_id",
        "(NEW.checked_by_id IS NOT DISTINCT FROM OLD.checked_by_id OR NEW.checked_by_id = app_user())"
        " AND (NEW.handed_by_id IS NOT DISTINCT FROM OLD.handed_by_id OR NEW.handed_by_id = app_user())",
    ),
}


def _signed(table: str, columns: str, stands: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE FUNCTION app_signs_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF {stands} THEN RETURN NEW; END IF; {REFUSED}; END $$;"
        f"CREATE TRIGGER signed BEFORE UPDATE OF {columns} ON cases_{table} FOR EACH ROW"
        f" WHEN (current_user = 'wellbeing_app') EXECUTE FUNCTION app_signs_{table}()",
        f"DROP TRIGGER signed ON cases_{table}; DROP FUNCTION app_signs_{table}()",
    )


class Migration(migrations.Migration):
    dependencies = [("cases", "0018_lowered_by_two")]
    operations = [_signed(table, *signs) for table, signs in SIGNED.items()]
