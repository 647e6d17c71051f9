"""A concern that was warned about is merged once its guardian was told; that this was written is no reason to keep it
apart. So what else was written is asked besides several kinds of entries, not one."""

from django.db import migrations


def _function(what: str, besides: str) -> str:
    return f"""
GRANT CREATE ON SCHEMA public TO wellbeing_gate;
CREATE FUNCTION app_written_besides(pk uuid, what {what}, desks integer[]) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$ BEGIN
  RETURN public.app_works_case(pk, desks)
    AND EXISTS (SELECT 1 FROM public.cases_entry e WHERE e.case_id = pk AND e.kind <> {besides});
END $$;
ALTER FUNCTION app_written_besides(uuid, {what}, integer[]) OWNER TO wellbeing_gate;
REVOKE CREATE ON SCHEMA public FROM wellbeing_gate;
"""


FORWARD = "DROP FUNCTION app_written_besides(uuid, text, integer[]);" + _function("text[]", "ALL (what)")
BACKWARD = "DROP FUNCTION app_written_besides(uuid, text[], integer[]);" + _function("text", "what")


class Migration(migrations.Migration):
    dependencies = [("cases", "0029_closed_by_two")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
