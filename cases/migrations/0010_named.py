"""A case that its asker holds no grant on, and may name: a closed one to open it again, an open one to break the glass.

The row is shown to herself, by no machine: the one whose reference she names (`app.named`, of the transaction), and only
within her reach. These lines say what cases/access.py and cases/glass_access.py ask first."""

from django.db import migrations

from wellbeing.access import rls

NAMED = f"reference = app_named() AND app_within_reach(status, division_id, owner_desk_id, {rls.MY_DESKS})"

FORWARD = f"""
CREATE FUNCTION app_named() RETURNS text LANGUAGE sql STABLE AS
$$ SELECT NULLIF(current_setting('app.named', true), '') $$;

CREATE FUNCTION app_within_reach(status text, division text, owner integer, desks integer[]) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF app_system() OR NOT app_known() THEN RETURN false; END IF;
  IF status = 'closed' THEN RETURN EXISTS (
    SELECT 1 FROM people_desk d WHERE d.group_id = ANY (desks)
      AND d.role IN ('hotline_counsellor', 'school_counsellor', 'county_triage', 'city_duty')
      AND (d.group_id = owner OR d.group_id = COALESCE(
        (SELECT t.group_id FROM people_desk t JOIN people_organisation o ON o.id = t.organisation_id
         WHERE t.role = 'county_triage' AND o.division_id = division ORDER BY t.group_id LIMIT 1),
        (SELECT c.group_id FROM people_desk c WHERE c.role = 'city_duty' ORDER BY c.group_id LIMIT 1))));
  END IF;
  RETURN EXISTS (
    SELECT 1 FROM people_desk d JOIN people_organisation o ON o.id = d.organisation_id WHERE d.group_id = ANY (desks)
      AND (d.role IN ('hotline_counsellor', 'hotline_supervisor', 'city_duty')
           OR (d.role = 'county_triage' AND o.division_id = division)));
END $$;
{rls.also("cases_case", "select", NAMED, name="named_select")};
CREATE POLICY named_lock ON cases_case FOR UPDATE TO wellbeing_app
  USING ({NAMED}) WITH CHECK ({rls.works("case", "id")});
"""
BACKWARD = """
DROP POLICY named_lock ON cases_case;
DROP POLICY named_select ON cases_case;
DROP FUNCTION app_within_reach(text, text, integer, integer[]);
DROP FUNCTION app_named();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0009_two_people"), ("people", "0002_identity")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
