"""What a third attack put in the place of something else.

Every session may make tables, views and types of its own, and a name is looked for among those first. Whoever made a table
by the name of the proposals lowered a tier alone; by that of the transfers, she had every file on the move; and a view, or
a type, with a function in it ran as the role that reads past the walls. Functions name the schema of all they ask now, and
whoever could set a trigger of ours on a table of her own ended with it the grants of everybody on a case.

Another clock made posts that had ended run again, and gave a red one years: it moves where a city is played (demo/clock.py).
A hash without an event was written at the end of any chain, and one event of next year's was the trace of whatever was
done until then. A referral was written as one that had come to its end, and a
red case closed by it. A notice was swallowed by one that somebody had written under its key before."""

from django.db import migrations

from wellbeing.access import rls

PERSON = "current_user = 'wellbeing_app' AND NOT app_system()"
REFUSED = "USING ERRCODE = 'insufficient_privilege'"

# -- every function finds what it names where it is ------------------------------------------------------------------

# After these words stands a relation; after a cast, or before what ends a declaration, a type. Words of the grammar
# (integer, boolean, interval) name no type of anybody's.
NAMED = r"""
DO $do$
DECLARE one record; body text; relations text;
BEGIN
  SELECT string_agg(c.relname, '|') INTO relations FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v', 'p');
  FOR one IN SELECT p.oid, p.prosrc FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
      WHERE p.pronamespace IN ('public'::regnamespace, 'vault'::regnamespace) AND l.lanname IN ('sql', 'plpgsql')
        AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
  LOOP
    body := regexp_replace(one.prosrc, '\m(FROM|JOIN|INTO|UPDATE)(\s+)(' || relations || ')\M', '\1\2public.\3', 'g');
    body := regexp_replace(body, '::(text|uuid|date|json|jsonb|timestamptz|bytea)\M', '::pg_catalog.\1', 'g');
    body := regexp_replace(body, '(\s)(record|text|uuid|date|json|jsonb|timestamptz|bytea)(\[\])?(\s*(;|:=))',
      '\1pg_catalog.\2\3\4', 'g');
    IF body <> one.prosrc THEN
      EXECUTE replace(pg_get_functiondef(one.oid), one.prosrc, body);
    END IF;
  END LOOP;
END $do$
"""

# -- whoever makes a trigger on a table of her own uses none of ours ---------------------------------------------------

OURS = """
DO $do$
DECLARE one record;
BEGIN
  FOR one IN SELECT p.oid::regprocedure AS name FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
      AND p.prorettype = 'trigger'::regtype AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
  LOOP
    EXECUTE format('{verb} EXECUTE ON FUNCTION %s {whom} PUBLIC', one.name);
  END LOOP;
END $do$
"""

# -- the clock -----------------------------------------------------------------------------------------------------------

# As a constant it is gone from every plan.
CLOCK = """
CREATE OR REPLACE FUNCTION app_clock_moves() RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT false $$;
CREATE OR REPLACE FUNCTION app_now() RETURNS timestamptz LANGUAGE sql STABLE AS
$$ SELECT now() + CASE WHEN public.app_clock_moves()
     THEN COALESCE(NULLIF(current_setting('app.clock_offset', true), '')::interval, interval '0')
     ELSE interval '0' END $$;
"""
CLOCK_BEFORE = """
CREATE OR REPLACE FUNCTION app_now() RETURNS timestamptz LANGUAGE sql STABLE AS
$$ SELECT now() + COALESCE(NULLIF(current_setting('app.clock_offset', true), '')::interval, interval '0') $$;
DROP FUNCTION app_clock_moves();
"""

# -- what is appended has as many hashes and MACs as events, and one at least ----------------------------------------------

KNOWN = "RAISE EXCEPTION ''nobody is known'' USING ERRCODE = ''insufficient_privilege'';\n  END IF;"
WHOLE = (
    "\n  IF amount IS DISTINCT FROM NULLIF(amount, 0) OR octet_length(hashes) IS DISTINCT FROM 32 * amount"
    "\n     OR octet_length(macs) IS DISTINCT FROM 32 * (amount + 1) THEN"
    "\n    RAISE EXCEPTION ''an event has a hash and a MAC, and a head has a MAC'' USING ERRCODE = ''insufficient_privilege'';"
    "\n  END IF;"
)


# One that lies ahead was a trace of all that came after it.
HERS = "AND said->>''actor'' IS NOT NULL THEN"
NOT_AHEAD = (
    "AND said->>''actor'' IS NOT NULL\n"
    "       OR NOT public.app_system() AND (said->>''at'')::pg_catalog.timestamptz > public.app_now() THEN"
)


def _appending(*, undo: bool = False) -> str:
    parts = [(KNOWN, KNOWN + WHOLE), (HERS, NOT_AHEAD)]
    body = "pg_get_functiondef('audit_append(uuid, bigint, bytea, boolean, text, bytea, bytea)'::regprocedure)"
    for before, after in parts:
        body = f"replace({body}, '{after if undo else before}', '{before if undo else after}')"
    return f"DO $do$ BEGIN EXECUTE {body}; END $do$"


# -- a referral begins at its beginning, about a case on which its sender works --------------------------------------------

BEGINS = f"""
CREATE FUNCTION app_referral_begins() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF (NEW.state = 'submitted' AND app_administers('school_counsellor')
      OR NEW.state = 'sent' AND app_administers('county_triage', 'city_duty'))
     AND NEW.ended_at IS NULL AND NEW.opened_at BETWEEN app_now() - interval '1 minute' AND app_now()
     AND app_works_case(NEW.case_id, {rls.MY_DESKS}) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a referral begins where its flow does' {REFUSED};
END $$;
CREATE TRIGGER begins BEFORE INSERT ON referrals_referral FOR EACH ROW
  WHEN ({PERSON}) EXECUTE FUNCTION app_referral_begins();
"""
UNBEGUN = "DROP TRIGGER begins ON referrals_referral; DROP FUNCTION app_referral_begins()"

# -- under the key of a notice of a machine's, or of a colleague's, nobody writes another one before --------------------

KEYED = f"""
CREATE FUNCTION app_notice_is_hers() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.done_at IS NOT NULL OR NEW.dead_at IS NOT NULL OR NEW.attempts <> 0 OR NEW.not_before > app_now() THEN
    RAISE EXCEPTION 'a notice waits to be delivered' {REFUSED};
  END IF;
  NEW.dedupe_key := NEW.dedupe_key || ':by' || app_user();
  RETURN NEW;
END $$;
CREATE TRIGGER hers BEFORE INSERT ON outbox_notice FOR EACH ROW WHEN ({PERSON}) EXECUTE FUNCTION app_notice_is_hers();
"""
UNKEYED = "DROP TRIGGER hers ON outbox_notice; DROP FUNCTION app_notice_is_hers()"


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0007_not_by_their_word"),
        ("cases", "0034_begun_as_policy_says"),
        ("outbox", "0002_walls"),
        ("registers", "0004_years_by_two"),
        ("rota", "0002_walls"),
    ]
    operations = [
        migrations.RunSQL(CLOCK, CLOCK_BEFORE),
        migrations.RunSQL(_appending(), _appending(undo=True)),
        migrations.RunSQL(BEGINS, UNBEGUN),
        migrations.RunSQL(KEYED, UNKEYED),
        migrations.RunSQL(NAMED, migrations.RunSQL.noop),
        migrations.RunSQL(
            OURS.format(verb="REVOKE", whom="FROM"),
            OURS.format(verb="GRANT", whom="TO"),
        ),
    ]
