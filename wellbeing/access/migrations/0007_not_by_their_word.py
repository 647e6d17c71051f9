"""What a second attack on every table found that the database believed, or let be written.

A function that reads past the walls took the desks of whoever asked from her own words: anybody who was known named all
of the city's and was given every name and identity, sealed, with the wrapped keys that open it. Anybody read where each
stream of the audit ends, which is the id of each case, and wrote there what she liked. Whoever saw a cover destroyed the
keys of its file; nobody but the desk to which it moves has a use for that.

Before anybody was known, as on the way in, the city's directory was anybody's to write. A hospital named another case in
its referral. One administrator made a post again, and a token, of what two had decided long ago.

What is written on a case: cases/0034_begun_as_policy_says."""

from django.db import migrations

from wellbeing.access import rls

PERSON = "current_user = 'wellbeing_app' AND NOT app_system()"
TRIAGE = ("county_triage", "city_duty")

# -- whoever asks is asked by the database, not by her own words ---------------------------------------------------------

ASKED = ("app_sealed_covers", "app_sealed_persons", "app_entry_covers", "app_written_besides")
BEGINS = "AS $function$ BEGIN"
HERS = " desks := ARRAY(SELECT unnest(desks) INTERSECT SELECT unnest(public.app_desks()));"


def _rewritten(before: str, after: str) -> str:
    """Each of these functions with the one text in the place of the other."""
    return f"""
DO $do$
DECLARE asks record;
BEGIN
  FOR asks IN SELECT p.oid FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.proname IN {ASKED} LOOP
    EXECUTE replace(pg_get_functiondef(asks.oid), '{before}', '{after}');
  END LOOP;
END $do$
"""


# Unqualified, a table is looked for among somebody's temporary ones first.
BY_PATH = (
    "app_account(integer)",
    "app_private(integer)",
    "app_posts(integer)",
    "app_session(text)",
    "app_ways(integer)",
    "app_teachers_elsewhere(uuid, uuid[], text[])",
    "app_ends_grant()",
)

# -- the ends of streams, and what is appended to them -------------------------------------------------------------------

