"""An attachment has its words and its key under a data key of its own, so that one that was added to the wrong case can
be withdrawn for good: by whoever works on the case, under her own name, once, and never written anew."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from wellbeing.access import rls

WORKS = rls.works("case", "case_id")
MOVING = "case_id = ANY ((SELECT app_moving_cases())::uuid[])"
# Nobody withdraws in another's name, and what is withdrawn says nothing any more. A file that moves is sealed anew.
CHANGES = f"""
CREATE POLICY withdrawn ON cases_attachment FOR UPDATE TO wellbeing_app
  USING ({WORKS} AND withdrawn_at IS NULL)
  WITH CHECK (withdrawn_at IS NOT NULL AND withdrawn_by_id = app_user() AND sealed IS NULL);
CREATE POLICY moved ON cases_attachment FOR UPDATE TO wellbeing_app
  USING ({MOVING} AND withdrawn_at IS NULL) WITH CHECK ({MOVING} AND withdrawn_at IS NULL);
CREATE POLICY withdrawn ON cases_attachmentrecord FOR DELETE TO wellbeing_app
  USING (EXISTS (SELECT 1 FROM cases_attachment a WHERE a.id = attachment_id AND a.withdrawn_at IS NOT NULL));
"""
NO_CHANGES = """
DROP POLICY withdrawn ON cases_attachmentrecord;
DROP POLICY moved ON cases_attachment;
DROP POLICY withdrawn ON cases_attachment;
"""

# The key follows the entry, which is shown by its section's right or to the desk that wrote it.
ITS_ENTRY = (
    "owner_kind = 'file' AND NOT app_system() AND EXISTS (SELECT 1 FROM cases_attachment a"
    " JOIN cases_entry e ON e.id = a.entry_id WHERE a.id = owner_id)"
)
ENDS = (
    "owner_kind = 'file' AND NOT app_system() AND EXISTS (SELECT 1 FROM cases_attachment a WHERE a.id = owner_id"
    f" AND (a.withdrawn_at IS NOT NULL OR a.{MOVING}))"
)

# As it was, and the keys of a held case's files.
KEPT = """
CREATE OR REPLACE FUNCTION app_keep_held() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
    IF OLD.replaced_at IS NULL AND OLD.owner_kind IN ('case', 'person', 'file') AND EXISTS (
        SELECT 1 FROM public.cases_legalhold h JOIN public.cases_case c ON c.id = h.case_id
        WHERE h.lifted_at IS NULL AND h.until > public.app_now()
        AND CASE OLD.owner_kind WHEN 'case' THEN OLD.owner_id = c.id WHEN 'person' THEN OLD.owner_id = c.person_id
            ELSE OLD.owner_id IN (SELECT a.id FROM public.cases_attachment a WHERE a.case_id = c.id) END)
    THEN RAISE EXCEPTION 'a legal hold keeps this key' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0027_sealed_grants"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.AddField("attachment", "sealed", models.BinaryField(null=True)),
        migrations.AddField("attachment", "withdrawn_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "attachment",
            "withdrawn_by",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        rls.changes("cases_attachment", "sealed", "withdrawn_at", "withdrawn_by_id"),
        migrations.RunSQL(CHANGES, NO_CHANGES),
        rls.rewrites("cases_attachment", "sealed"),
        rls.signed("cases_attachment", later=("withdrawn_by_id",)),
        rls.keys(file_select=("select", ITS_ENTRY), file_ended=("select", ENDS), file_delete=("delete", ENDS)),
        rls.gate(KEPT, reads=("cases_attachment",)),
    ]
