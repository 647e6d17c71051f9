"""Which posts count now is one question, with one answer for walls, actors, desks and rotas: `app_serving(day)`, the
posts that run on a day and whose holders are not on leave. Its body, and those of the two that it is made of, are plain
queries, which the planner takes into whatever asks: each costs one more look at a short index.

Whoever is on leave has no desk, and is reached in no way outside the page. Her posts stay hers: app_posts tells them
with the day until which they rest. A leave is entered by her or by whoever administers accounts, for today or later;
it is only ever shortened, to the day before it is, and what has been is not rewritten.
"""

from django.db import migrations

from wellbeing.access import rls

QUESTIONS = """
CREATE FUNCTION app_today() RETURNS date LANGUAGE sql STABLE AS
$$ SELECT (public.app_now() AT TIME ZONE 'Asia/Shanghai')::date $$;

CREATE FUNCTION app_away(day date) RETURNS SETOF people_absence LANGUAGE sql STABLE AS
$$ SELECT a.* FROM public.people_absence a WHERE a.first_day <= day AND a.last_day >= day $$;

CREATE FUNCTION app_running(day date) RETURNS SETOF people_post LANGUAGE sql STABLE AS
$$ SELECT p.* FROM public.people_post p JOIN public.people_user u ON u.id = p.user_id
   WHERE u.is_active AND p.starts_on <= day AND (p.ends_on IS NULL OR p.ends_on >= day) $$;

CREATE FUNCTION app_serving(day date) RETURNS SETOF people_post LANGUAGE sql STABLE AS
$$ SELECT p.* FROM public.app_running(day) p
   WHERE NOT EXISTS (SELECT 1 FROM public.app_away(day) a WHERE a.user_id = p.user_id) $$;

-- Whether the asker is on leave. Machines are not.
CREATE FUNCTION app_absent() RETURNS boolean LANGUAGE plpgsql STABLE AS $$ BEGIN
  RETURN EXISTS (SELECT 1 FROM public.app_away(public.app_today()) a WHERE a.user_id = public.app_user());
END $$;
"""
DESKS = """
CREATE OR REPLACE FUNCTION app_desks() RETURNS integer[] LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN (SELECT ARRAY(
     SELECT p.desk_id FROM app_serving(app_today()) p WHERE p.user_id = app_user()
       AND p.id = COALESCE(NULLIF(current_setting('app.post_id', true), '')::bigint, p.id))); END $$;
"""
# Who signs in is not known yet: her posts that run, and until when they rest.
POSTS = """
DROP FUNCTION app_posts(integer);
CREATE FUNCTION app_posts(asked integer)
  RETURNS TABLE (id bigint, role varchar, desk_key integer, organisation_id uuid, division_id varchar, rests_until date)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT p.id, d.role, d.group_id, d.organisation_id, o.division_id,
     (SELECT max(a.last_day) FROM app_away(app_today()) a WHERE a.user_id = asked)
   FROM app_running(app_today()) p
   JOIN people_desk d ON d.group_id = p.desk_id JOIN people_organisation o ON o.id = d.organisation_id
   WHERE p.user_id = asked $$;
"""
WAYS = """
CREATE OR REPLACE FUNCTION app_ways(asked integer) RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = public AS
$$ SELECT COALESCE((SELECT array_remove(ARRAY[CASE WHEN p.mobile <> '' THEN 'sms' END,
                                              CASE WHEN p.email <> '' THEN 'email' END], NULL)
     FROM people_private p JOIN people_user u ON u.id = p.user_id
     WHERE u.id = asked AND u.is_active AND app_known()
       AND NOT EXISTS (SELECT 1 FROM app_away(app_today()) a WHERE a.user_id = asked)), ARRAY[]::text[]) $$;
"""
GUARD = """
CREATE FUNCTION people_absence_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF current_user <> 'wellbeing_app' THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.first_day < app_today() OR NEW.last_day < NEW.first_day OR NEW.ended_at IS NOT NULL THEN
      RAISE check_violation USING MESSAGE = 'a leave begins today or later, and has a day';
    END IF;
  ELSIF OLD.ended_at IS NOT NULL OR OLD.last_day < app_today() OR NEW.ended_at IS NULL
     OR NEW.ended_by_id IS DISTINCT FROM app_user()
     OR NEW.last_day <> greatest(app_today(), OLD.first_day) - 1 THEN
    RAISE check_violation USING MESSAGE = 'a leave ends once, now, by somebody';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON people_absence FOR EACH ROW EXECUTE FUNCTION people_absence_guard();
"""
HERS = "(user_id = app_user() OR (SELECT app_administers('system_admin', 'security_admin')))"


class Migration(migrations.Migration):
    dependencies = [("people", "0010_absence")]
    operations = [
        migrations.RunSQL(QUESTIONS),
        rls.protect(
            "people_absence", select="app_known()", insert=f"entered_by_id = app_user() AND {HERS}", update=HERS
        ),
        rls.changes("people_absence", "last_day", "ended_by_id", "ended_at"),
        migrations.RunSQL([DESKS, GUARD]),
        rls.gate(POSTS, "app_posts(integer)", reads=("people_absence",)),
        migrations.RunSQL(WAYS),
    ]
