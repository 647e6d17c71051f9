"""Words may be sealed anew when keys are rotated."""

from django.db import migrations

from wellbeing.access import rls

TABLES = ("entry", "person", "screeningresult", "screeningbatch", "screeningpart", "campaignstudent")


class Migration(migrations.Migration):
    dependencies = [("cases", "0019_handover"), ("vault", "0004_rotation")]
    operations = [
        rls.rewrites("cases_case", "cover"),
        *(rls.rewrites(f"cases_{name}", "sealed") for name in TABLES),
    ]
