"""Only who answers the hotline learns what is known of a caller's number; the city's duty desk, to which an unfinished
sheet comes up, how many calls there were, because saving counts them. By SQL too."""

from django.db import migrations

CALLERS = """
CREATE OR REPLACE FUNCTION app_calls_since(marks bytea[], since timestamptz) RETURNS integer
  LANGUAGE sql STABLE SECURITY DEFINER AS $$
  SELECT count(*)::integer FROM public.cases_call c
  WHERE public.app_administers('hotline_counsellor', 'hotline_supervisor', 'city_duty')
    AND c.caller_index = ANY (marks) AND c.started_at >= since $$;

CREATE OR REPLACE FUNCTION app_caller_seen(marks bytea[], since timestamptz,
  OUT calls integer, OUT last_at timestamptz, OUT harassing integer, OUT silent integer, OUT open_case boolean,
  OUT danger boolean)
  LANGUAGE sql STABLE SECURITY DEFINER AS $$
  SELECT count(*)::integer, max(c.started_at), (count(*) FILTER (WHERE c.kind = 'harassing'))::integer,
    (count(*) FILTER (WHERE c.kind = 'silent'))::integer, coalesce(bool_or(k.closed_at IS NULL), false),
    coalesce(bool_or(k.tier IN ('red', 'orange', 'yellow')), false)
  FROM public.cases_call c JOIN public.cases_case k ON k.id = c.case_id
  WHERE public.app_administers('hotline_counsellor', 'hotline_supervisor')
    AND c.caller_index = ANY (marks) AND c.started_at >= since $$;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0021_asked_in_turn"), ("people", "0002_identity")]
    operations = [migrations.RunSQL(CALLERS, migrations.RunSQL.noop)]
