from django.db import migrations

FORWARD = """
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
BACKWARD = """
DROP TRIGGER stays ON cases_leave;
DROP FUNCTION app_leave_stays();
"""


class Migration(migrations.Migration):
    """A leave leaves a school's desk in the transaction that moves its file and in no other; from the county, where it
    then waits, it goes on to the new school."""

    dependencies = [("cases", "0017_campaigns")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
