"""By SQL nobody goes further than by her pages: what an hour's attack on every table found that the application may write.

One person closed a red case as handed over to health services and opened it again at yellow: 0018_lowered_by_two let
what was closed come back at any tier. Anybody who was known planned campaigns, set holds, wrote hand-overs, requests for
records, keys for months to come, and red drafts that come up to the city; any desk brought screening files, and every
teacher of a school found them; who sees a cover wrote assessments, warnings and clocks; a call was put down to a
colleague; somebody took
the name of another; a counsellor wrote the roster of her desk."""

from django.db import migrations

from wellbeing.access import rls

TRIAGE = ("county_triage", "city_duty")
HOTLINE = ("hotline_counsellor", "hotline_supervisor")
BRINGS = ("school_counsellor", *TRIAGE)
WRITES = (*HOTLINE, *BRINGS)
PERSON = "current_user = 'wellbeing_app' AND NOT app_system()"

RANK = "array_position(ARRAY['red', 'orange', 'yellow', 'blue', 'green'], {}::text)"
BACK = f"""
CREATE FUNCTION app_comes_back() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF app_lowers_alone(OLD.tier) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a file comes back no lower than it went' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER comes_back BEFORE UPDATE OF status ON cases_case FOR EACH ROW
  WHEN ({PERSON} AND OLD.status = 'closed' AND NEW.status <> 'closed'
    AND {RANK.format("NEW.tier")} > {RANK.format("OLD.tier")})
  EXECUTE FUNCTION app_comes_back();
"""

# By role, as wellbeing/access/rights.py gives it; whose desk, whose school and which case, the actions ask as well.
ROLES = {
    "cases_campaign": rls.sits(*BRINGS),
    "cases_debriefing": rls.sits(*HOTLINE),
    "cases_draft": rls.sits(*WRITES),
    "cases_handover": f"({rls.sits(*TRIAGE)} OR {rls.sits('school_counsellor')} AND {rls.desk()})",
    "cases_export": rls.sits(*BRINGS),
    "cases_legalhold": rls.sits("hotline_supervisor", *TRIAGE),
    **dict.fromkeys(("cases_recordanswer", "cases_recordrequest"), rls.sits(*TRIAGE)),
    "cases_review": rls.sits("hotline_supervisor", "city_duty"),
    "cases_screeningbatch": (
        f"({rls.sits(*TRIAGE)} OR {rls.sits('school_counsellor', at='school_id')})"
        " AND state IN ('staged', 'unmapped', 'collecting')"
    ),
    # Whoever may write into the file, and not whoever sees its cover.
    **dict.fromkeys(
        ("cases_assessment", "cases_deadline", "cases_lowering", "cases_warning"), rls.works("case", "case_id")
    ),
    "cases_shiftnote": rls.sits(*HOTLINE),
    "cases_transfer": rls.sits(*BRINGS),
    "cases_escalation": "false",
    # With no post, one's own account alone has something to tell; one that rests for a leave is told of as well.
    "outbox_notice": (
        "(user_id = app_user() OR EXISTS (SELECT 1 FROM app_running(app_today()) p WHERE p.user_id = app_user()))"
    ),
    "vault.vault_divisionkey": "false",
    "vault.vault_namedkey": "false",
}
BY_ROLE = [
    f"CREATE POLICY by_role ON {table} AS RESTRICTIVE FOR INSERT TO wellbeing_app WITH CHECK (app_system() OR {who})"
    for table, who in ROLES.items()
]
BATCHES = f"app_system() OR {rls.desk()} OR {rls.sits('school_counsellor', at='school_id')}"
BEFORE = f"app_system() OR {rls.desk()} OR {rls.sits(at='school_id')}"


def _batches(condition: str) -> list[str]:
    return [
        f"ALTER POLICY app_select ON cases_screeningbatch USING ({condition})",
        f"ALTER POLICY app_update ON cases_screeningbatch USING ({condition}) WITH CHECK ({condition})",
    ]


# A row that a person may touch for one thing, and the conditions under which she does more than that.
NOT_HERS = """
CREATE FUNCTION app_not_hers() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  RAISE EXCEPTION 'this is not hers to write (%)', TG_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
"""


def _differ(*columns: str) -> str:
    both = [", ".join(f"{row}.{column}" for column in columns) for row in ("NEW", "OLD")]
    return f"({both[0]}) IS DISTINCT FROM ({both[1]})"


