"""Who is asking, as the database knows it: the ground of every row-level policy.

The identity is two transaction-local settings, `app.user_id` and `app.system`; without them every policy answers no.
`app_now()` is the clock of all deadlines and expiries; `app.clock_offset` moves it in tests, drills and the story.
"""

from django.db import migrations

FORWARD = """
GRANT USAGE ON SCHEMA public TO wellbeing_app, wellbeing_gate;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO wellbeing_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO wellbeing_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO wellbeing_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO wellbeing_app;

CREATE FUNCTION app_now() RETURNS timestamptz LANGUAGE sql STABLE AS
$$ SELECT now() + COALESCE(NULLIF(current_setting('app.clock_offset', true), '')::interval, interval '0') $$;

CREATE FUNCTION app_user() RETURNS integer LANGUAGE sql STABLE AS
$$ SELECT NULLIF(current_setting('app.user_id', true), '')::integer $$;

CREATE FUNCTION app_system() RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT COALESCE(current_setting('app.system', true) = 'on', false) $$;

CREATE FUNCTION app_known() RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT app_user() IS NOT NULL OR app_system() $$;

-- The desks of the asker: posts that run today, of an account that is active. Ending a post acts at once.
CREATE FUNCTION app_desks() RETURNS integer[] LANGUAGE sql STABLE AS
$$ SELECT ARRAY(
     SELECT p.desk_id FROM people_post p JOIN people_user u ON u.id = p.user_id
     WHERE u.id = app_user() AND u.is_active
       AND p.starts_on <= (app_now() AT TIME ZONE 'Asia/Shanghai')::date
       AND (p.ends_on IS NULL OR p.ends_on >= (app_now() AT TIME ZONE 'Asia/Shanghai')::date)) $$;
"""

BACKWARD = """
DROP FUNCTION app_desks();
DROP FUNCTION app_known();
DROP FUNCTION app_system();
DROP FUNCTION app_user();
DROP FUNCTION app_now();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0001_initial"),
        ("sessions", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
