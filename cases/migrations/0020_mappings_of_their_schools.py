"""Which columns of a file hold the items is kept by who brings files: the school itself, the county and the city. Anybody
who was known could rewrite it by SQL, and a school would have been shown another column where a critical item stands."""

from django.db import migrations

from wellbeing.access import rls

BRINGS = (
    f"app_system() OR {rls.sits('county_triage', 'city_duty')}"
    f" OR ({rls.sits('school_counsellor')} AND (school_id IS NULL OR {rls.sits('school_counsellor', at='school_id')}))"
)
WRITES = """
ALTER POLICY app_insert ON cases_screeningmapping WITH CHECK ({0});
ALTER POLICY app_update ON cases_screeningmapping USING ({0}) WITH CHECK ({0});
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0019_signed_by_who_decides")]
    operations = [migrations.RunSQL(WRITES.format(BRINGS), WRITES.format("app_known()"))]
