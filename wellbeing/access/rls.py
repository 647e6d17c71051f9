"""The second wall: row-level security as migration operations. A forgotten filter in a view then still finds nothing.

Every table that belongs to a case, a person or a referral is ENABLEd and FORCEd, with one policy per verb written
with the functions of people/0002_identity (app_user, app_system, app_known, app_desks, app_now) and the sights made
here. Cost follows the rows a query touches, not the grants its asker holds: a desk with 250,000 grants reads 25 rows
by 25 index probes, where `id = ANY(ARRAY(SELECT …))` would build an array of 250,000 first.

A policy is parsed once; a function's body whenever it is asked, on the path of whoever asks, whose own tables and types
come first there. So a body names the schema of each (`public.`, `pg_catalog.`), and nobody but the owner may execute a
trigger's function (tests/access/test_nothing_in_its_place.py finds one that does otherwise).
"""

from django.db import migrations

VERBS = {
    "select": "USING ({})",
    "insert": "WITH CHECK ({})",
    "update": "USING ({0}) WITH CHECK ({0})",
    "delete": "USING ({})",
}
MY_DESKS = "(SELECT app_desks())::integer[]"  # a sub-select: evaluated once per query, not once per row


def protect(table: str, *, delete: str = "false", **policies: str) -> migrations.RunSQL:
    """Enable and force row-level security on a table; a verb without a policy is refused to everybody."""
    unknown = set(policies) - set(VERBS)
    if unknown:
        raise ValueError(f"unknown verbs: {unknown}")
    steps = [f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY", f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"]
    for verb, condition in {**policies, "delete": delete}.items():
        steps.append(also(table, verb, condition, name=f"app_{verb}"))
    undo = [f"DROP POLICY app_{verb} ON {table}" for verb in {**policies, "delete": delete}]
    undo.append(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    return migrations.RunSQL(";\n".join(steps), ";\n".join(undo))


def also(table: str, verb: str, condition: str, *, name: str, role: str = "wellbeing_app") -> str:
    """The SQL of one more (permissive) policy, e.g. an upper app's sight on a table of a lower one."""
    return f"CREATE POLICY {name} ON {table} FOR {verb.upper()} TO {role} {VERBS[verb].format(condition)}"


def rewrites(table: str, *columns: str) -> migrations.RunSQL:
    """Whoever rotates keys (wellbeing_keys) reads every row of a table of envelopes and may write these columns."""
    steps = [f"GRANT UPDATE ({', '.join(columns)}) ON {table} TO wellbeing_keys"]
    steps += [also(table, verb, "true", name=f"keys_{verb}", role="wellbeing_keys") for verb in ("select", "update")]
    undo = [f"DROP POLICY keys_{verb} ON {table}" for verb in ("select", "update")]
    undo.append(f"REVOKE UPDATE ({', '.join(columns)}) ON {table} FROM wellbeing_keys")
    return migrations.RunSQL(";\n".join(steps), ";\n".join(undo))


def changes(table: str, *columns: str) -> migrations.RunSQL:
    """Of a row that stands the application may change these columns alone; without any, none."""
    steps = [f"REVOKE UPDATE ON {table} FROM wellbeing_app"]
    if columns:
        steps.append(f"GRANT UPDATE ({', '.join(columns)}) ON {table} TO wellbeing_app")
    return migrations.RunSQL(";\n".join(steps), f"GRANT UPDATE ON {table} TO wellbeing_app")


def signed(table: str, *made: str, anew: tuple[str, ...] = (), later: tuple[str, ...] = ()) -> migrations.RunSQL:
    """Whoever writes into these columns who did something writes herself; machines are known by other names.

    `made` is signed with the row and stays; `anew` by whoever last wrote the row; `later` is empty until its act.
    Conditions of triggers cost next to nothing, and the function behind them only raises (people/0002_identity is old:
    app_signs_not is made by cases/0024_signed_by_oneself).
    """
    steps, names = [], []
    for column in (*made, *anew, *later):
        empty = f"NEW.{column} IS NOT NULL AND " if column in later else ""
        another = f"NOT app_system() AND {empty}NEW.{column} IS DISTINCT FROM app_user()"
        changed = f"NEW.{column} IS DISTINCT FROM OLD.{column}"
        rewritten = f"NOT app_system() AND {changed}" if column in made else f"{changed} AND {another}"
        for verb, condition in (("INSERT", another), (f"UPDATE OF {column}", rewritten)):
            names.append(
                f"as_oneself_{column}_{verb[:6].lower()}"
            )  # first, by its name: other triggers speak of other things
            steps.append(
                f"CREATE TRIGGER {names[-1]} BEFORE {verb} ON {table} FOR EACH ROW"
                f" WHEN (current_user = 'wellbeing_app' AND {condition}) EXECUTE FUNCTION app_signs_not()"
            )
    return migrations.RunSQL(";\n".join(steps), ";\n".join(f"DROP TRIGGER {name} ON {table}" for name in names))


def traced(table: str, *columns: str) -> migrations.RunSQL:
    """A person changes these columns only in a transaction that writes an event of hers on the case as well: the last
    of the stream, whose head is locked by then. A machine's changes within hers ask for none.

    It is asked when she is done (access.actor.identity), and at the commit.
    """
    changed = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)
    return migrations.RunSQL(
        f"CREATE CONSTRAINT TRIGGER traced AFTER UPDATE ON {table} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
        f" WHEN (current_user = 'wellbeing_app' AND NOT app_system() AND ({changed}))"
        " EXECUTE FUNCTION app_leaves_trace()",
        f"DROP TRIGGER traced ON {table}",
    )


