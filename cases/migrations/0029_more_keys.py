"""Reasons of openings, drafts and notes between shifts may be sealed anew when keys are rotated."""

from django.db import migrations

from wellbeing.access import rls


class Migration(migrations.Migration):
    dependencies = [("cases", "0028_paper_sheets")]
    operations = [
        rls.rewrites("cases_breakglass", "reason"),
        rls.rewrites("cases_draft", "sealed"),
        rls.rewrites("cases_shiftnote", "sealed"),
    ]
