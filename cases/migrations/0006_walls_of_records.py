"""The walls of what leaves the house and of what ends: openings of the glass, exports, requests for records and their
answers, the flag "do not contact", erasures, and the holds that keep a case."""

from django.db import migrations

from wellbeing.access import rls

SEES, WORKS = rls.sees("case", "case_id"), rls.works("case", "case_id")
SECOND = rls.sits("hotline_supervisor", "city_duty")
PERSON = "app_known() AND NOT app_system()"

# Whoever opened, the two desks that review it, and once it is late those it went up to.
REVIEWS = (
    f"{rls.desk('first_desk_id')} OR {rls.desk('second_desk_id')}"
    f" OR (level > 0 AND {rls.sits('education_admin', 'security_admin')})"
)
GLASS = [
    rls.protect(
        "cases_breakglass",
        select=f"app_system() OR by_id = app_user() OR {REVIEWS}",
        insert="by_id = app_user() AND NOT app_system() AND reviewed_at IS NULL",
        update=f"app_system() OR (by_id <> app_user() AND ({REVIEWS}))",
    ),
    rls.rewrites("cases_breakglass", "reason"),
    rls.keys(
        glass_select=(
            "select",
            "owner_kind = 'glass' AND NOT app_system()"
            " AND EXISTS (SELECT 1 FROM cases_breakglass g WHERE g.id = owner_id)",
        )
    ),
]

# Each export is a file under a key of its own, for one receiver. She finds the key while the time runs, nothing was
# fetched and, above fifty rows, a second person has confirmed (cases/models/export.py). Once the row is blank, she and
# the machine that ends exports may destroy it.
MINE = "receiver_id = app_user()"
NEAR = f"({rls.desk()} OR {rls.desk('above_id')})"
CONFIRMS = f"(by_id <> app_user() AND NOT {MINE} AND row_count > 50 AND {NEAR})"
READY = "(row_count <= 50 OR second_at IS NOT NULL)"
OPENS = (
    "owner_kind = 'export' AND NOT app_system() AND EXISTS (SELECT 1 FROM cases_export e WHERE e.id = owner_id"
    " AND e.receiver_id = app_user() AND e.fetched_at IS NULL AND e.until > app_now()"
    " AND (e.row_count <= 50 OR e.second_at IS NOT NULL))"
)
GONE = (
    "owner_kind = 'export' AND EXISTS (SELECT 1 FROM cases_export e WHERE e.id = owner_id AND e.sealed IS NULL"
    " AND (app_system() OR e.receiver_id = app_user()))"
)
EXPORTS = [
    # The receiver touches it only once it is ready, so she never confirms it herself.
    rls.protect(
        "cases_export",
        select=f"app_system() OR by_id = app_user() OR {MINE} OR {NEAR}",
        insert=f"NOT app_system() AND by_id = app_user() AND second_at IS NULL AND {rls.desk()}",
        update=f"app_system() OR ({MINE} AND {READY}) OR {CONFIRMS}",
    ),
    rls.changes("cases_export", "second_id", "second_at", "fetched_at", "sealed"),
    rls.rewrites("cases_export", "sealed"),
    rls.keys(export_select=("select", OPENS), export_gone=("select", GONE), export_delete=("delete", GONE)),
]

