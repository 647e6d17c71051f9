"""What two statements at the same moment, or in two words, still silenced.

Each of two transactions ended one of a red case's clocks because the other one ran, and none was left. They come one
after the other now, and each sees what the one before has done. A clock that began named another county's desk, or a
place on no board, or an act that nobody knows: it ran, and nobody saw it. Whoever typed a red sheet ended it by a
statement, or put its minute off for years. And whoever worked on a red case wrote another one about the same person, which
nobody was told of, and closed the first as its duplicate.

And what is asked past the walls answers whoever may know: whether a case is warned about, or was closed under a reference,
was told to anybody."""

from django.db import migrations

from wellbeing.access import rls

PERSON = "current_user = 'wellbeing_app' AND NOT app_system()"
REFUSED = "USING ERRCODE = 'insufficient_privilege'"

# In a snapshot of before, a lock that was waited for shows nothing of what its holder did.
THERE_NOW = f"""
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'this is asked of what is there now' {REFUSED};
  END IF;
"""
# As wellbeing_gate, because nobody else asks the functions behind them any more.
IN_TURN = f"""{THERE_NOW}
  PERFORM pg_advisory_xact_lock(hashtextextended('watched:' || NEW.case_id, 0));
"""
WARNED = """
CREATE OR REPLACE FUNCTION app_warning_followed() RETURNS trigger LANGUAGE plpgsql {definer} AS $$ BEGIN{in_turn}
  IF NOT public.app_still_warned(NEW.case_id) THEN
    RAISE EXCEPTION 'a warning ends with its case, or by the next one' {refused};
  END IF;
  RETURN NULL;
END $$;
"""
CLOCKED = """
CREATE OR REPLACE FUNCTION app_clock_followed() RETURNS trigger LANGUAGE plpgsql {definer} AS $$ BEGIN{in_turn}
  IF NOT public.app_still_clocked(NEW.case_id) THEN
    RAISE EXCEPTION 'a case that waits for its acknowledgement keeps its clock' {refused};
  END IF;
  IF NOT public.app_still_watched(NEW.case_id) THEN
    RAISE EXCEPTION 'a case in danger keeps a clock that asks how it is' {refused};
  END IF;
  RETURN NULL;
END $$;
"""
STILL = ", ".join(f"app_still_{word}(uuid)" for word in ("warned", "clocked", "watched"))
NOW = {"definer": "SECURITY DEFINER", "in_turn": IN_TURN, "refused": REFUSED}
BEFORE = {"definer": "SECURITY INVOKER", "in_turn": "", "refused": REFUSED}
FOLLOWED = ("app_warning_followed()", "app_clock_followed()")

# That a file was closed is told to whoever works on it, or is within reach of it (0010_named).
CLOSED = """
CREATE OR REPLACE FUNCTION app_was_closed(pk uuid, named text, begun timestamptz) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$ BEGIN
  RETURN {}(EXISTS (SELECT 1 FROM public.cases_stub s
      WHERE s.reference = named AND s."end" = 'closed' AND s.until >= begun)
    OR EXISTS (SELECT 1 FROM public.cases_successor s WHERE s.case_id = pk AND s.at >= begun));
END $$
"""
REACHED = """EXISTS (SELECT 1 FROM public.cases_case c WHERE c.id = pk AND c.reference = named
      AND (public.app_works_case(pk, public.app_desks())
        OR public.app_within_reach(c.status, c.division_id, c.owner_desk_id, public.app_desks())))
    AND """

