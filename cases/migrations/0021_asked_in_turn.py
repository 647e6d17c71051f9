"""A list asks the grants of each of its rows, and most are desks': asked one after the other, desks first, half as long.
Whoever names nothing names no case: a condition on an unknown list was itself unknown, so that what stands behind it was
asked for each row as well."""

from django.db import migrations

from wellbeing.access import rls

GRANTS = ("cases_caseuserobjectpermission", "cases_casegroupobjectpermission")
NAMES = """
CREATE OR REPLACE FUNCTION app_names() RETURNS text[] LANGUAGE sql STABLE AS
$$ SELECT string_to_array(COALESCE(current_setting('app.named', true), ''), ',') $$
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0020_mappings_of_their_schools"), ("people", "0009_desks_planned_once")]
    operations = [rls.asked_anew("case", *GRANTS, "sees", "works", "reads"), migrations.RunSQL(NAMES, "")]
