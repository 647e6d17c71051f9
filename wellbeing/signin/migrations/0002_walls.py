"""What an account proves itself with is its owner's alone; counters of failed tries are the machines'. A session's key is
kept as its hash, and its row is reached by whoever presents the key, its owner and the machines."""

from django.db import migrations

from wellbeing.access import rls

MINE = "user_id = app_user()"
OURS = f"app_system() OR {MINE}"
MACHINE = "app_system()"
PRESENTED = "session_key = current_setting('app.session', true)"
REACHED = f"{PRESENTED} OR app_system() OR user_id = app_user()"

# The one statement that reads a session before anybody is known.
SESSION = """
CREATE FUNCTION app_session(presented text) RETURNS SETOF signin_session LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = public AS $$ SELECT * FROM signin_session WHERE session_key = presented $$;
"""


class Migration(migrations.Migration):
    dependencies = [("signin", "0001_tables"), ("people", "0002_identity")]
    operations = [
        # The security administrator sees whether there is a factor, before she confirms a post or resets it.
        rls.protect(
            "signin_factor",
            select=f"{OURS} OR (SELECT app_administers('security_admin'))",
            insert=MINE,
            update=MINE,
            delete=OURS,
        ),
        rls.protect("signin_recoverycode", select=OURS, insert=MINE, delete=OURS),
        rls.protect("signin_binding", select=OURS, insert=MINE, delete=OURS),
        rls.protect("signin_tries", select=MACHINE, insert=MACHINE, update=MACHINE, delete=MACHINE),
        rls.gate(SESSION, "app_session(text)", reads=("signin_session",)),
        rls.protect("signin_session", select=REACHED, insert=PRESENTED, update=PRESENTED, delete=REACHED),
    ]