# A request is seen by the desk that received it, the one that examines it, and the desks of the second person. An answer
# is seen by the examining desk and the second person; by the desk that hands it out only once it is agreed and gives
# something, so that nobody there learns whether "nothing" means no file. Whoever proposed decides nothing.
PARTY = f"app_system() OR {rls.desk('received_desk_id')} OR {rls.desk()} OR {SECOND}"
HANDS_OUT = (
    "agreed AND gives AND EXISTS (SELECT 1 FROM cases_recordrequest r WHERE r.id = request_id"
    f" AND {rls.desk('r.received_desk_id')})"
)
OF_REQUEST = (
    "owner_kind = 'request' AND NOT app_system() AND EXISTS (SELECT 1 FROM cases_recordrequest r WHERE r.id = owner_id)"
)
OF_ANSWER = (
    "owner_kind = 'release' AND NOT app_system()"
    " AND EXISTS (SELECT 1 FROM cases_recordanswer a WHERE a.id = owner_id{})"
)
RECORDS = [
    rls.protect(
        "cases_recordrequest",
        select=PARTY,
        insert=f"{PERSON} AND received_by_id = app_user() AND {rls.desk('received_desk_id')}",
        update=PARTY,
    ),
    rls.changes(
        "cases_recordrequest",
        *("checked", "checked_by_id", "checked_at", "state", "level", "gives", "handed", "handed_by_id", "handed_at"),
    ),
    rls.rewrites("cases_recordrequest", "sealed"),
    rls.protect(
        "cases_recordanswer",
        select=f"{rls.desk()} OR {SECOND} OR ({HANDS_OUT})",
        insert=f"{PERSON} AND proposed_by_id = app_user() AND {rls.desk()} AND agreed IS NULL"
        f" AND (case_id IS NULL OR {SEES})",
        update=f"proposed_by_id <> app_user() AND {SECOND}",
    ),
    rls.changes("cases_recordanswer", "agreed", "decided_by_id", "decided_desk_id", "decided_at", "note"),
    rls.rewrites("cases_recordanswer", "sealed", "note"),
    rls.keys(
        request_select=("select", OF_REQUEST),
        release_select=("select", OF_ANSWER.format("")),
        release_delete=("delete", OF_ANSWER.format(" AND a.agreed IS FALSE")),
    ),
    rls.protect(
        "cases_contactstop",
        select=f"app_system() OR {SEES}",
        insert=f"app_system() OR ({WORKS} AND set_by_id = app_user())",
        update=WORKS,
    ),
    rls.changes("cases_contactstop", "asked_by_id", "asked_at", "lifted_by_id", "lifted_at"),
]

REACH = f"{rls.desk()} OR {SECOND}"
# Whoever deletes it, by whatever way: a key that still opens something of a held case stays. One that a rotation has
# replaced opens nothing. It runs as wellbeing_gate, because the deleter need not see the hold.
HELD = """
CREATE FUNCTION app_keep_held() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
    IF OLD.replaced_at IS NULL AND OLD.owner_kind IN ('case', 'person') AND EXISTS (
        SELECT 1 FROM public.cases_legalhold h JOIN public.cases_case c ON c.id = h.case_id
        WHERE h.lifted_at IS NULL AND h.until > public.app_now()
        AND OLD.owner_id = CASE OLD.owner_kind WHEN 'case' THEN c.id ELSE c.person_id END)
    THEN RAISE EXCEPTION 'a legal hold keeps this key' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER keep_held BEFORE DELETE ON vault.vault_datakey FOR EACH ROW EXECUTE FUNCTION app_keep_held();
"""
RETENTION = [
    rls.protect(
        "cases_erasure",
        select=f"app_system() OR {REACH}",
        insert="app_system()",
        update=f"app_system() OR {REACH}",
        delete="app_system() AND erased_at IS NULL",
    ),
    rls.changes(
        "cases_erasure",
        *("asked_by_id", "asked_desk_id", "asked_at", "confirmed_by_id", "confirmed_desk_id", "confirmed_at"),
        "erased_at",
    ),
    rls.protect(
        "cases_legalhold",
        select=f"app_system() OR {REACH}",
        insert=f"{PERSON} AND set_by_id = app_user()",
        update=REACH,
    ),
    rls.changes("cases_legalhold", "asked_by_id", "asked_at", "lifted_by_id", "lifted_at"),
    rls.gate(HELD, "app_keep_held()", reads=("cases_legalhold",)),
]


class Migration(migrations.Migration):
    replaces = [("cases", name) for name in ("0020_break_glass", "0033_records_and_retention", "0035_exports")]
    dependencies = [("cases", "0005_walls_of_calls")]
    operations = [*GLASS, *EXPORTS, *RECORDS, *RETENTION]
