"""A session's key is kept as its hash, and its row is reached by whoever presents the key, its owner and the machines.

The sessions of before lie under their keys in clear: they end, and everybody signs in once more.
"""

from django.db import migrations, models

from wellbeing.access import rls

PRESENTED = "session_key = current_setting('app.session', true)"
REACHED = f"{PRESENTED} OR app_system() OR user_id = app_user()"

# The one statement that reads a session before anybody is known.
FORWARD = """
CREATE FUNCTION app_session(presented text) RETURNS SETOF signin_session LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = public AS $$ SELECT * FROM signin_session WHERE session_key = presented $$;
GRANT SELECT ON signin_session TO wellbeing_gate;
CREATE POLICY gate ON signin_session FOR SELECT TO wellbeing_gate USING (true);
GRANT CREATE ON SCHEMA public TO wellbeing_gate;
ALTER FUNCTION app_session(text) OWNER TO wellbeing_gate;
REVOKE CREATE ON SCHEMA public FROM wellbeing_gate;
"""
BACKWARD = """
DROP FUNCTION app_session(text);
DROP POLICY gate ON signin_session;
REVOKE SELECT ON signin_session FROM wellbeing_gate;
"""


class Migration(migrations.Migration):
    dependencies = [("signin", "0002_walls")]
    operations = [
        migrations.RunSQL("DELETE FROM signin_session", "DELETE FROM signin_session"),
        migrations.AlterField(
            "session", "session_key", models.CharField(max_length=64, primary_key=True, serialize=False)
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
        rls.protect("signin_session", select=REACHED, insert=PRESENTED, update=PRESENTED, delete=REACHED),
    ]
