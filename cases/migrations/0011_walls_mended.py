"""What an attacker at the database found between the walls of sections, of two people and of named cases.

A person and her keys follow grants, not whatever row of a case happens to be shown: whoever names a case finds no name
in it. Her words open to whoever reads a file of hers; the cover alone shows her name in lists. An answer of a second
person is given once, in time, under the answerer's own name, and what was read once stays read. The hold on the sealed
section is passed on by whoever has it. Whoever has the same glass broken is nobody's second person for it.

Grants that were made before there was that hold get it here, where their holders read the section before: it could
not stand in 0008_sections, whose permission Django writes only after the last migration, and a database that has
passed 0008 already needs it as well."""

from django.db import migrations

from wellbeing.access import rls

GRANTS = ("cases_caseuserobjectpermission", "cases_casegroupobjectpermission")
SEES_PERSON = """
CREATE OR REPLACE FUNCTION app_sees_person(pk uuid) RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT EXISTS (SELECT 1 FROM cases_case c WHERE c.person_id = pk{}) $$
"""
GRANTED = f" AND (app_system() OR app_sees_case(c.id, {rls.MY_DESKS}))"
KEY = "ALTER POLICY person_{} ON vault.vault_datakey USING (owner_kind = 'person' AND NOT app_system() AND {})"
READS_PERSON, SEEN = f"app_reads_person(owner_id, {rls.MY_DESKS})", "app_sees_person(owner_id)"
VERBS = ("select", "delete")

# The ten minutes of cases/second_person.py. `confirmed_at` begins the minutes in which a number may be read.
ANSWERS = """
CREATE FUNCTION app_answers_once() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE oldest timestamptz := app_now() - interval '10 minutes';
BEGIN
  IF OLD.confirmed_at IS NULL AND OLD.refused_at IS NULL AND OLD.at >= oldest AND (
     (NEW.confirmed_by_id = app_user() AND NEW.confirmed_at BETWEEN OLD.at AND app_now()
      AND NEW.refused_by_id IS NULL AND NEW.refused_at IS NULL)
     OR (NEW.refused_by_id = app_user() AND NEW.refused_at BETWEEN OLD.at AND app_now()
      AND NEW.confirmed_by_id IS NULL AND NEW.confirmed_at IS NULL)) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a second person answers once, in time, and for herself' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE FUNCTION app_read_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  RAISE EXCEPTION 'what was read once stays read' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER once BEFORE UPDATE OF confirmed_by_id, confirmed_at, refused_by_id, refused_at, until
  ON cases_sealedask FOR EACH ROW EXECUTE FUNCTION app_answers_once();
CREATE TRIGGER once BEFORE UPDATE OF confirmed_by_id, confirmed_at, refused_by_id, refused_at
  ON cases_callerask FOR EACH ROW EXECUTE FUNCTION app_answers_once();
CREATE TRIGGER read_once BEFORE UPDATE OF read_at ON cases_callerask FOR EACH ROW
  WHEN (OLD.read_at IS NOT NULL) EXECUTE FUNCTION app_read_once();
"""
NO_ANSWERS = """
DROP TRIGGER read_once ON cases_callerask;
DROP TRIGGER once ON cases_callerask;
DROP TRIGGER once ON cases_sealedask;
DROP FUNCTION app_read_once();
DROP FUNCTION app_answers_once();
"""

ELSE = (
    "NOT EXISTS (SELECT 1 FROM cases_breakglass o WHERE o.case_id = cases_sealedask.case_id"
    " AND o.by_id = app_user() AND o.until > app_now())"
)
SECOND = f"CREATE POLICY unconcerned ON cases_sealedask AS RESTRICTIVE FOR UPDATE TO wellbeing_app USING ({ELSE})"

PASSES = (
    "(permission_id <> ALL (ARRAY(SELECT p.id FROM auth_permission p WHERE p.codename = 'sealed')) OR app_system()"
    f" OR app_new_case(content_object_id) OR app_opens_section(content_object_id, 'sealed', 'read', {rls.MY_DESKS}))"
)
PASS = [
    f"CREATE POLICY sealed_{verb} ON {table} AS RESTRICTIVE FOR {verb.upper()} TO wellbeing_app"
    + (" USING (true)" if verb == "update" else "")
    + f" WITH CHECK ({PASSES})"
    for table in GRANTS
    for verb in ("insert", "update")
]
NO_PASS = [f"DROP POLICY sealed_{verb} ON {table}" for table in GRANTS for verb in ("insert", "update")]

# Of whom: who took the call or calls back, and no desk but the counsellors', which read it before. The owner of the tables
# passes its own wall for these two statements, and the foreign keys are checked before it stands again.
HOTLINE = " AND EXISTS (SELECT 1 FROM people_desk d WHERE d.group_id = g.group_id AND d.role = 'hotline_counsellor')"


def _keep(table: str, who: str, of: str = "") -> str:
    columns = f"{who}, content_object_id, origin, granted_by_id, granted_at, expires_at"
    return (
        f"INSERT INTO {table} (permission_id, {columns}) SELECT s.id, {columns} FROM {table} g"
        " JOIN auth_permission p ON p.id = g.permission_id AND p.codename = 'read'"
        " JOIN auth_permission s ON s.content_type_id = p.content_type_id AND s.codename = 'sealed'"
        f" WHERE g.origin IN ('owner', 'duty', 'supervision'){of} ON CONFLICT DO NOTHING"
    )


KEPT = [
    "INSERT INTO auth_permission (name, content_type_id, codename) SELECT 'sealed', t.id, 'sealed'"
    " FROM django_content_type t WHERE t.app_label = 'cases' AND t.model = 'case' ON CONFLICT DO NOTHING",
    *(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY" for table in GRANTS),
    _keep(GRANTS[0], "user_id"),
    _keep(GRANTS[1], "group_id", HOTLINE),
    "SET CONSTRAINTS ALL IMMEDIATE",
    "SET CONSTRAINTS ALL DEFERRED",
    *(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY" for table in GRANTS),
]


class Migration(migrations.Migration):
    dependencies = [("cases", "0010_named")]
    operations = [
        migrations.RunSQL(
            [SEES_PERSON.format(GRANTED), *(KEY.format(verb, READS_PERSON) for verb in VERBS)],
            [*(KEY.format(verb, SEEN) for verb in VERBS), SEES_PERSON.format("")],
        ),
        migrations.RunSQL(ANSWERS, NO_ANSWERS),
        migrations.RunSQL(SECOND, "DROP POLICY unconcerned ON cases_sealedask"),
        migrations.RunSQL(KEPT, ""),
        migrations.RunSQL(PASS, NO_PASS),
    ]
