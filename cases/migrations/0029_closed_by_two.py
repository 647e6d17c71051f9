"""A red or orange case closes by what stands behind its reason, or by two people; a clock pauses once, and by whom and why
stands beside it.

One person closed a red case as gone to another school, or as in the hands of health care, with no transfer and no
referral behind it, and nobody was told. What stands behind a reason is asked of the rows of its own act, since the case
was last warned about: a referral that the hospital has reported on and that was followed up, a file that another county
has taken over. Otherwise somebody else signs (cases/closing.py), in the row by which a lowering is signed.

One person let a clock stand still again and again, and it stood on no board: a second time takes a desk above the
clock's own, and somebody else than the last time (cases/pausing.py).

And whoever worked on a red case ended the clock of its next assessment by a statement: it stood on no board any more."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from wellbeing.access import rls

TRIAGE = rls.sits("county_triage", "city_duty")
LOWERS = rls.sits("school_counsellor", "county_triage", "city_duty")
CONFIRMS = rls.sits("school_counsellor", "hotline_supervisor", "county_triage", "city_duty")
RANK = "array_position(ARRAY['red', 'orange', 'yellow', 'blue', 'green'], {}::text)"
REFUSED = "USING ERRCODE = 'insufficient_privilege'"

# As wellbeing_gate: a school that closes sees no referral of its county's. To nobody who does not work on the case. The
# tables of referrals are there when it is first asked.
BEHIND = """
CREATE FUNCTION app_stands_behind(pk uuid) RETURNS text[] LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
DECLARE found_ones text[] := '{}'; since timestamptz;
BEGIN
  IF NOT public.app_works_case(pk, (SELECT public.app_desks())::integer[]) THEN
    RETURN found_ones;
  END IF;
  SELECT GREATEST(c.opened_at, c.reopened_at, (SELECT max(w.raised_at) FROM public.cases_warning w WHERE w.case_id = pk))
    INTO since FROM public.cases_case c WHERE c.id = pk;
  IF EXISTS (SELECT 1 FROM public.referrals_referral r WHERE r.case_id = pk AND r.state = 'closed' AND r.ended_at > since
      AND NOT EXISTS (SELECT 1 FROM public.cases_assessment a
        WHERE a.case_id = pk AND a.at >= r.ended_at AND a.proposed IN ('red', 'orange'))) THEN
    found_ones := found_ones || ARRAY['handed_to_health'];
  END IF;
  IF EXISTS (SELECT 1 FROM public.cases_transfer t WHERE t.case_id = pk AND t.state = 'accepted'
      AND t.scope = 'minimum' AND t.answered_at > since) THEN
    found_ones := found_ones || ARRAY['transferred_out', 'graduated'];
  END IF;
  RETURN found_ones;
END $$;
"""
CLOSES = f"""
CREATE FUNCTION app_danger_closes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.close_reason NOT IN ('improved', 'no_concern') AND (NEW.close_reason = ANY (app_stands_behind(OLD.id))
    -- the same person's other file; a concern whose words went into the file of whoever it is about
    OR NEW.close_reason = 'duplicate' AND EXISTS (SELECT 1 FROM cases_case o WHERE o.id <> OLD.id AND o.status <> 'closed'
      AND {RANK.format("o.tier")} <= {RANK.format("OLD.tier")} AND {rls.works("case", "o.id")}
      AND (o.person_id = OLD.person_id OR OLD.channel = 'concern'))
    OR EXISTS (SELECT 1 FROM cases_lowering l WHERE l.case_id = OLD.id AND l.ended_at IS NULL
      AND l.close_reason = NEW.close_reason AND l.from_tier = OLD.tier AND l.proposed_at >= OLD.tier_since
      AND l.proposed_by_id <> app_user() AND {CONFIRMS} AND (OLD.tier <> 'red' OR {TRIAGE}))) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'danger closes by what stands behind it, or by two people' {REFUSED};
END $$;
CREATE TRIGGER danger_closes BEFORE UPDATE OF status ON cases_case FOR EACH ROW
  WHEN (current_user = 'wellbeing_app' AND NOT app_system() AND OLD.status <> 'closed' AND NEW.status = 'closed'
    AND OLD.tier IN ('red', 'orange'))
  EXECUTE FUNCTION app_danger_closes();