Steps = tuple[tuple[str, str, tuple[str, ...]], ...]


def moves(table: str, column: str, steps: Steps, *, more: str = "true") -> migrations.RunSQL:
    """A person moves the state in this column along these steps alone: from, to, and the roles of whom one takes it.

    `more` is what must hold besides, of OLD and NEW. A row begins at the first step's beginning.
    """
    names = tuple(dict.fromkeys(role for _from, _to, roles in steps for role in roles))
    sits_as = " OR ".join(f"(who = '{role}' AND {sits(role)})" for role in names) or "false"
    lines = ", ".join(
        f"('{before}', '{after}', {'ARRAY[' + ', '.join(map(repr, who)) + ']' if who else 'NULL::text[]'})"
        for before, after, who in steps
    )
    function = f"app_moves_{table}"
    body = f"""
CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE its text[]; found_one boolean := false;
BEGIN
  FOR its IN SELECT s.roles FROM (VALUES {lines}) s(before, after, roles)
    WHERE s.before = OLD.{column} AND s.after = NEW.{column} LOOP
    found_one := found_one OR its IS NULL OR EXISTS (SELECT 1 FROM unnest(its) who WHERE {sits_as});
  END LOOP;
  IF found_one AND ({more}) THEN RETURN NEW; END IF;
  RAISE EXCEPTION '{table} takes no such step by such hands' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER moves BEFORE UPDATE OF {column} ON {table} FOR EACH ROW WHEN (current_user = 'wellbeing_app'
  AND NOT app_system() AND OLD.{column} IS DISTINCT FROM NEW.{column}) EXECUTE FUNCTION {function}()"""
    return migrations.RunSQL(body, f"DROP TRIGGER moves ON {table}; DROP FUNCTION {function}()")


def keys(**policies: tuple[str, str]) -> migrations.RunSQL:
    """Who finds the keys of the vault that this app owns: a verb and a condition on the key's row, by policy.

    Such a condition speaks of tables behind walls of their own, and its sub-queries pass them.
    """
    table = "vault.vault_datakey"
    steps = [also(table, verb, condition, name=name) for name, (verb, condition) in policies.items()]
    undo = [f"DROP POLICY {name} ON {table}" for name in policies]
    undo += [f"DROP FUNCTION IF EXISTS vault.{name}(text, uuid)" for name in policies]
    return migrations.RunSQL(";\n".join([*steps, KEYS_BY_FUNCTION]), ";\n".join(undo))


