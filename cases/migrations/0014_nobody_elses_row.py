"""A row of one's own names nothing of another's. What somebody who reaches the database as the application found:

a case that is set onto another's person opens that person to whoever holds the case; a transfer that names any entry
shows it to the desk it asks, be it the asker's own, and one that stays there shows all that is sealed; an asking that names another case than
the one it opens deceives its second person."""

from django.db import migrations

from wellbeing.access import rls

# As wellbeing_gate: the asker need not see the other case, nor a person whom she has just written.
FREE = """
CREATE FUNCTION app_person_free(person uuid, desks integer[]) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
  RETURN NOT EXISTS (SELECT 1 FROM public.cases_case c WHERE c.person_id = person)
    AND NOT EXISTS (SELECT 1 FROM public.cases_person p WHERE p.id = person AND p.desk_id <> ALL (desks));
END $$;
GRANT SELECT (id, desk_id) ON cases_person TO wellbeing_gate;
CREATE POLICY gate ON cases_person FOR SELECT TO wellbeing_gate USING (true)
"""
# A file goes to another desk and another division in the transaction that moves it; about whom it is, and what it is
# called, stays.
WHOSE = f"""
CREATE FUNCTION app_case_is_whose() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF app_system()
     OR TG_OP = 'INSERT' AND (app_person_free(NEW.person_id, {rls.MY_DESKS})
       OR app_reads_person(NEW.person_id, {rls.MY_DESKS}))
     OR TG_OP = 'UPDATE' AND (NEW.id, NEW.person_id, NEW.reference) = (OLD.id, OLD.person_id, OLD.reference)
       AND ((NEW.owner_desk_id, NEW.division_id) = (OLD.owner_desk_id, OLD.division_id)
         OR NEW.id = ANY (app_moving_cases())) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a case stays whose it is, and about whom' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER whose BEFORE INSERT OR UPDATE OF id, person_id, reference, owner_desk_id, division_id ON cases_case
  FOR EACH ROW WHEN (current_user = 'wellbeing_app') EXECUTE FUNCTION app_case_is_whose();
"""
NOBODYS = "DROP TRIGGER whose ON cases_case; DROP FUNCTION app_case_is_whose();"

# What a transfer shows is its own entry. In the transaction that moves a file, all of it shows to be sealed anew, and only
# where another division's key is to seal it: two of one desk would else open to each other what is sealed in it.
AWAY = """
CREATE FUNCTION app_moves_away(asked uuid) RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT EXISTS (SELECT 1 FROM cases_transfer t JOIN cases_case c ON c.id = t.case_id
     JOIN people_desk d ON d.group_id = t.to_desk_id JOIN people_organisation o ON o.id = d.organisation_id
     WHERE t.case_id = asked AND t.moved_in = txid_current() AND o.division_id <> c.division_id) $$;
"""
MY = rls.MY_DESKS
OWN = f"(section <> 'sealed' AND desk_id = ANY ({MY}) AND {rls.reads('case', 'case_id')})"
MOVING = f"(case_id = ANY ((SELECT app_moving_cases())::uuid[]) AND {rls.reads('case', 'case_id')}{{}})"
SHOWN = f"app_opens_section(case_id, section, 'read', {MY}) OR {OWN} OR {{}}app_asked_entry(id, {MY}){{}} OR {MOVING}"
ENTRIES = "ALTER POLICY app_select ON cases_entry USING ({})"
ASKING = (
    "CREATE POLICY its_entry ON cases_transfer AS RESTRICTIVE FOR INSERT TO wellbeing_app WITH CHECK ("
    "EXISTS (SELECT 1 FROM cases_entry e WHERE e.id = entry_id"
    " AND e.case_id = cases_transfer.case_id AND e.section = 'plan' AND e.kind = 'transfer'))"
)

# Asked now, by who reads the file, under the reference of what is opened.
SAYS = (
    "CREATE POLICY says_which ON cases_{table} AS RESTRICTIVE FOR INSERT TO wellbeing_app WITH CHECK ("
    "at BETWEEN app_now() - interval '1 minute' AND app_now() AND refused_at IS NULL AND {reads}"
    " AND EXISTS (SELECT 1 FROM cases_case c WHERE c.id = case_id AND c.reference = cases_{table}.reference){more})"
)
NUMBER = (
    " AND read_at IS NULL AND EXISTS (SELECT 1 FROM cases_callernumber n"
    " WHERE n.id = number_id AND n.case_id = cases_callerask.case_id)"
)
READS = rls.reads("case", "case_id")


class Migration(migrations.Migration):
    dependencies = [("cases", "0013_own_look")]
    operations = [
        rls.gate(FREE, "app_person_free(uuid, integer[])"),
        migrations.RunSQL(WHOSE, NOBODYS),
        migrations.RunSQL(
            [
                AWAY,
                ENTRIES.format(
                    SHOWN.format("(section = 'plan' AND kind = 'transfer' AND ", ")", " AND app_moves_away(case_id)")
                ),
                ASKING,
            ],
            [
                "DROP POLICY its_entry ON cases_transfer",
                ENTRIES.format(SHOWN.format("", "", "")),
                "DROP FUNCTION app_moves_away(uuid)",
            ],
        ),
        migrations.RunSQL(
            [
                SAYS.format(table="callerask", reads=READS, more=NUMBER),
                SAYS.format(table="sealedask", reads=READS, more=""),
            ],
            ["DROP POLICY says_which ON cases_sealedask", "DROP POLICY says_which ON cases_callerask"],
        ),
    ]