"""

# As 0018 has them, and what is proposed to close: by whom, with its words, and confirmed by whoever closes the case.
PROPOSES = (
    "proposed_by_id = app_user() AND confirmed_by_id IS NULL AND ended_at IS NULL"
    f" AND proposed_at BETWEEN app_now() - interval '1 minute' AND app_now() AND {LOWERS}"
    " AND EXISTS (SELECT 1 FROM cases_entry e WHERE e.id = entry_id AND e.case_id = cases_lowering.case_id"
    " AND {})"
)
LOWERED = "e.section = 'risk' AND e.kind = 'lowering'"
BOTH = (
    f"(cases_lowering.close_reason = '' AND {LOWERED}"
    " OR cases_lowering.close_reason <> '' AND cases_lowering.to_tier = cases_lowering.from_tier"
    " AND e.section = 'plan' AND e.kind = 'closing')"
)
ENDS = f"""
CREATE OR REPLACE FUNCTION app_lowering_ends() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL AND (NEW.confirmed_by_id IS NULL OR NEW.confirmed_by_id = app_user()
      AND {CONFIRMS}
      AND EXISTS (SELECT 1 FROM cases_case c WHERE c.id = OLD.case_id AND {{}})) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a proposal ends once, and is confirmed by whoever lowers the case' {REFUSED};
END $$;
"""
DONE = (
    "(OLD.close_reason = '' AND c.tier = OLD.to_tier"
    " OR OLD.close_reason <> '' AND c.status = 'closed' AND c.close_reason = OLD.close_reason)"
)

# As 0025 has it, but for the pause: how long by its policy, and who after the first one; no other column goes with it.
CLOCKS = f"""
CREATE FUNCTION app_may_pause(clock cases_deadline) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE its jsonb; times integer; before integer; last_by integer;
BEGIN
  SELECT v.body INTO its FROM cases_policyversion v WHERE v.id = clock.policy_id;
  IF clock.next_at > app_now() + make_interval(hours => LEAST((COALESCE(its->'pause_hours', '72'))::integer,
      CASE WHEN clock.tier IN ('red', 'orange') THEN (COALESCE(its->'pause_danger_hours', '24'))::integer ELSE 720 END)) THEN
    RETURN false;
  END IF;
  SELECT COALESCE(sum(d.pauses), 0) INTO before FROM cases_deadline d
    WHERE d.case_id = clock.case_id AND d.kind = clock.kind AND d.state <> 'met' AND d.started_at >= COALESCE(
      (SELECT max(m.started_at) FROM cases_deadline m
       WHERE m.case_id = clock.case_id AND m.kind = clock.kind AND m.state = 'met'), '-infinity');
  times := (COALESCE(its->'pause_times', '1'))::integer;
  IF before < times THEN
    RETURN true;
  END IF;
  SELECT d.paused_by_id INTO last_by FROM cases_deadline d
    WHERE d.case_id = clock.case_id AND d.kind = clock.kind AND d.pauses > 0 ORDER BY d.started_at DESC, d.id DESC LIMIT 1;
  RETURN last_by IS DISTINCT FROM app_user() AND EXISTS (SELECT 1 FROM people_desk d
    WHERE d.role IN ('county_triage', 'city_duty') AND d.group_id <> clock.desk_id AND d.group_id = ANY ({rls.MY_DESKS}));
END $$;
CREATE OR REPLACE FUNCTION app_clock_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  same boolean := (NEW.id, NEW.case_id, NEW.desk_id, NEW.kind, NEW.policy_id, NEW.started_at, NEW.step, NEW.level,
      NEW.tier, NEW.tier_rank)
    = (OLD.id, OLD.case_id, OLD.desk_id, OLD.kind, OLD.policy_id, OLD.started_at, OLD.step, OLD.level,
      OLD.tier, OLD.tier_rank)
    AND (NEW.state = 'paused' AND OLD.state = 'running'
      OR (NEW.pauses, NEW.pause_why, NEW.paused_by_id) IS NOT DISTINCT FROM (OLD.pauses, OLD.pause_why, OLD.paused_by_id));