END_OF = """
CREATE FUNCTION audit_end(of_stream uuid, OUT seq bigint, OUT hash bytea) LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
#variable_conflict use_column
BEGIN
  SELECT h.seq, h.hash INTO audit_end.seq, audit_end.hash FROM public.audit_head h WHERE h.stream = of_stream;
  IF NOT FOUND THEN
    audit_end.seq := 0;
    audit_end.hash := decode(repeat('00', 32), 'hex');
  END IF;
END $$;
"""
APPENDING = """
-- As audit/0004_appending_at_once has it. The walls of these tables asked whether somebody is known, and who she is.
CREATE OR REPLACE FUNCTION audit_append(of_stream uuid, before bigint, previous bytea, is_urgent boolean, bodies text,
  hashes bytea, macs bytea, OUT seq bigint, OUT hash bytea) LANGUAGE plpgsql SECURITY DEFINER AS $$
#variable_conflict use_column
DECLARE
  lines text[] := string_to_array(bodies, E'\\n');
  amount integer := cardinality(lines);
  last_hash bytea := substr(hashes, 32 * amount - 31);
  head_mac bytea := substr(macs, 32 * amount + 1);
  said json;
BEGIN
  IF NOT public.app_known() THEN
    RAISE EXCEPTION 'nobody is known' USING ERRCODE = 'insufficient_privilege';
  END IF;
  UPDATE public.audit_head SET seq = before + amount, hash = last_hash, mac = head_mac
    WHERE stream = of_stream AND seq = before AND hash = previous;
  IF NOT FOUND AND before = 0 THEN  -- the first event; somebody else's may come first
    INSERT INTO public.audit_head (stream, seq, hash, mac) VALUES (of_stream, amount, last_hash, head_mac)
      ON CONFLICT (stream) DO NOTHING;
  END IF;
  IF NOT FOUND THEN
    SELECT h.seq, h.hash INTO audit_append.seq, audit_append.hash FROM public.audit_head h
      WHERE h.stream = of_stream FOR UPDATE;
    IF NOT FOUND THEN
      audit_append.seq := 0;
      audit_append.hash := decode(repeat('00', 32), 'hex');
    END IF;
    RETURN;
  END IF;
  FOR n IN 1 .. amount LOOP
    said := lines[n];
    IF NOT public.app_system() AND (said->>'actor')::integer IS DISTINCT FROM public.app_user()
       AND said->>'actor' IS NOT NULL THEN
      RAISE EXCEPTION 'everybody signs for herself' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO public.audit_waiting (stream, seq, urgent, since) VALUES (of_stream, before + n, is_urgent, now());
    INSERT INTO public.audit_event (stream, at, id, seq, actor_id, act, body, hash, mac)
      VALUES (of_stream, (said->>'at')::timestamptz, (said->>'id')::uuid, before + n, (said->>'actor')::integer,
        said->>'act', convert_to(lines[n], 'UTF8'), substr(hashes, 32 * n - 31, 32), substr(macs, 32 * n - 31, 32));
  END LOOP;
END $$;
"""
APPEND = "audit_append(uuid, bigint, bytea, boolean, text, bytea, bytea)"
APPENDS = f"""
GRANT CREATE ON SCHEMA public TO wellbeing_gate;
ALTER FUNCTION {APPEND} OWNER TO wellbeing_gate;
REVOKE CREATE ON SCHEMA public FROM wellbeing_gate;
GRANT INSERT, UPDATE ON audit_head TO wellbeing_gate;
GRANT INSERT ON audit_event, audit_waiting TO wellbeing_gate;
GRANT USAGE ON SEQUENCE audit_waiting_id_seq TO wellbeing_gate;
CREATE POLICY gate_insert ON audit_head FOR INSERT TO wellbeing_gate WITH CHECK (true);
CREATE POLICY gate_update ON audit_head FOR UPDATE TO wellbeing_gate USING (true) WITH CHECK (true);
CREATE POLICY gate_insert ON audit_event FOR INSERT TO wellbeing_gate WITH CHECK (true);
CREATE POLICY gate_insert ON audit_waiting FOR INSERT TO wellbeing_gate WITH CHECK (true);
DROP POLICY app_insert ON audit_head;
DROP POLICY app_update ON audit_head;
DROP POLICY app_insert ON audit_event;
DROP POLICY app_insert ON audit_waiting;
ALTER POLICY app_select ON audit_head USING (app_system() OR (SELECT app_audits()));
"""
AS_BEFORE = f"""
ALTER FUNCTION {APPEND} OWNER TO CURRENT_USER;
ALTER FUNCTION {APPEND} SECURITY INVOKER;
CREATE POLICY app_insert ON audit_head FOR INSERT TO wellbeing_app WITH CHECK (app_known());
CREATE POLICY app_update ON audit_head FOR UPDATE TO wellbeing_app USING (app_known()) WITH CHECK (app_known());
CREATE POLICY app_insert ON audit_event FOR INSERT TO wellbeing_app WITH CHECK (app_known());
CREATE POLICY app_insert ON audit_waiting FOR INSERT TO wellbeing_app WITH CHECK (app_known());
ALTER POLICY app_select ON audit_head USING (app_known());
DROP POLICY gate_insert ON audit_head;
DROP POLICY gate_update ON audit_head;
DROP POLICY gate_insert ON audit_event;
DROP POLICY gate_insert ON audit_waiting;
REVOKE USAGE ON SEQUENCE audit_waiting_id_seq FROM wellbeing_gate;
REVOKE INSERT ON audit_event, audit_waiting FROM wellbeing_gate;
REVOKE INSERT, UPDATE ON audit_head FROM wellbeing_gate;
"""

# -- keys: the file that moves is sealed anew, and its old keys end (cases/moving.py); what is erased is another role's ----

MOVES = {"case_delete": ("case", "app_moving_cases"), "person_delete": ("person", "app_moving_persons")}
KEYS = [
    f"ALTER POLICY {name} ON vault.vault_datakey USING (owner_kind = '{kind}' AND NOT app_system()"
    f" AND owner_id = ANY ((SELECT {moving}())::uuid[]))"
    for name, (kind, moving) in MOVES.items()
]
KEYS_BEFORE = [
    f"ALTER POLICY case_delete ON vault.vault_datakey USING (owner_kind = 'case' AND {rls.sees('case', 'owner_id')})",
    "ALTER POLICY person_delete ON vault.vault_datakey USING (owner_kind = 'person' AND NOT app_system() AND"
    f" app_reads_person(owner_id, {rls.MY_DESKS}))",
]

# -- what a row says and nobody writes anew -----------------------------------------------------------------------------


def _differ(*columns: str) -> str:
    both = [", ".join(f"{row}.{column}" for column in columns) for row in ("NEW", "OLD")]
    return f"({both[0]}) IS DISTINCT FROM ({both[1]})"