# Each kind of key has its policies, and a query for one key plans them all: with the sub-queries of a dozen kinds, and
# those of the walls behind them, that took ten times as long as the reading. A function's plan is made when its kind is
# asked for and kept by the session; it runs with the rights of whoever asks, as the sub-query did.
KEYS_BY_FUNCTION = r"""
DO $do$
DECLARE p record; found_by text := current_setting('search_path');
BEGIN
  PERFORM set_config('search_path', 'pg_catalog', true);  -- conditions then name the schema of all they ask
  FOR p IN SELECT policyname, replace(qual, 'vault_datakey.', policyname || '.') AS condition,
      substring(qual FROM $$owner_kind\)::text = '(\w+)'$$) AS kind
    FROM pg_policies WHERE schemaname = 'vault' AND tablename = 'vault_datakey' AND qual LIKE '%( SELECT 1%'
      AND roles = '{wellbeing_app}'
  LOOP
    EXECUTE format('CREATE OR REPLACE FUNCTION vault.%I(owner_kind text, owner_id uuid) RETURNS boolean'
      ' LANGUAGE plpgsql STABLE AS $body$ BEGIN RETURN %s; END $body$', p.policyname, p.condition);
    EXECUTE format('ALTER POLICY %I ON vault.vault_datakey USING (owner_kind = %L AND vault.%I(owner_kind, owner_id))',
      p.policyname, p.kind, p.policyname);
  END LOOP;
  PERFORM set_config('search_path', found_by, true);
END $do$"""


def gate(functions: str, *signatures: str, reads: tuple[str, ...] = ()) -> migrations.RunSQL:
    """Functions that run as wellbeing_gate, which reads these tables whole: what they answer is all that is told.

    `functions` is their SQL, each SECURITY DEFINER, and `signatures` names each with the types it takes.
    """
    steps = [functions]
    for table in reads:
        steps.append(f"GRANT SELECT ON {table} TO wellbeing_gate")
        steps.append(f"CREATE POLICY gate ON {table} FOR SELECT TO wellbeing_gate USING (true)")
    undo = [f"DROP FUNCTION {name}" for name in reversed(signatures)]
    undo += [f"DROP POLICY gate ON {table};\nREVOKE SELECT ON {table} FROM wellbeing_gate" for table in reads]
    return migrations.RunSQL(";\n".join([*steps, *_to_gate(*signatures)]), ";\n".join(undo))


def desk(column: str = "desk_id") -> str:
    """The condition: the desk in this column is one of the asker's."""
    return f"{column} = ANY ({MY_DESKS})"


def sits(*roles: str, at: str = "") -> str:
    """The condition: the asker sits at a desk of one of these roles, `at` the organisation that this column names."""
    parts = [f"d.organisation_id = {at}"] if at else []
    if roles:
        parts.append(f"d.role IN ({', '.join(repr(role) for role in roles)})")
    return f"EXISTS (SELECT 1 FROM public.people_desk d WHERE {' AND '.join(parts)} AND d.group_id = ANY ({MY_DESKS}))"


def sees(thing: str, column: str = "id") -> str:
    """The condition: the asker holds a live grant on the `thing` whose key stands in `column`."""
    return f"app_sees_{thing}({column}, {MY_DESKS})"


def works(thing: str, column: str) -> str:
    return f"app_works_{thing}({column}, {MY_DESKS})"


def reads(thing: str, column: str) -> str:
    """The condition: the asker's live grant opens the words of the `thing`, not its cover alone."""
    return f"app_reads_{thing}({column}, {MY_DESKS})"


