"""The wall around prepared figures: what was counted is for machines alone; what is published is read by education
administrators, written once, and never changed or taken back."""

from django.db import migrations

from wellbeing.access import rls

ADMINISTRATOR = rls.sits("education_admin")


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_tables"), ("people", "0002_identity")]
    operations = [
        *(
            rls.protect(f"reports_{table}", select="app_system()", insert="app_system()", update="app_system()")
            for table in ("figureday", "dayfigure")
        ),
        rls.protect("reports_monthfigure", select=f"app_system() OR {ADMINISTRATOR}", insert="app_system()"),
    ]
