"""Whoever worked on a red case put another clock, or another warning, in the place of the one that ran: due in ten years,
and silent. She called it a concern, and closed it as another one's duplicate. Whoever it was opened to for a while lifted
what keeps a violent home from being reached, and wrote a consent of the guardian's.

A clock that waits for an acknowledgement or an assessment begins as its policy says, and no later than the one whose place
it takes; a warning begins with a higher tier, and rings. What stands beside a section is written by whoever may write into
the section (wellbeing/access/rights.py)."""

from django.db import migrations

from wellbeing.access import rls

PERSON = "current_user = 'wellbeing_app' AND NOT app_system()"
HOTLINE = ("hotline_counsellor", "hotline_supervisor")
TRIAGE = ("county_triage", "city_duty")
REFUSED = "USING ERRCODE = 'insufficient_privilege'"

# When a clock is due at the latest, of what its policy says; working days as long as the longest holidays make them.
LATEST = """
CREATE FUNCTION app_latest(span jsonb, begun timestamptz) RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT begun + interval '1 minute' + make_interval(
    mins => COALESCE((span->>'minutes')::integer, 0), hours => COALESCE((span->>'hours')::integer, 0),
    days => COALESCE((span->>'days')::integer, 0) + COALESCE((span->>'workdays')::integer * 2 + 12, 0)
      + CASE WHEN span ? 'months' THEN 2 ELSE 0 END,
    months => COALESCE((span->>'months')::integer, 0)) $$;
"""
CURRENT = "(SELECT v.id FROM cases_policyversion v WHERE v.effective_from <= app_now() ORDER BY v.number DESC LIMIT 1)"
ITS_TIER = "NOT EXISTS (SELECT 1 FROM cases_case c WHERE c.id = NEW.case_id AND c.tier <> NEW.tier)"
WATCHES = f"EXISTS (SELECT 1 FROM people_desk d WHERE d.group_id = NEW.desk_id AND d.role IN {TRIAGE})"
LATELY = "BETWEEN app_now() - interval '1 minute' AND app_now()"
BEGUN = f"""
CREATE FUNCTION app_clock_begins() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE span jsonb;
BEGIN
  SELECT v.body->NEW.kind->NEW.tier INTO span FROM cases_policyversion v WHERE v.id = NEW.policy_id;
  IF NEW.state = 'running' AND NEW.level = 0 AND NEW.next_at <= GREATEST(NEW.due_at, app_now()) AND NEW.next_act <> 'resume'
     AND NEW.started_at {LATELY} AND NEW.policy_id = {CURRENT} AND {ITS_TIER}
     AND (span IS NULL OR NEW.due_at <= app_latest(span, NEW.started_at))
     AND (NEW.kind <> 'acknowledge' OR {WATCHES} AND NOT EXISTS (SELECT 1 FROM cases_deadline d
       WHERE d.case_id = NEW.case_id AND d.kind = NEW.kind AND d.state = 'void' AND d.ended_at = app_now()
         AND d.due_at < NEW.due_at)) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a clock begins as its policy says, and no later than the one before' {REFUSED};
END $$;
CREATE TRIGGER begins BEFORE INSERT ON cases_deadline FOR EACH ROW
  WHEN ({PERSON} AND NEW.kind IN ('acknowledge', 'reassess')) EXECUTE FUNCTION app_clock_begins();

CREATE FUNCTION app_warning_begins() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE span jsonb;
BEGIN
  SELECT v.body->'ring'->NEW.tier INTO span FROM cases_policyversion v WHERE v.id = {CURRENT};
  IF NEW.ended_at IS NULL AND NEW.acknowledged_at IS NULL AND NEW.acknowledged_by_id IS NULL AND NEW.rings = 0
     AND NEW.raised_at {LATELY} AND {ITS_TIER} AND {WATCHES}
     AND (span IS NULL OR NEW.ring_at IS NOT NULL AND NEW.ring_at <= app_latest(span, NEW.raised_at))
     AND NOT EXISTS (SELECT 1 FROM cases_warning w WHERE w.case_id = NEW.case_id AND w.tier = NEW.tier
       AND w.ended_at = app_now() AND w.acknowledged_at IS NULL) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a warning begins with a higher tier, and rings' {REFUSED};
END $$;
CREATE TRIGGER begins BEFORE INSERT ON cases_warning FOR EACH ROW
  WHEN ({PERSON} AND NEW.tier IS NOT NULL) EXECUTE FUNCTION app_warning_begins();
"""
UNBEGUN = """
DROP TRIGGER begins ON cases_warning; DROP FUNCTION app_warning_begins();
DROP TRIGGER begins ON cases_deadline; DROP FUNCTION app_clock_begins();
DROP FUNCTION app_latest(jsonb, timestamptz);
"""

ENDED = "NEW.ended_at IS DISTINCT FROM OLD.ended_at AND NEW.ended_at <> app_now()"
FORBIDDEN = {
    # Why it was opened: a concern closes as the duplicate of the case into which its words went.
    ("cases_case", "came_by", "UPDATE OF channel"): "NEW.channel IS DISTINCT FROM OLD.channel",
    # What has just ended is what one that begins is held against.
    ("cases_warning", "ends_now", "UPDATE OF ended_at"): ENDED,
    ("cases_deadline", "ends_now", "UPDATE OF ended_at"): f"NEW.kind = 'acknowledge' AND {ENDED}",
}
STAYS = [
    f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW WHEN ({PERSON} AND ({condition}))"
    " EXECUTE FUNCTION app_not_hers()"
    for (table, name, verb), condition in FORBIDDEN.items()
]


def _into(section: str) -> str:
    return f"app_opens_section(case_id, '{section}', 'write', {rls.MY_DESKS})"


INTO = {
    # To acknowledge says that the county, or the city, has it.
    ("cases_telling", "insert", "WITH CHECK"): f"whom IN ('county', 'city') OR {_into('guardian')}",
    ("cases_consentrecord", "insert", "WITH CHECK"): _into("guardian"),
    ("cases_contactstop", "insert", "WITH CHECK"): _into("guardian"),
    ("cases_contactstop", "update", "USING"): _into("guardian"),
    ("cases_mandatoryreport", "insert", "WITH CHECK"): _into("sealed"),
    ("cases_attachment", "insert", "WITH CHECK"): _into("narrative"),
    ("cases_callback", "insert", "WITH CHECK"): rls.sits(*HOTLINE),
    ("cases_callerask", "insert", "WITH CHECK"): rls.sits(*HOTLINE, *TRIAGE),
}
SECTIONS = [
    f"CREATE POLICY by_right_{verb} ON {table} AS RESTRICTIVE FOR {verb.upper()} TO wellbeing_app"
    f" {when} (app_system() OR {who})"
    for (table, verb, when), who in INTO.items()
]


class Migration(migrations.Migration):
    dependencies = [("cases", "0033_doubted_openings")]
    operations = [
        migrations.RunSQL([LATEST, BEGUN], UNBEGUN),
        migrations.RunSQL(STAYS, [f"DROP TRIGGER {name} ON {table}" for table, name, _verb in FORBIDDEN]),
        migrations.RunSQL(SECTIONS, [f"DROP POLICY by_right_{verb} ON {table}" for table, verb, _when in INTO]),
    ]
