"""An index of callers, and the one question that may be asked of it: how many, never which."""

from django.db import migrations, models

FORWARD = """
CREATE FUNCTION app_calls_since(marks bytea[], since timestamptz) RETURNS integer
  LANGUAGE sql STABLE SECURITY DEFINER AS $$
  SELECT count(*)::integer FROM public.cases_call c
  WHERE public.app_user() IS NOT NULL AND c.caller_index = ANY (marks) AND c.started_at >= since $$;
GRANT SELECT ON cases_call TO wellbeing_gate;
CREATE POLICY gate ON cases_call FOR SELECT TO wellbeing_gate USING (true);
GRANT CREATE ON SCHEMA public TO wellbeing_gate;
ALTER FUNCTION app_calls_since(bytea[], timestamptz) OWNER TO wellbeing_gate;
REVOKE CREATE ON SCHEMA public FROM wellbeing_gate;
"""

BACKWARD = """
DROP POLICY gate ON cases_call;
REVOKE SELECT ON cases_call FROM wellbeing_gate;
DROP FUNCTION app_calls_since(bytea[], timestamptz);
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_codes")]
    operations = [
        migrations.AddField("call", "caller_index", models.BinaryField(null=True)),
        migrations.AddIndex(
            "call",
            models.Index(
                fields=["caller_index", "started_at"],
                condition=models.Q(caller_index__isnull=False),
                name="repeats",
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
