"""The second wall around every table that belongs to a case or a person, and around their keys and trails.

A grant that shows the cover shows no word: entries and attachments are reached by whoever may read the case, and a desk
that is asked to take a file over reaches the one entry that asks. The only hole in the wall around words: in the
transaction that moves a file, its envelopes may be written anew by the desk that was asked. The words stay what they
were; no other column of theirs can change.
"""

from django.db import migrations

from wellbeing.access import rls

SEES, WORKS = rls.sees("case", "case_id"), rls.works("case", "case_id")
READS = rls.reads("case", "case_id")
MACHINE = "app_system() OR "
ITS_FILE = "EXISTS (SELECT 1 FROM cases_attachment a WHERE a.id = attachment_id)"
# Sub-selects: asked once per statement, not once per row.
MOVING_CASES = "ANY ((SELECT app_moving_cases())::uuid[])"
MOVING_PERSONS = "ANY ((SELECT app_moving_persons())::uuid[])"
# The insert of a policy is its maker's own, at an administrator's desk at the bureau, today.
ADMINISTRATOR = (
    "made_by_id = app_user() AND NOT app_system() AND EXISTS (SELECT 1 FROM people_desk d"
    " JOIN people_organisation o ON o.id = d.organisation_id"
    f" WHERE d.role = 'education_admin' AND o.kind = 'bureau' AND d.group_id = ANY ({rls.MY_DESKS}))"
)

# The sub-queries pass the walls of cases_case and cases_transfer themselves: a person is seen through any case of hers
# that is seen.
FUNCTIONS = """
CREATE FUNCTION app_sees_person(pk uuid) RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT EXISTS (SELECT 1 FROM cases_case c WHERE c.person_id = pk) $$;

CREATE FUNCTION app_reads_person(pk uuid, desks integer[]) RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT EXISTS (SELECT 1 FROM cases_case c WHERE c.person_id = pk AND app_reads_case(c.id, desks)) $$;

CREATE FUNCTION app_answers_case(pk uuid, desks integer[]) RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT EXISTS (SELECT 1 FROM cases_transfer t WHERE t.case_id = pk AND t.state = 'asked'
                  AND t.to_desk_id = ANY (desks)) $$;

CREATE FUNCTION app_asked_entry(pk uuid, desks integer[]) RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT EXISTS (SELECT 1 FROM cases_transfer t WHERE t.entry_id = pk AND t.state = 'asked'
                  AND t.to_desk_id = ANY (desks)) $$;

CREATE FUNCTION app_moving_cases() RETURNS uuid[] LANGUAGE sql STABLE AS
$$ SELECT ARRAY(SELECT t.case_id FROM cases_transfer t WHERE t.moved_in = txid_current()) $$;

CREATE FUNCTION app_moving_persons() RETURNS uuid[] LANGUAGE sql STABLE AS
$$ SELECT ARRAY(SELECT c.person_id FROM cases_case c WHERE c.id = ANY (app_moving_cases())) $$;
"""

# The desk that was asked locks the case before it holds it; what it may then write is said by the other policies.
LOCK = f"""
CREATE POLICY asked_lock ON cases_case FOR UPDATE TO wellbeing_app
  USING (app_answers_case(id, {rls.MY_DESKS})) WITH CHECK ({rls.works("case", "id")});
"""

# Of an accepted transfer nothing can be changed again, so a file moves once per question and two different people.
ANSWER = f"""
CREATE POLICY app_update ON cases_transfer FOR UPDATE TO wellbeing_app
  USING (state = 'asked' AND {rls.desk("to_desk_id")} AND asked_by_id <> app_user())
  WITH CHECK ({rls.desk("to_desk_id")} AND answered_by_id = app_user()
              AND (moved_in IS NULL OR moved_in = txid_current()));
"""

# A leave leaves a school's desk in the transaction that moves its file and in no other; from the county, where it then
# waits, it goes on to the new school.
LEAVE = """
CREATE FUNCTION app_leave_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.case_id = ANY (app_moving_cases())
     OR EXISTS (SELECT 1 FROM people_desk d WHERE d.group_id = OLD.desk_id AND d.role = 'county_triage') THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a leave changes its school only with its file' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER stays BEFORE UPDATE OF desk_id ON cases_leave FOR EACH ROW
  WHEN (OLD.desk_id IS DISTINCT FROM NEW.desk_id) EXECUTE FUNCTION app_leave_stays();
"""


def of_case(table: str) -> migrations.RunSQL:
    """Tables of clocks and states: machines keep them too."""
    return rls.protect(table, select=MACHINE + SEES, insert=MACHINE + SEES, update=MACHINE + WORKS)


