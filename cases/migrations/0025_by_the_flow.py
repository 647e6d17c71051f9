"""What a person moves of a case goes by its flow, and leaves its event. Whoever worked on a case and reached the database
as the application ended its warning and its clocks, called it acknowledged, or moved a leave, and nobody was told.

Two walls. A step that the tables of states do not give (cases/flow.py, cases/leave.py; tests/rules/test_walls.py holds
each to the other), or gives to another role, is refused at once. And a state, a tier, a warning or a clock that a person
changed stands only where her own event on that case was written in the same transaction: forged without the audit's
key, it is found by verify_audit, under her name. A case that waits for its acknowledgement keeps a warning and a clock."""

from django.db import migrations

from wellbeing.access import rls

TRIAGE = ("county_triage", "city_duty")
KEEPERS = ("school_counsellor", *TRIAGE)
CASE: rls.Steps = (
    ("opened", "acknowledged", TRIAGE),
    ("acknowledged", "opened", ()),
    ("following", "opened", ()),
    ("acknowledged", "following", ()),
    ("acknowledged", "closed", ()),
    ("following", "closed", ()),
    ("closed", "opened", ()),
)
LEAVE: rls.Steps = (
    ("noticed", "assessed", KEEPERS),
    ("noticed", "called_off", KEEPERS),
    ("assessed", "talked", KEEPERS),
    ("assessed", "called_off", KEEPERS),
    ("talked", "on_leave", KEEPERS),
    ("talked", "called_off", KEEPERS),
    ("on_leave", "materials", KEEPERS),
    ("on_leave", "called_off", KEEPERS),
    ("materials", "on_leave", KEEPERS),
    ("materials", "reviewed", KEEPERS),
    ("reviewed", "weighed", TRIAGE),
    ("weighed", "passed", KEEPERS),
    ("weighed", "refused", KEEPERS),
    ("refused", "appealed", KEEPERS),
    ("refused", "materials", KEEPERS),
    ("refused", "on_leave", KEEPERS),
    ("refused", "called_off", KEEPERS),
    ("appealed", "passed", TRIAGE),
    ("appealed", "on_leave", TRIAGE),
    ("passed", "returned", KEEPERS),
    ("passed", "on_leave", KEEPERS),
    ("returned", "ended", KEEPERS),
)
# Who refused is written with the refusal, stays while it is appealed, and never decides.
SIGNS = (
    "(NEW.state <> 'refused' OR NEW.refused_by_id = app_user())"
    " AND (NEW.state <> 'appealed' OR NEW.refused_by_id IS NOT DISTINCT FROM OLD.refused_by_id)"
    " AND (OLD.state <> 'appealed' OR NEW.appeal_decided_by_id = app_user()"
    "   AND NEW.refused_by_id IS NOT DISTINCT FROM OLD.refused_by_id)"
    " AND ((NEW.state IN ('ended', 'called_off')) = (NEW.ended_at IS NOT NULL))"
)

TRACE = """
CREATE FUNCTION app_left_trace(of_stream uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$ BEGIN
  RETURN EXISTS (
    SELECT 1 FROM (SELECT e.at, e.actor_id FROM public.audit_event e WHERE e.stream = of_stream
                   ORDER BY e.seq DESC LIMIT 50) e
    WHERE e.at >= public.app_now() AND (public.app_system() OR e.actor_id = public.app_user()));
END $$;
"""
LEAVES = """
GRANT SELECT (stream, seq, at, actor_id) ON audit_event TO wellbeing_gate;
CREATE POLICY gate ON audit_event FOR SELECT TO wellbeing_gate USING (true);
CREATE FUNCTION app_leaves_trace() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE its uuid;
BEGIN
  IF TG_TABLE_NAME = 'cases_case' THEN its := NEW.id; ELSE its := NEW.case_id; END IF;
  IF NOT app_left_trace(its) THEN
    RAISE EXCEPTION 'what a person changes of a case leaves its event' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NULL;
END $$;
"""
NOT_LEFT = """
DROP FUNCTION app_leaves_trace();
DROP POLICY gate ON audit_event;
REVOKE SELECT (stream, seq, at, actor_id) ON audit_event FROM wellbeing_gate;
"""