# A clock and a warning begin at the desk of their county or the city (wellbeing/people/desks.py), where a board looks for
# them, and with what the ticker does next. As 0034 has them besides.
CURRENT = (
    "(SELECT v.id FROM public.cases_policyversion v WHERE v.effective_from <= app_now() ORDER BY v.number DESC LIMIT 1)"
)
ITS_TIER = "NOT EXISTS (SELECT 1 FROM public.cases_case c WHERE c.id = NEW.case_id AND c.tier <> NEW.tier)"
SITS = "EXISTS (SELECT 1 FROM public.people_desk d WHERE d.group_id = NEW.desk_id AND d.role IN ('county_triage', 'city_duty'))"
ITS_COUNTY = f"""{SITS} AND NOT EXISTS (SELECT 1 FROM public.cases_case c JOIN public.people_desk d ON d.group_id = NEW.desk_id
       JOIN public.people_organisation o ON o.id = d.organisation_id
       WHERE c.id = NEW.case_id AND d.role = 'county_triage' AND o.division_id <> c.division_id)"""
PLACE = (
    "NEW.tier_rank + 1 = array_position(ARRAY['red', 'orange', 'yellow', 'blue', 'green'], NEW.tier::pg_catalog.text)"
)
LATELY = "BETWEEN app_now() - interval '1 minute' AND app_now()"
CLOCK = f"""
CREATE OR REPLACE FUNCTION app_clock_begins() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE span pg_catalog.jsonb;
BEGIN
  SELECT v.body->NEW.kind->NEW.tier INTO span FROM public.cases_policyversion v WHERE v.id = NEW.policy_id;
  IF NEW.state = 'running' AND NEW.level = 0 AND NEW.next_at <= GREATEST(NEW.due_at, app_now()) AND {{acts}}
     AND NEW.started_at {LATELY} AND NEW.policy_id = {CURRENT} AND {ITS_TIER}
     AND (span IS NULL OR NEW.due_at <= app_latest(span, NEW.started_at))
     AND (NEW.kind <> 'acknowledge' OR {{watches}} AND NOT EXISTS (SELECT 1 FROM public.cases_deadline d
       WHERE d.case_id = NEW.case_id AND d.kind = NEW.kind AND d.state = 'void' AND d.ended_at = app_now()
         AND d.due_at < NEW.due_at)) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a clock begins as its policy says, and no later than the one before' {REFUSED};
END $$;
CREATE OR REPLACE FUNCTION app_warning_begins() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE span pg_catalog.jsonb;
BEGIN
  SELECT v.body->'ring'->NEW.tier INTO span FROM public.cases_policyversion v WHERE v.id = {CURRENT};
  IF NEW.ended_at IS NULL AND NEW.acknowledged_at IS NULL AND NEW.acknowledged_by_id IS NULL AND NEW.rings = 0
     AND NEW.raised_at {LATELY} AND {ITS_TIER} AND {{watches}}
     AND (span IS NULL OR NEW.ring_at IS NOT NULL AND NEW.ring_at <= app_latest(span, NEW.raised_at))
     AND NOT EXISTS (SELECT 1 FROM public.cases_warning w WHERE w.case_id = NEW.case_id AND w.tier = NEW.tier
       AND w.ended_at = app_now() AND w.acknowledged_at IS NULL) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a warning begins with a higher tier, and rings' {REFUSED};
END $$;
"""

# As 0029 has it; but what goes on in another file is warned about there, and has a clock that asks how it is.
WATCHED = """ AND EXISTS (SELECT 1 FROM public.cases_warning w WHERE w.case_id = o.id AND w.ended_at IS NULL)
        AND EXISTS (SELECT 1 FROM public.cases_deadline d WHERE d.case_id = o.id AND d.kind IN ('acknowledge', 'reassess')
          AND d.state IN ('running', 'paused'))"""
DUPLICATE = "AND (o.person_id = OLD.person_id OR OLD.channel = ''concern'')"


def _closes(before: str, after: str) -> str:
    body = "pg_get_functiondef('app_danger_closes()'::regprocedure)"
    before, after = (DUPLICATE + one.replace("'", "''") for one in (before, after))
    return f"DO $do$ BEGIN EXECUTE replace({body}, '{before}', '{after}'); END $do$"


