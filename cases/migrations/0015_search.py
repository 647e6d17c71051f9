"""What a search goes through comes in one answer a thousand cases: sealed, with the keys that open it.

The walls ask once for each case and again for its key, which is most of what a search costs. These functions ask the
grants for all of them at once and answer what the walls of cases_case, cases_person and vault_datakey would, no more:
covers by any live grant, identities by one that opens the words (tests/cases/test_search.py holds each to the other).
Machines read no key, so they get nothing here."""

from django.db import migrations

GRANTS = {"group": "cases_casegroupobjectpermission", "user": "cases_caseuserobjectpermission"}
ROW = (
    "TABLE (of_case uuid, id uuid, division varchar, sealed bytea, key_id bigint, division_key bigint, suite smallint,"
    " wrapped bytea)"
)


def _held(hold: str = "") -> str:
    """The condition that the asker, or a desk of hers, has a live grant on the case `pk`; of this hold."""
    of_hold = (
        f" AND g.permission_id = ANY (ARRAY(SELECT p.id FROM public.auth_permission p WHERE p.codename = '{hold}'))"
    )
    mine = {"group": "g.group_id = ANY (desks)", "user": "g.user_id = public.app_user()"}
    return " OR ".join(
        f"EXISTS (SELECT 1 FROM public.{table} g WHERE g.content_object_id = c.id AND {mine[whose]}"
        f" AND g.expires_at > public.app_now(){of_hold if hold else ''})"
        for whose, table in GRANTS.items()
    )


def _function(name: str, kind: str, rows: str, sealed: str, held: str) -> str:
    """`rows` joins what is sealed, `t`, to its case, `c`; an envelope names its key in its bytes 3 to 10."""
    return f"""
CREATE FUNCTION {name}(pks uuid[], desks integer[]) RETURNS {ROW} LANGUAGE plpgsql STABLE SECURITY DEFINER
SET plan_cache_mode = force_generic_plan AS $$ BEGIN  -- a plan of its own for each thousand reads the tables whole
  IF public.app_system() THEN RETURN; END IF;
  RETURN QUERY SELECT c.id, t.id, t.division_id, t.{sealed}, k.id, k.division_key_id, k.suite, k.wrapped
  FROM unnest(pks) pk JOIN public.cases_case c ON c.id = pk {rows}
  JOIN vault.vault_datakey k ON k.id = ('x' || encode(substring(t.{sealed} FROM 3 FOR 8), 'hex'))::bit(64)::bigint
    AND k.owner_kind = '{kind}' AND k.owner_id = t.id
  WHERE {held} ORDER BY c.id DESC;
END $$;
ALTER FUNCTION {name}(uuid[], integer[]) OWNER TO wellbeing_gate;
"""


FORWARD = f"""
GRANT USAGE ON SCHEMA vault TO wellbeing_gate;
GRANT SELECT ON vault.vault_datakey TO wellbeing_gate;
CREATE POLICY gate_searched ON vault.vault_datakey FOR SELECT TO wellbeing_gate USING (owner_kind IN ('case', 'person'));
GRANT SELECT (division_id, sealed) ON cases_person TO wellbeing_gate;
GRANT CREATE ON SCHEMA public TO wellbeing_gate;
{_function("app_sealed_covers", "case", "JOIN public.cases_case t ON t.id = c.id", "cover", _held())}
{_function("app_sealed_persons", "person", "JOIN public.cases_person t ON t.id = c.person_id", "sealed", _held("read"))}
REVOKE CREATE ON SCHEMA public FROM wellbeing_gate;
"""
BACKWARD = """
DROP FUNCTION app_sealed_persons(uuid[], integer[]);
DROP FUNCTION app_sealed_covers(uuid[], integer[]);
REVOKE SELECT (division_id, sealed) ON cases_person FROM wellbeing_gate;
DROP POLICY gate_searched ON vault.vault_datakey;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0014_nobody_elses_row"), ("vault", "0002_walls")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