SENDS = "app_administers('school_counsellor', 'county_triage', 'city_duty')"
FORBIDDEN = {
    # About whom, from whom, and by whose leave: no receiver's to say. It ends by a step.
    ("referrals_referral", "stays", "UPDATE"): (
        _differ("id", "reference", "case_id", "division_id", "asked_by_id", "opened_at")
        + f" OR {_differ('consent', 'emergency', 'from_desk_id')} AND NOT {SENDS}"
        + " OR NEW.state = OLD.state AND NEW.ended_at IS DISTINCT FROM OLD.ended_at"
    ),
    # Who tries a link's code is counted by a machine.
    ("referrals_link", "stays", "UPDATE"): (
        _differ("opened_at", "browser", "tries_left") + " OR OLD.ended_at IS NOT NULL OR octet_length(NEW.sealed) > 0"
    ),
    # What two have decided is decided, and what has ended does not begin again.
    ("people_appointment", "decided", "UPDATE"): "OLD.state <> 'waiting'",
    ("api_apitoken", "decided", "UPDATE OF state"): (
        "NEW.state IS DISTINCT FROM OLD.state AND (NEW.state = 'waiting' OR OLD.state IN ('declined', 'ended'))"
    ),
}
STAYS = [
    f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW WHEN ({PERSON} AND ({condition}))"
    " EXECUTE FUNCTION app_not_hers()"
    for (table, name, verb), condition in FORBIDDEN.items()
]

REACHED = (
    "CREATE POLICY by_role ON referrals_safetycontact AS RESTRICTIVE FOR INSERT TO wellbeing_app"
    f" WITH CHECK (app_system() OR {rls.sits('school_counsellor', *TRIAGE)})"
)

# -- the city's directory, as people/0008_directory shuts it to whoever is known -----------------------------------------

DIRECTORY = (
    *("people_desk", "people_division", "people_organisation", "people_user_user_permissions"),
    *("auth_group", "auth_group_permissions", "auth_permission", "django_content_type", "django_migrations"),
    *("guardian_groupobjectpermission", "guardian_userobjectpermission"),
)
SCHOOL = "people_school"


def _shut(who: str) -> list[str]:
    """The triggers of that migration, for these."""
    when = f"FOR EACH STATEMENT WHEN (current_user = 'wellbeing_app' AND {who})"
    shut = dict.fromkeys(DIRECTORY, "INSERT OR UPDATE OR DELETE")
    shut[SCHOOL] = "INSERT OR DELETE OR UPDATE OF organisation_id"
    return [
        *(f"DROP TRIGGER no_persons ON {table}" for table in shut),
        *(
            f"CREATE TRIGGER no_persons BEFORE {verbs} ON {table} {when} EXECUTE FUNCTION app_no_persons()"
            for table, verbs in shut.items()
        ),
        f"DROP TRIGGER bureau ON {SCHOOL}",
        f"CREATE TRIGGER bureau BEFORE UPDATE ON {SCHOOL} {when} EXECUTE FUNCTION app_bureau_alone()",
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0006_one_of_several"),
        ("api", "0003_asked_for_as_it_is"),
        ("audit", "0004_appending_at_once"),
        ("cases", "0033_doubted_openings"),
        ("referrals", "0007_sealed_grants"),
        ("people", "0012_sealed_posts"),
        ("signin", "0002_walls"),
    ]
    operations = [
        migrations.RunSQL(_rewritten(BEGINS, BEGINS + HERS), _rewritten(BEGINS + HERS, BEGINS)),
        migrations.RunSQL(
            [f"ALTER FUNCTION {name} SET search_path = public, pg_temp" for name in BY_PATH],
            [f"ALTER FUNCTION {name} SET search_path = public" for name in BY_PATH],
        ),
        rls.gate(END_OF, "audit_end(uuid)", reads=("audit_head",)),
        migrations.RunSQL([APPENDING, APPENDS], AS_BEFORE),
        migrations.RunSQL(KEYS, KEYS_BEFORE),
        migrations.RunSQL(STAYS, [f"DROP TRIGGER {name} ON {table}" for table, name, _verb in FORBIDDEN]),
        migrations.RunSQL(REACHED, "DROP POLICY by_role ON referrals_safetycontact"),
        migrations.RunSQL(_shut("NOT app_system()"), _shut("app_user() IS NOT NULL")),
        rls.changes("referrals_link", "opened_at", "browser", "tries_left", "ended_at", "sealed"),
    ]