# Two who confirmed each other from snapshots of before were both the first (0012_two_independent).
ALONE = "IF NEW.confirmed_by_id IS NOT NULL AND app_stood_second"


def _independent(before: str, after: str) -> str:
    body = "pg_get_functiondef('app_independent()'::regprocedure)"
    before, after = ((one + ALONE).replace("'", "''") for one in (before, after))
    return f"DO $do$ BEGIN EXECUTE replace({body}, '{before}', '{after}'); END $do$"


# Who opens files; a teacher's concern is opened by a machine.
OPENS = rls.sits("hotline_counsellor", "hotline_supervisor", "school_counsellor", "county_triage", "city_duty")
OPENED = ("cases_case", "cases_person")

# A sheet whose answers call for red or orange ends in a case; its minute comes no later, and once others were told of it,
# it stays grave until then (cases/actions/save_draft.py). What is typed may take its flag back before.
GRAVE = f"""
CREATE FUNCTION app_grave_sheet_stands() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.case_id IS NOT NULL AND {rls.works("case", "NEW.case_id")}
     OR NEW.ended_at IS NULL AND NEW.case_id IS NOT DISTINCT FROM OLD.case_id AND NEW.due_at IS NOT NULL
       AND (NEW.tier <> '' AND NEW.flagged_at <= OLD.flagged_at AND NEW.due_at <= OLD.due_at AND NEW.level = OLD.level
            AND NEW.with_desk_id IS NOT DISTINCT FROM OLD.with_desk_id
         OR NEW.tier = '' AND OLD.level = 0 AND NEW.due_at < app_now() + interval '15 days') THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a grave sheet ends in a case' {REFUSED};
END $$;
CREATE TRIGGER grave BEFORE UPDATE ON cases_draft FOR EACH ROW
  WHEN ({PERSON} AND OLD.tier <> '' AND OLD.ended_at IS NULL) EXECUTE FUNCTION app_grave_sheet_stands();
REVOKE EXECUTE ON FUNCTION app_grave_sheet_stands() FROM PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0034_begun_as_policy_says"), ("access", "0008_nothing_in_its_place")]
    operations = [
        migrations.RunSQL(
            [
                WARNED.format(**NOW),
                CLOCKED.format(**NOW),
                "GRANT CREATE ON SCHEMA public TO wellbeing_gate",
                *(f"ALTER FUNCTION {name} OWNER TO wellbeing_gate" for name in FOLLOWED),
                "REVOKE CREATE ON SCHEMA public FROM wellbeing_gate",
                f"REVOKE EXECUTE ON FUNCTION {STILL} FROM PUBLIC",
            ],
            [
                f"GRANT EXECUTE ON FUNCTION {STILL} TO PUBLIC",
                *(f"ALTER FUNCTION {name} OWNER TO CURRENT_USER" for name in FOLLOWED),
                CLOCKED.format(**BEFORE),
                WARNED.format(**BEFORE),
            ],
        ),
        migrations.RunSQL(CLOSED.format(REACHED), CLOSED.format("")),
        migrations.RunSQL(
            CLOCK.format(acts=f"NEW.next_act IN ('remind', 'escalate') AND {PLACE}", watches=ITS_COUNTY),
            CLOCK.format(acts="NEW.next_act <> 'resume'", watches=SITS),
        ),
        migrations.RunSQL(_closes("", WATCHED), _closes(WATCHED, "")),
        migrations.RunSQL(_independent("", THERE_NOW), _independent(THERE_NOW, "")),
        migrations.RunSQL(
            [
                f"CREATE POLICY by_role ON {table} AS RESTRICTIVE FOR INSERT TO wellbeing_app"
                f" WITH CHECK (app_system() OR {OPENS})"
                for table in OPENED
            ],
            [f"DROP POLICY by_role ON {table}" for table in OPENED],
        ),
        migrations.RunSQL(GRAVE, "DROP TRIGGER grave ON cases_draft; DROP FUNCTION app_grave_sheet_stands()"),
    ]