def sight(thing: str, user_table: str, group_table: str) -> migrations.RunSQL:
    """The functions app_sees_, app_works_ and app_new_<thing>(key…), and row-level security on its two grant tables.

    The functions run as wellbeing_gate, the only role that reads grants freely: a policy on the grants may then ask
    them without asking itself. A grant may be made by whoever works on the object, by a machine, or as the very first
    one of an object that does not exist yet.
    """
    steps = [
        _asks("sees", thing, user_table, group_table),
        _asks("works", thing, user_table, group_table),
        f"CREATE FUNCTION app_new_{thing}(pk uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$"
        f" BEGIN RETURN NOT EXISTS (SELECT 1 FROM public.{group_table} g WHERE g.content_object_id = pk)"
        f" AND NOT EXISTS (SELECT 1 FROM public.{user_table} g WHERE g.content_object_id = pk)"
        f" AND NOT EXISTS (SELECT 1 FROM public.{thing}s_{thing} t WHERE t.id = pk); END $$",
        "GRANT SELECT ON auth_permission TO wellbeing_gate",
        f"GRANT SELECT ON {thing}s_{thing} TO wellbeing_gate",
        f"CREATE POLICY gate ON {thing}s_{thing} FOR SELECT TO wellbeing_gate USING (true)",
        *_to_gate(*_signatures(thing)),
    ]
    for table, mine in ((user_table, "user_id = app_user()"), (group_table, f"group_id = ANY ({MY_DESKS})")):
        maker = f"app_system() OR {works(thing, 'content_object_id')}"
        steps += [
            f"GRANT SELECT ON {table} TO wellbeing_gate",
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY gate ON {table} FOR SELECT TO wellbeing_gate USING (true)",
            also(table, "select", f"app_system() OR {mine} OR {sees(thing, 'content_object_id')}", name="app_select"),
            also(
                table, "insert", f"{maker} OR (app_known() AND app_new_{thing}(content_object_id))", name="app_insert"
            ),
            also(table, "update", maker, name="app_update"),
            also(table, "delete", maker, name="app_delete"),
        ]
    undo = [
        f"DROP POLICY {name} ON {table}"
        for table in (user_table, group_table)
        for name in ("app_select", "app_insert", "app_update", "app_delete", "gate")
    ]
    undo += [f"DROP POLICY gate ON {thing}s_{thing}"] + [f"DROP FUNCTION {name}" for name in _signatures(thing)]
    return migrations.RunSQL(";\n".join(steps), ";\n".join(undo))


def reading(thing: str, user_table: str, group_table: str) -> migrations.RunSQL:
    """The function app_reads_<thing>(key, desks), for policies of tables that hold its words."""
    return gate(_asks("reads", thing, user_table, group_table), f"app_reads_{thing}(uuid, integer[])")


def asked_anew(thing: str, user_table: str, group_table: str, *verbs: str) -> migrations.RunSQL:
    """The questions of these verbs as `sight` and `reading` make them now, in a database that has older ones."""
    return migrations.RunSQL(";\n".join(_asks(verb, thing, user_table, group_table) for verb in verbs), "")


HOLDS = {"sees": "", "works": "work", "reads": "read"}


def _asks(verb: str, thing: str, user_table: str, group_table: str) -> str:
    """The SQL of one question to the grants: has a desk of these, or the asker, a live one (of the verb's hold)?

    One after the other: most grants are desks', and a list asks for each of its rows. On leave her own rest. A person's
    are found by the object and not by her (migration 0005_by_the_object), however few she had when the plan was made.
    """
    hold = HOLDS[verb] and (
        " AND EXISTS (SELECT 1 FROM public.auth_permission p WHERE p.id = g.permission_id"
        f" AND p.codename = '{HOLDS[verb]}')"
    )
    live = f"g.content_object_id = pk AND g.expires_at > public.app_now(){hold}"
    return (
        f"CREATE OR REPLACE FUNCTION app_{verb}_{thing}(pk uuid, desks integer[]) RETURNS boolean"
        " LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$ BEGIN"
        f" IF EXISTS (SELECT 1 FROM public.{group_table} g WHERE {live} AND g.group_id = ANY (desks)) THEN"
        " RETURN true; END IF;"
        f" RETURN EXISTS (SELECT 1 FROM public.{user_table} g WHERE {live} AND g.user_id + 0 = public.app_user()"
        " AND NOT public.app_absent()); END $$"
    )


def _signatures(thing: str) -> tuple[str, ...]:
    return f"app_sees_{thing}(uuid, integer[])", f"app_works_{thing}(uuid, integer[])", f"app_new_{thing}(uuid)"


def _to_gate(*signatures: str) -> list[str]:
    """Hand functions to the gate; to own one it must, for that moment, be allowed to make one."""
    return [
        "GRANT CREATE ON SCHEMA public TO wellbeing_gate",
        *(f"ALTER FUNCTION {name} OWNER TO wellbeing_gate" for name in signatures),
        "REVOKE CREATE ON SCHEMA public FROM wellbeing_gate",
    ]
