"""The walls of the registers: a school's crisis lead sees the school's incidents, a county its division's, the city's
centre and the bureau all that their division covers; machines count covers and read no word."""

from django.db import migrations

from wellbeing.access import rls

DIVISIONS = """
CREATE FUNCTION app_incident_schools() RETURNS uuid[] LANGUAGE sql STABLE AS
$$ SELECT ARRAY(SELECT d.organisation_id FROM people_desk d
     WHERE d.group_id = ANY (app_desks()) AND d.role = 'school_crisis_lead') $$;

CREATE FUNCTION app_incident_counties() RETURNS text[] LANGUAGE sql STABLE AS
$$ SELECT ARRAY(SELECT v.code FROM people_desk d JOIN people_organisation o ON o.id = d.organisation_id
     JOIN people_division v ON o.division_id IN (v.code, v.part_of_id)
     WHERE d.group_id = ANY (app_desks()) AND d.role = 'county_triage') $$;

-- What the city's own organisations cover is the whole city.
CREATE FUNCTION app_incident_divisions() RETURNS text[] LANGUAGE sql STABLE AS
$$ SELECT ARRAY(SELECT v.code FROM people_desk d JOIN people_organisation o ON o.id = d.organisation_id
     JOIN people_division v ON o.division_id = '330900' OR o.division_id IN (v.code, v.part_of_id)
     WHERE d.group_id = ANY (app_desks()) AND d.role IN ('city_duty', 'education_admin')) $$;
"""
WRITES = (
    "school_id = ANY ((SELECT app_incident_schools())::uuid[])"
    " OR division_id = ANY ((SELECT app_incident_counties())::text[])"
)
SEES = f"{WRITES} OR division_id = ANY ((SELECT app_incident_divisions())::text[])"
# The incident's own wall is passed by the sub-query.
SEEN = "NOT app_system() AND EXISTS (SELECT 1 FROM registers_incident i WHERE i.id = {})"
WRITTEN = (
    "EXISTS (SELECT 1 FROM registers_incident i WHERE i.id = incident_id AND i.state <> 'closed'"
    " AND (i.school_id = ANY ((SELECT app_incident_schools())::uuid[])"
    " OR i.division_id = ANY ((SELECT app_incident_counties())::text[])))"
)
MINE = rls.sits("city_duty", at="registers_activity.organisation_id")
READS = f"app_system() OR {rls.sits('city_duty', 'education_admin')}"


class Migration(migrations.Migration):
    dependencies = [("registers", "0001_tables"), ("people", "0002_identity"), ("vault", "0002_walls")]
    operations = [
        migrations.RunSQL(DIVISIONS),
        rls.protect("registers_activity", select=READS, insert=MINE, update=MINE),
        rls.protect("registers_incident", select=f"app_system() OR {SEES}", insert=WRITES, update=WRITES),
        migrations.RunSQL(
            rls.also("registers_incident", "select", "true", name="keys_select", role="wellbeing_keys"),
            "DROP POLICY keys_select ON registers_incident",
        ),
        rls.protect("registers_incidentline", select=SEEN.format("incident_id"), insert=WRITTEN),
        rls.rewrites("registers_incidentline", "sealed"),
        rls.keys(incident_select=("select", f"owner_kind = 'incident' AND {SEEN.format('owner_id')}")),
    ]