FORBIDDEN = {
    # Lists of what is open ask for this moment.
    ("cases_case", "closed_whole", "UPDATE OF status, closed_at"): (
        "(NEW.status = 'closed') <> (NEW.closed_at IS NOT NULL)"
    ),
    # Whoever sits at the city logs a draft for its counsellor.
    ("cases_call", "taken_by_her", "INSERT"): (
        "NEW.counsellor_id IS DISTINCT FROM app_user() AND NOT app_administers('city_duty')"
    ),
    ("cases_draft", "stays", "UPDATE"): _differ("id", "kind", "owner_id", "desk_id", "begun_at"),
    ("exchange_ring", "as_it_rang", "UPDATE"): _differ(
        "id", "hotline_id", "exchange_id", "line", "seat", "offered_at", "answered_at", "ended_at"
    ),
    ("outbox_inboxitem", "as_it_came", "UPDATE"): _differ(
        "id", "desk_id", "user_id", "notice_id", "kind", "target", "tier", "created_at", "delivered_at"
    ),
    # What colleagues and the audit's pages call her.
    ("people_user", "her_name", "UPDATE"): (
        _differ("username", "display_name", "first_name", "last_name", "is_active", "date_joined")
        + " AND (NEW.id = app_user() OR NOT app_administers('system_admin', 'security_admin'))"
    ),
}
BATCH: rls.Steps = (
    ("staged", "unmapped", BRINGS),
    ("unmapped", "staged", BRINGS),
    ("unmapped", "dropped", BRINGS),
    ("staged", "running", BRINGS),
    ("staged", "dropped", BRINGS),
)
RECORDS: rls.Steps = (
    ("received", "checked", TRIAGE),
    ("checked", "proposed", TRIAGE),
    ("proposed", "checked", ("city_duty", "hotline_supervisor")),
    ("proposed", "decided", ("city_duty", "hotline_supervisor")),
    ("decided", "answered", TRIAGE),
)
CENTRE: rls.Steps = (
    ("draft", "submitted", TRIAGE),
    ("submitted", "standard", ("education_admin",)),
    ("submitted", "declined", ("education_admin",)),
    ("declined", "draft", TRIAGE),
    ("standard", "declined", ("education_admin",)),
)
INCIDENT: rls.Steps = (
    ("open", "reviewed", ("school_crisis_lead", "county_triage")),
    ("reviewed", "closed", ("county_triage",)),
    ("closed", "open", ("county_triage",)),
)

# At a hotline the supervisor plans; a counsellor takes over what the colleague whose it is has asked her to.
ROSTER = f"""
CREATE FUNCTION app_plans_or_swaps() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE its record;
BEGIN
  IF TG_OP = 'DELETE' THEN its := OLD; ELSE its := NEW; END IF;
  IF NOT EXISTS (SELECT 1 FROM people_desk d WHERE d.group_id = its.desk_id AND d.role = 'hotline_counsellor')
     OR EXISTS (SELECT 1 FROM people_desk d JOIN people_desk mine ON mine.organisation_id = d.organisation_id
       WHERE d.group_id = its.desk_id AND mine.role = 'hotline_supervisor' AND mine.group_id = ANY ({rls.MY_DESKS})) THEN
    RETURN its;
  END IF;
  IF TG_OP = 'INSERT' THEN  -- what is left of one that runs
    IF NEW.user_id = app_user() AND EXISTS (SELECT 1 FROM rota_swap s JOIN rota_shift r ON r.id = s.shift_id
        WHERE s.to_user_id = app_user() AND s.asked_by_id = r.user_id AND s.answered_at IS NULL
        AND r.desk_id = NEW.desk_id AND r.ends_at = NEW.starts_at AND NEW.starts_at <= app_now()) THEN
      RETURN NEW;
    END IF;
  ELSIF TG_OP = 'UPDATE' THEN
    IF (NEW.desk_id, NEW.starts_at) = (OLD.desk_id, OLD.starts_at) AND EXISTS (SELECT 1 FROM rota_swap s
        WHERE s.shift_id = OLD.id AND s.to_user_id = app_user() AND s.asked_by_id = OLD.user_id AND s.answered_at IS NULL)
      AND (NEW.user_id = app_user() AND NEW.ends_at = OLD.ends_at
        OR NEW.user_id = OLD.user_id AND NEW.ends_at BETWEEN app_now() - interval '1 minute' AND app_now()) THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'a roster is its planner''s' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER planned BEFORE INSERT OR UPDATE OR DELETE ON rota_shift FOR EACH ROW
  WHEN ({PERSON}) EXECUTE FUNCTION app_plans_or_swaps();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0025_by_the_flow"), ("vault", "0002_walls")]
    operations = [
        migrations.RunSQL(BACK, "DROP TRIGGER comes_back ON cases_case; DROP FUNCTION app_comes_back();"),
        migrations.RunSQL(BY_ROLE, [f"DROP POLICY by_role ON {table}" for table in ROLES]),
        migrations.RunSQL(
            "CREATE POLICY by_role_too ON cases_screeningflag AS RESTRICTIVE FOR UPDATE TO wellbeing_app"
            f" USING (app_system() OR {rls.sits(*BRINGS)})",
            "DROP POLICY by_role_too ON cases_screeningflag",
        ),
        migrations.RunSQL(_batches(BATCHES), _batches(BEFORE)),
        migrations.RunSQL(
            [
                NOT_HERS,
                *(
                    f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW WHEN ({PERSON} AND ({condition}))"
                    " EXECUTE FUNCTION app_not_hers()"
                    for (table, name, verb), condition in FORBIDDEN.items()
                ),
            ],
            [*(f"DROP TRIGGER {name} ON {table}" for table, name, _verb in FORBIDDEN), "DROP FUNCTION app_not_hers()"],
        ),
        rls.changes("cases_escalation"),
        rls.changes("cases_mandatoryreport", "receipt_at"),
        rls.moves("cases_screeningbatch", "state", BATCH),
        rls.moves("cases_recordrequest", "state", RECORDS),
        rls.moves("people_standardcentre", "state", CENTRE),
        rls.moves("registers_incident", "state", INCIDENT),
        migrations.RunSQL(ROSTER, "DROP TRIGGER planned ON rota_shift; DROP FUNCTION app_plans_or_swaps()"),
    ]
