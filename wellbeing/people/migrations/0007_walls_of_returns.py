"""Returns and centres are seen by those who write, confirm or answer for them: a school its own, a county those of its
division and of the functional areas that are part of it, the city all. What the city has locked, only the city moves."""

from django.db import migrations

from wellbeing.access import rls

FORWARD = """
ALTER TABLE people_term ADD CONSTRAINT terms_do_not_overlap
  EXCLUDE USING gist (daterange(first_day, last_day, '[]') WITH &&);

CREATE FUNCTION app_return_schools() RETURNS uuid[] LANGUAGE sql STABLE AS
$$ SELECT ARRAY(SELECT d.organisation_id FROM people_desk d
     WHERE d.group_id = ANY (app_desks()) AND d.role IN ('school_counsellor', 'school_crisis_lead')) $$;

CREATE FUNCTION app_return_divisions() RETURNS text[] LANGUAGE sql STABLE AS
$$ SELECT ARRAY(SELECT v.code FROM people_desk d JOIN people_organisation o ON o.id = d.organisation_id
     JOIN people_division v ON o.division_id IN (v.code, v.part_of_id)
     WHERE d.group_id = ANY (app_desks()) AND d.role IN ('county_triage', 'city_duty')) $$;

CREATE FUNCTION app_return_city() RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT EXISTS (SELECT 1 FROM people_desk d WHERE d.group_id = ANY (app_desks()) AND d.role = 'education_admin') $$;

-- Where staff numbers stand in a term besides one return: counts alone, over schools that the asker does not see.
CREATE FUNCTION app_teachers_elsewhere(asked uuid, but uuid[], numbers text[])
  RETURNS TABLE (number text, schools integer, full_time integer, fte numeric)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT t.number::text, count(*)::integer, (count(*) FILTER (WHERE t.full_time))::integer, sum(t.fte)
   FROM people_returnedteacher t JOIN people_staffingreturn r ON r.id = t.staffing_return_id
   WHERE app_known() AND r.term_id = asked AND r.state <> 'lapsed' AND NOT r.id = ANY (but)
     AND t.number = ANY (numbers) GROUP BY t.number $$;
GRANT SELECT ON people_staffingreturn, people_returnedteacher TO wellbeing_gate;
GRANT CREATE ON SCHEMA public TO wellbeing_gate;
ALTER FUNCTION app_teachers_elsewhere(uuid, uuid[], text[]) OWNER TO wellbeing_gate;
REVOKE CREATE ON SCHEMA public FROM wellbeing_gate;
"""
BACKWARD = """
DROP FUNCTION app_teachers_elsewhere(uuid, uuid[], text[]);
REVOKE SELECT ON people_staffingreturn, people_returnedteacher FROM wellbeing_gate;
DROP FUNCTION app_return_city();
DROP FUNCTION app_return_divisions();
DROP FUNCTION app_return_schools();
ALTER TABLE people_term DROP CONSTRAINT terms_do_not_overlap;
"""
# Sub-selects are evaluated once per query, not once per row.
CITY = "app_system() OR (SELECT app_return_city())"
SCHOOL = "school_id = ANY ((SELECT app_return_schools())::uuid[])"
COUNTY = "division_id = ANY ((SELECT app_return_divisions())::text[])"
OPEN = "state NOT IN ('locked', 'lapsed')"
# The returns that the asker sees; the lines may change only while the school fills it in, or the city imports a roster.
SEEN = "{fk} IN (SELECT id FROM {table})"
FILLED = (
    "staffing_return_id IN (SELECT r.id FROM people_staffingreturn r WHERE r.state IN ('draft', 'returned')"
    " AND (app_system() OR (SELECT app_return_city()) OR r.school_id = ANY ((SELECT app_return_schools())::uuid[])))"
)
CENTRE_SEEN = SEEN.format(fk="centre_id", table="people_standardcentre")


def gate(*tables: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        ";\n".join(f"CREATE POLICY gate ON {table} FOR SELECT TO wellbeing_gate USING (true)" for table in tables),
        ";\n".join(f"DROP POLICY gate ON {table}" for table in tables),
    )


class Migration(migrations.Migration):
    dependencies = [("people", "0006_first_rules"), ("access", "0002_walls")]
    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        rls.protect("people_term", select="app_known()", insert=CITY, update=CITY),
        rls.protect("people_staffingpolicyversion", select="app_known()", insert=CITY),
        rls.protect(
            "people_staffingreturn",
            select=f"{CITY} OR {SCHOOL} OR {COUNTY}",
            insert=CITY,
            update=f"{CITY} OR ({OPEN} AND ({SCHOOL} OR {COUNTY}))",
        ),
        rls.protect(
            "people_returnedteacher",
            select=SEEN.format(fk="staffing_return_id", table="people_staffingreturn"),
            insert=FILLED,
            update=FILLED,
            delete=FILLED,
        ),
        rls.protect(
            "people_standardcentre",
            select=f"{CITY} OR {COUNTY}",
            insert=f"{CITY} OR {COUNTY}",
            update=f"{CITY} OR {COUNTY}",
        ),
        rls.protect(
            "people_centreline", select=CENTRE_SEEN, insert=CENTRE_SEEN, update=CENTRE_SEEN, delete=CENTRE_SEEN
        ),
        gate("people_staffingreturn", "people_returnedteacher"),
    ]
