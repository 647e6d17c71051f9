"""A grant that shows the cover shows no word, also at the database: entries, results and attachments of a case are reached
by whoever may read it, and a desk that is asked to take a file over reaches the one entry that asks."""

from django.db import migrations

from wellbeing.access import rls

READS = rls.reads("case", "case_id")
ASKED = f"app_asked_entry(id, {rls.MY_DESKS})"
RESULT = f"app_system() OR desk_id = ANY ({rls.MY_DESKS}) OR app_reads_person(person_id, {rls.MY_DESKS})"

SEES = rls.sees("case", "case_id")
RESULT_BEFORE = f"app_system() OR desk_id = ANY ({rls.MY_DESKS}) OR app_sees_person(person_id)"

# The sub-queries pass the walls of cases_transfer and cases_case themselves.
FORWARD = f"""
CREATE FUNCTION app_asked_entry(pk uuid, desks integer[]) RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT EXISTS (SELECT 1 FROM cases_transfer t WHERE t.entry_id = pk AND t.state = 'asked'
                  AND t.to_desk_id = ANY (desks)) $$;
CREATE FUNCTION app_reads_person(pk uuid, desks integer[]) RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT EXISTS (SELECT 1 FROM cases_case c WHERE c.person_id = pk AND app_reads_case(c.id, desks)) $$;
ALTER POLICY app_select ON cases_entry USING ({READS} OR {ASKED});
ALTER POLICY app_select ON cases_attachment USING ({READS});
ALTER POLICY app_select ON cases_screeningresult USING ({RESULT});
"""

BACKWARD = f"""
ALTER POLICY app_select ON cases_screeningresult USING ({RESULT_BEFORE});
ALTER POLICY app_select ON cases_attachment USING ({SEES});
ALTER POLICY app_select ON cases_entry USING ({SEES});
DROP FUNCTION app_reads_person(uuid, integer[]);
DROP FUNCTION app_asked_entry(uuid, integer[]);
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0030_caller_numbers")]
    operations = [
        rls.reading("case", "cases_caseuserobjectpermission", "cases_casegroupobjectpermission"),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
