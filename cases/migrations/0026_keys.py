"""Words may be sealed anew when keys are rotated; what finds a person again goes when her case is erased."""

from django.db import migrations

from wellbeing.access import rls

TABLES = ("entry", "person", "screeningresult", "screeningbatch", "screeningpart", "campaignstudent")


class Migration(migrations.Migration):
    dependencies = [("cases", "0025_given_access"), ("vault", "0004_rotation")]
    operations = [
        rls.rewrites("cases_case", "cover"),
        *(rls.rewrites(f"cases_{name}", "sealed") for name in TABLES),
        rls.rewrites("cases_call", "caller_index"),
        migrations.RunSQL(
            "GRANT UPDATE (student_index) ON cases_person TO wellbeing_keys",
            "REVOKE UPDATE (student_index) ON cases_person FROM wellbeing_keys",
        ),
    ]
