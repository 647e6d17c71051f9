"""Who is on duty is known to everybody who is known; a rota is written by those who sit at its desk or may plan it."""

from django.db import migrations

from wellbeing.access import rls

ROTA_DESKS = """
-- The desks of the asker, and for a hotline's supervisor both desks of her hotline (rota/planning.py).
CREATE FUNCTION app_rota_desks() RETURNS integer[] LANGUAGE sql STABLE AS
$$ SELECT ARRAY(
     SELECT unnest(app_desks())
     UNION
     SELECT d.group_id FROM people_desk d JOIN people_desk mine ON mine.organisation_id = d.organisation_id
     WHERE mine.group_id = ANY (app_desks()) AND mine.role = 'hotline_supervisor'
       AND d.role IN ('hotline_counsellor', 'hotline_supervisor')) $$;
"""
MINE = "app_system() OR desk_id = ANY ((SELECT app_rota_desks())::integer[])"
OF_MINE = (
    "app_system() OR EXISTS (SELECT 1 FROM rota_shift s WHERE s.id = shift_id"
    " AND s.desk_id = ANY ((SELECT app_rota_desks())::integer[]))"
)


class Migration(migrations.Migration):
    dependencies = [("rota", "0001_tables"), ("people", "0002_identity")]
    operations = [
        migrations.RunSQL(ROTA_DESKS),
        rls.protect("rota_shift", select="app_known()", insert=MINE, update=MINE, delete=MINE),
        rls.protect("rota_swap", select="app_known()", insert=OF_MINE, update=OF_MINE, delete=OF_MINE),
    ]
