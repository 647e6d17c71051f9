"""Each section of a file has its own readers and writers at the database too: an entry is read and written by the line
of its section, as wellbeing/access/rights.py says it (tests/rules/test_sections.py holds the two to each other). What a
desk wrote itself it reads besides, but for the sealed section; whoever takes a file over seals all of it anew.

A row that is hidden is not there: what must know that something was written asks app_written_besides, and a person's file lists app_entry_covers."""

from django.db import migrations

from wellbeing.access import rls

ENTRIES = "cases_entry"
GRANTS = ("cases_casegroupobjectpermission", "cases_caseuserobjectpermission")
HOTLINE = ("hotline_counsellor", "hotline_supervisor")
TRIAGE = ("county_triage", "city_duty")
DESK = (*HOTLINE, "school_counsellor", *TRIAGE)
ANSWERING = ("owner", "triage", "escalation", "duty", "manager", "referral", "supervision")
# section, verb: the hold, the roles, and the origins of grants (all, where none are named)
RIGHTS = {
    ("identity", "read"): ("read", DESK, ()),
    ("identity", "write"): ("work", DESK, ANSWERING),
    ("narrative", "read"): ("read", (*HOTLINE, *TRIAGE), ()),
    ("narrative", "write"): ("work", DESK, ANSWERING),
    ("risk", "read"): ("read", DESK, ()),
    ("risk", "write"): ("work", DESK, ()),
    ("guardian", "read"): ("read", DESK, ()),
    ("guardian", "write"): ("work", DESK, ANSWERING),
    ("plan", "read"): ("read", DESK, ()),
    ("plan", "write"): ("work", DESK, ()),
    ("sealed", "read"): ("sealed", (*HOTLINE, *TRIAGE), ()),
    ("sealed", "write"): ("work", DESK, ANSWERING),
}


def _texts(words: tuple[str, ...]) -> str:
    return "ARRAY[" + ", ".join(f"'{word}'" for word in words) + "]" if words else "NULL::text[]"


LINES = ", ".join(
    f"('{section}', '{verb}', '{hold}', {_texts(roles)}, {_texts(origins)})"
    for (section, verb), (hold, roles, origins) in RIGHTS.items()
)


def _live(table: str, mine: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM public.{table} g JOIN public.auth_permission p ON p.id = g.permission_id"
        f" WHERE g.content_object_id = pk AND {mine} AND g.expires_at > public.app_now()"
        " AND p.codename = its.hold AND (its.origins IS NULL OR g.origin = ANY (its.origins)))"
    )


FUNCTIONS = f"""
CREATE FUNCTION app_section_right(section text, verb text, OUT hold text, OUT roles text[], OUT origins text[])
LANGUAGE sql IMMUTABLE AS $$ SELECT r.hold, r.roles, r.origins FROM (VALUES {LINES})
  r(section, verb, hold, roles, origins) WHERE r.section = $1 AND r.verb = $2 $$;

-- A desk's grant counts through that desk's role, a personal one through any of the asker's.
CREATE FUNCTION app_opens_section(pk uuid, section text, verb text, desks integer[]) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
DECLARE its record; mine integer[];
BEGIN
  SELECT * INTO its FROM public.app_section_right(section, verb);
  mine := ARRAY(SELECT d.group_id FROM public.people_desk d WHERE d.group_id = ANY (desks) AND d.role = ANY (its.roles));
  RETURN cardinality(mine) > 0 AND ({_live(GRANTS[0], "g.group_id = ANY (mine)")}
    OR {_live(GRANTS[1], "g.user_id = public.app_user()")});
END $$;

CREATE FUNCTION app_written_besides(pk uuid, what text, desks integer[]) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$ BEGIN
  RETURN public.app_works_case(pk, desks)
    AND EXISTS (SELECT 1 FROM public.cases_entry e WHERE e.case_id = pk AND e.kind <> what);
END $$;
-- That there is an entry, and what kind of thing it is: for whoever reads the file, of the sealed section for its readers.
CREATE FUNCTION app_entry_covers(pks uuid[], desks integer[]) RETURNS TABLE
  (id uuid, case_id uuid, section varchar, kind varchar, author_id bigint, desk_id integer, at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$ BEGIN
  RETURN QUERY SELECT e.id, e.case_id, e.section, e.kind, e.author_id, e.desk_id, e.at FROM public.cases_entry e
  WHERE e.case_id = ANY (ARRAY(SELECT pk FROM unnest(pks) pk WHERE public.app_reads_case(pk, desks)))
    AND (e.section <> 'sealed' OR public.app_opens_section(e.case_id, 'sealed', 'read', desks));
END $$;
GRANT SELECT ON people_desk TO wellbeing_gate;
GRANT SELECT (id, case_id, section, kind, author_id, desk_id, at) ON cases_entry TO wellbeing_gate;
CREATE POLICY gate ON cases_entry FOR SELECT TO wellbeing_gate USING (true);
GRANT CREATE ON SCHEMA public TO wellbeing_gate;
ALTER FUNCTION app_opens_section(uuid, text, text, integer[]) OWNER TO wellbeing_gate;
ALTER FUNCTION app_written_besides(uuid, text, integer[]) OWNER TO wellbeing_gate;
ALTER FUNCTION app_entry_covers(uuid[], integer[]) OWNER TO wellbeing_gate;
REVOKE CREATE ON SCHEMA public FROM wellbeing_gate;
"""
NO_FUNCTIONS = """
DROP FUNCTION app_entry_covers(uuid[], integer[]);
DROP FUNCTION app_written_besides(uuid, text, integer[]);
DROP FUNCTION app_opens_section(uuid, text, text, integer[]);
DROP FUNCTION app_section_right(text, text);
DROP POLICY gate ON cases_entry;
REVOKE SELECT (id, case_id, section, kind, author_id, desk_id, at) ON cases_entry FROM wellbeing_gate;
"""

ASKED = f"app_asked_entry(id, {rls.MY_DESKS})"
OWN = f"(section <> 'sealed' AND desk_id = ANY ({rls.MY_DESKS}) AND {rls.reads('case', 'case_id')})"
MOVING = f"(case_id = ANY ((SELECT app_moving_cases())::uuid[]) AND {rls.reads('case', 'case_id')})"
ANSWERS = f"(section = 'plan' AND kind = 'transfer' AND app_answers_case(case_id, {rls.MY_DESKS}))"
SELECT = f"app_opens_section(case_id, section, 'read', {rls.MY_DESKS}) OR {OWN} OR {ASKED} OR {MOVING}"
INSERT = f"app_system() OR app_opens_section(case_id, section, 'write', {rls.MY_DESKS}) OR {ANSWERS}"
WALLS = f"""
ALTER POLICY app_select ON cases_entry USING ({SELECT});
ALTER POLICY app_insert ON cases_entry WITH CHECK ({INSERT});
"""
NO_WALLS = f"""
ALTER POLICY app_insert ON cases_entry WITH CHECK (app_system() OR {rls.sees("case", "case_id")});
ALTER POLICY app_select ON cases_entry USING ({rls.reads("case", "case_id")} OR {ASKED});
"""
HOLDS = [("see", "see"), ("read", "read"), ("work", "work"), ("sealed", "sealed")]


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_sheets_go_on")]
    operations = [
        migrations.AlterModelOptions(name="case", options={"default_permissions": (), "permissions": HOLDS}),
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        migrations.RunSQL(WALLS, NO_WALLS),
    ]