BEGIN
  IF same AND OLD.state IN ('running', 'paused') AND (CASE NEW.state
    WHEN 'met' THEN NEW.due_at = OLD.due_at
      AND (OLD.kind <> 'acknowledge' OR EXISTS (SELECT 1 FROM cases_case c WHERE c.id = NEW.case_id AND c.status <> 'opened'))
    WHEN 'void' THEN NEW.due_at = OLD.due_at
    WHEN 'paused' THEN OLD.state = 'running' AND OLD.kind <> 'acknowledge' AND NEW.due_at = OLD.due_at
      AND OLD.due_at > app_now() AND NEW.next_act = 'resume' AND NEW.pauses = OLD.pauses + 1
      AND NEW.paused_by_id = app_user() AND NEW.pause_why <> '' AND app_may_pause(NEW)
      AND NEW.paused_at BETWEEN app_now() - interval '1 minute' AND app_now()
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
"""
# As wellbeing_gate, for the same reason as in 0025. A case in danger that is warned about waits for its acknowledgement, or
# for its next assessment: without either it stood on no board, and nothing came up.
WATCHED = """
CREATE FUNCTION app_still_watched(pk uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$ BEGIN
  RETURN NOT EXISTS (SELECT 1 FROM public.cases_case c JOIN public.cases_warning w ON w.case_id = c.id
      WHERE c.id = pk AND c.status <> 'closed' AND c.tier IN ('red', 'orange') AND w.ended_at IS NULL)
    OR EXISTS (SELECT 1 FROM public.cases_deadline d WHERE d.case_id = pk AND d.kind IN ('acknowledge', 'reassess')
      AND d.state IN ('running', 'paused'));
END $$;
"""
# In the place of 0025's trigger, under the name that is asked when a person is done (access.actor.identity).
FOLLOWED = """
DROP TRIGGER traced_on ON cases_deadline;
CREATE CONSTRAINT TRIGGER traced_on AFTER UPDATE ON cases_deadline DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (current_user = 'wellbeing_app' AND NOT app_system() AND ({}))
  EXECUTE FUNCTION app_clock_followed();
"""
ACKNOWLEDGES = "NEW.kind = 'acknowledge' AND OLD.state = 'running' AND NEW.state <> 'running'"
ASKS = "NEW.kind = 'reassess' AND OLD.state IN ('running', 'paused') AND NEW.state IN ('met', 'void')"
WATCHES = f"""
CREATE OR REPLACE FUNCTION app_clock_followed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NOT app_still_clocked(NEW.case_id) THEN
    RAISE EXCEPTION 'a case that waits for its acknowledgement keeps its clock' {REFUSED};
  END IF;
  IF {{}} THEN
    RAISE EXCEPTION 'a case in danger keeps a clock that asks how it is' {REFUSED};
  END IF;
  RETURN NULL;
END $$;
"""
AS_BEFORE = f"""
CREATE OR REPLACE FUNCTION app_clock_stands() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  RAISE EXCEPTION 'go back to before 0025_by_the_flow' {REFUSED};
END $$;
DROP FUNCTION app_may_pause(cases_deadline);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0028_withdrawn_files"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            "lowering", "close_reason", models.CharField(blank=True, db_default="", default="", max_length=20)
        ),
        migrations.AddField("deadline", "pauses", models.PositiveSmallIntegerField(db_default=0, default=0)),
        migrations.AddField(
            "deadline", "pause_why", models.CharField(blank=True, db_default="", default="", max_length=8)
        ),
        migrations.AddField(
            "deadline",
            "paused_by",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddIndex(
            "deadline",
            models.Index(condition=models.Q(("state", "paused")), fields=["desk", "next_at"], name="paused_of_desk"),
        ),
        rls.signed("cases_deadline", later=("paused_by_id",)),
        rls.gate(BEHIND, "app_stands_behind(uuid)", reads=("cases_transfer", "cases_assessment")),
        migrations.RunSQL(CLOSES, "DROP TRIGGER danger_closes ON cases_case; DROP FUNCTION app_danger_closes()"),
        migrations.RunSQL(
            f"ALTER POLICY proposed ON cases_lowering WITH CHECK ({PROPOSES.format(BOTH)})",
            f"ALTER POLICY proposed ON cases_lowering WITH CHECK ({PROPOSES.format(LOWERED)})",
        ),
        migrations.RunSQL(ENDS.format(DONE), ENDS.format("c.tier = OLD.to_tier")),
        migrations.RunSQL(CLOCKS, AS_BEFORE),
        rls.gate(WATCHED, "app_still_watched(uuid)"),
        migrations.RunSQL(
            WATCHES.format("NOT app_still_watched(NEW.case_id)") + FOLLOWED.format(f"{ACKNOWLEDGES} OR {ASKS}"),
            WATCHES.format("false") + FOLLOWED.format(ACKNOWLEDGES),
        ),
    ]
