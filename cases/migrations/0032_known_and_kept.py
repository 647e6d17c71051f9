"""A county reads a person's screening results as it knew her, and a legal hold keeps the files of its case.

An older file stays in its county when the person has moved away with another one. Whoever opens it again there reads
what her own county wrote, and of other counties what had been written before she left: nothing of where she lives now.
In the transaction that moves a file all of them are sealed anew, whoever wrote them.

A hold kept the keys: whoever may withdraw a file could still blank, in SQL, what says its key, and delete its records."""

from django.db import migrations

from wellbeing.access import rls

DESK = f"app_system() OR {rls.desk()}"
BEFORE = f"{DESK} OR app_reads_person(person_id, {rls.MY_DESKS})"
NOW = (
    f"{DESK} OR app_reads_result(person_id, batch_id, at, {rls.MY_DESKS})"
    " OR person_id = ANY ((SELECT app_moving_persons())::uuid[])"
)
READS = """
CREATE FUNCTION app_reads_result(pk uuid, batch uuid, written timestamptz, desks integer[]) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
DECLARE its record; file record; had timestamptz; left_at timestamptz;
BEGIN
  FOR its IN SELECT c.id, c.division_id AS home, p.division_id AS lives FROM public.cases_case c
      JOIN public.cases_person p ON p.id = c.person_id
      WHERE c.person_id = pk AND public.app_reads_case(c.id, desks) LOOP
    IF its.home = its.lives THEN
      RETURN true;
    END IF;
    SELECT b.division_id, b.staged_at INTO file FROM public.cases_screeningbatch b WHERE b.id = batch;
    IF file.division_id = its.home THEN
      RETURN true;
    END IF;
    SELECT max(t.answered_at) INTO had FROM public.cases_transfer t
      JOIN public.cases_case c ON c.id = t.case_id JOIN public.people_desk d ON d.group_id = t.to_desk_id
      JOIN public.people_organisation o ON o.id = d.organisation_id
      WHERE c.person_id = pk AND t.moved_in IS NOT NULL AND o.division_id = its.home;
    SELECT min(t.answered_at) INTO left_at FROM public.cases_transfer t
      JOIN public.cases_case c ON c.id = t.case_id JOIN public.people_desk d ON d.group_id = t.to_desk_id
      JOIN public.people_organisation o ON o.id = d.organisation_id
      WHERE c.person_id = pk AND t.moved_in IS NOT NULL AND o.division_id <> its.home
        AND t.answered_at > COALESCE(had, '-infinity');
    IF written <= left_at AND file.staged_at <= left_at THEN
      RETURN true;
    END IF;
  END LOOP;
  RETURN false;
END $$;
"""
KEPT = """
CREATE FUNCTION app_keep_held_file() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
  IF EXISTS (SELECT 1 FROM public.cases_legalhold h WHERE h.case_id = OLD.case_id AND h.lifted_at IS NULL
      AND h.until > public.app_now()) THEN
    RAISE EXCEPTION 'a legal hold keeps this file' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keep_held BEFORE UPDATE OF withdrawn_at ON cases_attachment FOR EACH ROW
  WHEN (OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL) EXECUTE FUNCTION app_keep_held_file();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0031_sheets_of_their_desk")]
    operations = [
        rls.gate(
            READS,
            "app_reads_result(uuid, uuid, timestamptz, integer[])",
            reads=("cases_screeningbatch",),
        ),
        migrations.RunSQL(
            f"ALTER POLICY app_select ON cases_screeningresult USING ({NOW})",
            f"ALTER POLICY app_select ON cases_screeningresult USING ({BEFORE})",
        ),
        rls.gate(KEPT, "app_keep_held_file()"),
        migrations.RunSQL(migrations.RunSQL.noop, "DROP TRIGGER keep_held ON cases_attachment"),
    ]