# As wellbeing_gate: whoever closed the case sees it no longer when the transaction ends.
WATCHED = """
CREATE FUNCTION app_still_warned(pk uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$ BEGIN
  RETURN EXISTS (SELECT 1 FROM public.cases_case c WHERE c.id = pk AND (c.status = 'closed' OR c.tier = 'green'))
    OR EXISTS (SELECT 1 FROM public.cases_warning w WHERE w.case_id = pk AND w.ended_at IS NULL);
END $$;
CREATE FUNCTION app_still_clocked(pk uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$ BEGIN
  RETURN NOT EXISTS (SELECT 1 FROM public.cases_case c WHERE c.id = pk AND c.status = 'opened' AND c.tier <> 'green')
    OR EXISTS (SELECT 1 FROM public.cases_deadline d
               WHERE d.case_id = pk AND d.kind = 'acknowledge' AND d.state = 'running');
END $$;
"""
PERSON = "current_user = 'wellbeing_app' AND NOT app_system()"
REFUSED = "USING ERRCODE = 'insufficient_privilege'"
WARNINGS = f"""
CREATE FUNCTION app_warning_stands() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF (NEW.id, NEW.case_id, NEW.tier, NEW.raised_at, NEW.rings) = (OLD.id, OLD.case_id, OLD.tier, OLD.raised_at, OLD.rings)
     AND OLD.ended_at IS NULL
     AND (NEW.desk_id = OLD.desk_id OR NEW.case_id = ANY (app_moving_cases()))
     AND (NEW.ended_at IS NULL OR NEW.ended_at <= app_now())
     AND (NEW.ring_at IS NOT DISTINCT FROM OLD.ring_at
       OR NEW.ring_at IS NULL AND (NEW.ended_at IS NOT NULL OR NEW.acknowledged_at IS NOT NULL))
     AND ((NEW.acknowledged_by_id, NEW.acknowledged_at) IS NOT DISTINCT FROM (OLD.acknowledged_by_id, OLD.acknowledged_at)
       OR OLD.acknowledged_by_id IS NULL AND NEW.acknowledged_by_id = app_user() AND {rls.sits(*TRIAGE)}
         AND NEW.acknowledged_at <= app_now()) THEN  -- before it was raised where the clock was set back meanwhile
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a warning rings until a county has it' {REFUSED};
END $$;
CREATE TRIGGER stands BEFORE UPDATE ON cases_warning FOR EACH ROW WHEN ({PERSON}) EXECUTE FUNCTION app_warning_stands();

CREATE FUNCTION app_warning_followed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NOT app_still_warned(NEW.case_id) THEN
    RAISE EXCEPTION 'a warning ends with its case, or by the next one' {REFUSED};
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER traced_on AFTER UPDATE ON cases_warning DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN ({PERSON} AND OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL) EXECUTE FUNCTION app_warning_followed();
"""
CLOCKS = f"""
CREATE FUNCTION app_clock_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  same boolean := (NEW.id, NEW.case_id, NEW.desk_id, NEW.kind, NEW.policy_id, NEW.started_at, NEW.step, NEW.level)
    = (OLD.id, OLD.case_id, OLD.desk_id, OLD.kind, OLD.policy_id, OLD.started_at, OLD.step, OLD.level);
BEGIN
  IF same AND OLD.state IN ('running', 'paused') AND (CASE NEW.state
    WHEN 'met' THEN NEW.due_at = OLD.due_at
      AND (OLD.kind <> 'acknowledge' OR EXISTS (SELECT 1 FROM cases_case c WHERE c.id = NEW.case_id AND c.status <> 'opened'))
    WHEN 'void' THEN NEW.due_at = OLD.due_at
    WHEN 'paused' THEN OLD.state = 'running' AND OLD.kind <> 'acknowledge' AND NEW.due_at = OLD.due_at
      AND OLD.due_at > app_now() AND NEW.next_act = 'resume' AND NEW.next_at < app_now() + interval '31 days'
    ELSE OLD.state = 'paused' AND NEW.due_at <= OLD.due_at + GREATEST(app_now() - OLD.paused_at, interval '0')
      AND NEW.next_act = 'remind' AND NEW.next_at <= GREATEST(NEW.due_at, app_now()) END) THEN
    RETURN NEW;
  END IF;
  -- Who called back and reached nobody tries again half a day later; who recorded it by mistake takes it back.
  IF same AND OLD.kind = 'callback' AND NEW.state = 'running' AND NEW.next_at = NEW.due_at AND NEW.next_act = 'escalate'
     AND (OLD.state = 'running' AND NEW.due_at < app_now() + interval '2 days'
       OR OLD.state IN ('met', 'void') AND NEW.due_at = OLD.due_at)
     AND EXISTS (SELECT 1 FROM cases_callback b WHERE b.deadline_id = OLD.id AND b.by_id = app_user()
       AND b.at > app_now() - interval '11 minutes') THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a clock ends, pauses or goes on, and nobody gives it more time' {REFUSED};
END $$;
CREATE TRIGGER stands BEFORE UPDATE ON cases_deadline FOR EACH ROW WHEN ({PERSON}) EXECUTE FUNCTION app_clock_stands();

CREATE FUNCTION app_clock_followed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NOT app_still_clocked(NEW.case_id) THEN
    RAISE EXCEPTION 'a case that waits for its acknowledgement keeps its clock' {REFUSED};
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER traced_on AFTER UPDATE ON cases_deadline DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN ({PERSON} AND NEW.kind = 'acknowledge' AND OLD.state = 'running' AND NEW.state <> 'running')
  EXECUTE FUNCTION app_clock_followed();
"""


def _gone(*tables: str) -> str:
    names = {"cases_warning": "warning", "cases_deadline": "clock"}
    return ";".join(
        f"DROP TRIGGER traced_on ON {table}; DROP TRIGGER stands ON {table};"
        f"DROP FUNCTION app_{names[table]}_followed(); DROP FUNCTION app_{names[table]}_stands()"
        for table in tables
    )


class Migration(migrations.Migration):
    dependencies = [("cases", "0024_signed_by_oneself")]
    operations = [
        rls.gate(TRACE, "app_left_trace(uuid)"),
        migrations.RunSQL(LEAVES, NOT_LEFT),
        rls.gate(
            WATCHED, "app_still_warned(uuid)", "app_still_clocked(uuid)", reads=("cases_warning", "cases_deadline")
        ),
        migrations.RunSQL(WARNINGS, _gone("cases_warning")),
        migrations.RunSQL(CLOCKS, _gone("cases_deadline")),
        rls.moves("cases_case", "status", CASE),
        rls.moves("cases_leave", "state", LEAVE, more=SIGNS),
        rls.traced("cases_case", "status", "tier", "manager_id"),
        rls.traced("cases_warning", "ended_at", "acknowledged_at", "ring_at", "desk_id"),
        rls.traced("cases_deadline", "state", "due_at", "next_at"),
        rls.traced("cases_leave", "state", "until", "desk_id"),
    ]
