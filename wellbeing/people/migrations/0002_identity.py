"""Who is asking, as the database knows it: the ground of every row-level policy.

The identity is transaction-local settings: `app.user_id` or `app.system`, and `app.post_id` where a program asks for
one post of its account (access.actor); without them every policy answers no. `app_now()` is the clock of all deadlines
and expiries; `app.clock_offset` moves it in tests, drills and the story.
"""

from django.db import migrations

IDENTITY = """
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
       AND p.id = COALESCE(NULLIF(current_setting('app.post_id', true), '')::bigint, p.id)
       AND p.starts_on <= (app_now() AT TIME ZONE 'Asia/Shanghai')::date
       AND (p.ends_on IS NULL OR p.ends_on >= (app_now() AT TIME ZONE 'Asia/Shanghai')::date)) $$;

-- Whether one of those desks has one of these roles.
CREATE FUNCTION app_administers(VARIADIC roles text[]) RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT EXISTS (SELECT 1 FROM people_desk d WHERE d.group_id = ANY (app_desks()) AND d.role = ANY (roles)) $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0001_tables"),
        ("sessions", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [migrations.RunSQL(IDENTITY)]