CASE = [
    rls.sight("case", "cases_caseuserobjectpermission", "cases_casegroupobjectpermission"),
    rls.reading("case", "cases_caseuserobjectpermission", "cases_casegroupobjectpermission"),
    migrations.RunSQL(FUNCTIONS),
    rls.protect(
        "cases_case",
        select=MACHINE + rls.sees("case"),
        insert=MACHINE + rls.sees("case"),
        update=MACHINE + rls.works("case", "id"),
    ),
    migrations.RunSQL(LOCK),
    rls.rewrites("cases_case", "cover"),
    rls.protect(
        "cases_person",
        select=f"{MACHINE}{rls.desk()} OR app_sees_person(id)",
        insert="app_known()",
        update=f"id = {MOVING_PERSONS}",
    ),
    rls.changes("cases_person", "sealed", "division_id", "desk_id", "student_index"),
    # What finds a person again goes when her case is erased.
    rls.rewrites("cases_person", "sealed", "student_index"),
    rls.keys(
        case_select=("select", f"owner_kind = 'case' AND {rls.sees('case', 'owner_id')}"),
        case_delete=("delete", f"owner_kind = 'case' AND {rls.sees('case', 'owner_id')}"),
        person_select=("select", "owner_kind = 'person' AND NOT app_system() AND app_sees_person(owner_id)"),
        person_delete=("delete", "owner_kind = 'person' AND NOT app_system() AND app_sees_person(owner_id)"),
    ),
    migrations.RunSQL(rls.also("audit_event", "select", rls.sees("case", "stream"), name="case_select")),
]

WORDS = [
    # Machines may add an entry, never read one.
    rls.protect(
        "cases_entry",
        select=f"{READS} OR app_asked_entry(id, {rls.MY_DESKS})",
        insert=MACHINE + SEES,
        update=f"case_id = {MOVING_CASES}",
    ),
    rls.changes("cases_entry", "sealed"),
    rls.rewrites("cases_entry", "sealed"),
    # Sealed files, added by whoever works on the case and never changed; who opened one stands behind the file's wall.
    rls.protect("cases_attachment", select=READS, insert=WORKS),
    rls.protect("cases_attachmentrecord", select=ITS_FILE, insert=ITS_FILE),
    rls.changes("cases_attachment"),
    rls.changes("cases_attachmentrecord"),
    rls.protect("cases_assessment", select=MACHINE + SEES, insert=MACHINE + SEES),
    rls.protect("cases_consentrecord", select=MACHINE + SEES, insert=WORKS),
]

COURSE = [
    of_case("cases_warning"),
    of_case("cases_lowering"),
    of_case("cases_escalation"),
    # A hotline's desk keeps clocks of calls that only the one who took them may see: a clock is seen with its case.
    of_case("cases_deadline"),
    rls.protect("cases_telling", select=MACHINE + SEES, insert=WORKS),
    # Machines may count tries to call back, of which nothing but times and codes stands in clear.
    rls.protect("cases_callback", select=MACHINE + SEES, insert=WORKS),
    rls.protect("cases_mandatoryreport", select=SEES, insert=WORKS, update=WORKS),
    rls.protect("cases_writtenreport", select=SEES, insert=WORKS),
    rls.protect("cases_leave", select=MACHINE + SEES, insert=WORKS, update=WORKS),
    rls.protect("cases_leavestep", select=MACHINE + SEES, insert=WORKS),
    migrations.RunSQL(LEAVE),
    # What goes with a transfer is fixed when it is asked for; only the answer is written afterwards.
    rls.protect(
        "cases_transfer",
        select=f"{MACHINE}{SEES} OR {rls.desk('to_desk_id')} OR {rls.desk('from_desk_id')}",
        insert=f"{WORKS} AND state = 'asked' AND moved_in IS NULL AND asked_by_id = app_user()",
    ),
    migrations.RunSQL(ANSWER),
    rls.changes("cases_transfer", "state", "answered_by_id", "answered_at", "moved_in"),
    rls.protect("cases_stub", select=f"{rls.desk()} OR user_id = app_user()", insert="app_system()"),
    # Machines alone: neither desk learns of the other's file.
    rls.protect("cases_successor", select="app_system()", insert="app_system()"),
]

POLICY = [
    rls.protect("cases_policyversion", select="app_known()", insert=ADMINISTRATOR),
    migrations.RunSQL("REVOKE UPDATE, DELETE, TRUNCATE ON cases_policyversion FROM wellbeing_app"),
]


class Migration(migrations.Migration):
    replaces = [
        ("cases", name)
        for name in (
            "0002_walls",
            "0005_walls_of_telling",
            "0006_policy_change",
            "0012_transfer",
            "0013_attachments",
            "0014_leave",
            "0018_leave_moves",
            "0019_handover",
            "0024_successors",
            "0026_keys",
            "0031_cover_only",
        )
    ]
    dependencies = [("cases", "0002_policy"), ("vault", "0002_walls"), ("audit", "0002_walls")]
    operations = [*CASE, *WORDS, *COURSE, *POLICY]
