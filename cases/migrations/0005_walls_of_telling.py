"""The wall around who was told, call-backs and reports: seen and written with the case; and a clock is seen with its
case alone: a hotline's desk keeps clocks of calls that only the one who took them may see."""

from django.db import migrations

from wellbeing.access import rls

SEES, WORKS = rls.sees("case", "case_id"), rls.works("case", "case_id")


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_warnings_in_full")]
    operations = [
        migrations.RunSQL(
            f"ALTER POLICY app_select ON cases_deadline USING (app_system() OR {SEES})",
            f"ALTER POLICY app_select ON cases_deadline USING (app_system() OR desk_id = ANY ({rls.MY_DESKS}) OR {SEES})",
        ),
        rls.protect("cases_telling", select=f"app_system() OR {SEES}", insert=WORKS),
        rls.protect("cases_callback", select=SEES, insert=WORKS),
        rls.protect("cases_mandatoryreport", select=SEES, insert=WORKS, update=WORKS),
        rls.protect("cases_writtenreport", select=SEES, insert=WORKS),
    ]
