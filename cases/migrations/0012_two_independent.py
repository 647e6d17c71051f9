"""Two people are two only when neither owes the other an answer, and whoever was the second is not the judge as well.

Within a day nobody confirms an asking of somebody who stood second for her, directly or through others: a number of a
caller and a sealed section count together. An opening is judged once, by somebody who neither made it nor confirmed its
sealed section; it is written as it was made, for hours, before two desks at which its maker does not sit.

Of the grants on a case that exists a person writes those of others, under her own name, and only while she answers for
the file: what a guest was given she neither rewrites nor passes on."""

from django.db import migrations

from wellbeing.access import rls

# The day of cases/second_person.py, and the ten minutes between asking and answer. Taken one after the other: two who
# confirm each other at the same moment would both be the first.
SECOND = """
CREATE FUNCTION app_stood_second(asker bigint) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('second_person', 0));
  RETURN EXISTS (
    WITH RECURSIVE given(by_id, second_id) AS (
      SELECT a.by_id, a.confirmed_by_id FROM public.cases_callerask a
      WHERE a.at > public.app_now() - interval '1 day 10 minutes' AND a.confirmed_at > public.app_now() - interval '1 day'
      UNION SELECT s.by_id, s.confirmed_by_id FROM public.cases_sealedask s
      WHERE s.at > public.app_now() - interval '1 day 10 minutes' AND s.confirmed_at > public.app_now() - interval '1 day'),
    ring(person) AS (
      SELECT g.second_id FROM given g WHERE g.by_id = public.app_user()
      UNION SELECT g.second_id FROM given g JOIN ring r ON g.by_id = r.person)
    SELECT 1 FROM ring r WHERE r.person = asker);
END $$;

CREATE FUNCTION app_confirmed_glass(glass uuid) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$ BEGIN
  RETURN EXISTS (SELECT 1 FROM public.cases_sealedask s WHERE s.glass_id = glass AND s.confirmed_by_id = public.app_user());
END $$;
"""

TRIGGERS = """
CREATE FUNCTION app_independent() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.confirmed_by_id IS NOT NULL AND app_stood_second(NEW.by_id) THEN
    RAISE EXCEPTION 'whoever she stood second for does not stand second for her' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION app_not_the_judge() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.confirmed_by_id = (SELECT g.reviewed_by_id FROM cases_breakglass g WHERE g.id = NEW.glass_id) THEN
    RAISE EXCEPTION 'who judged the opening is not its second person' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER twofold BEFORE UPDATE OF confirmed_by_id ON cases_callerask FOR EACH ROW EXECUTE FUNCTION app_independent();
CREATE TRIGGER twofold BEFORE UPDATE OF confirmed_by_id ON cases_sealedask FOR EACH ROW EXECUTE FUNCTION app_independent();
CREATE TRIGGER unjudged BEFORE UPDATE OF confirmed_by_id ON cases_sealedask
  FOR EACH ROW EXECUTE FUNCTION app_not_the_judge();

-- Machines bring an opening up, and judge nothing.
CREATE FUNCTION app_judged_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF app_system() AND NEW.level >= OLD.level AND (NEW.verdict, NEW.reviewed_by_id, NEW.reviewed_at, NEW.until)
      IS NOT DISTINCT FROM (OLD.verdict, OLD.reviewed_by_id, OLD.reviewed_at, OLD.until)
    OR NOT app_system() AND OLD.reviewed_at IS NULL AND NEW.reviewed_by_id = app_user() AND NEW.verdict <> ''
      AND NEW.reviewed_at BETWEEN OLD.at AND app_now() AND NEW.until <= OLD.until AND NEW.level = OLD.level
      AND NOT app_confirmed_glass(OLD.id) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'an opening is judged once, by somebody who had no part in it' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER once BEFORE UPDATE OF verdict, reviewed_by_id, reviewed_at, until, level ON cases_breakglass
  FOR EACH ROW EXECUTE FUNCTION app_judged_once();
"""
NO_TRIGGERS = """
DROP TRIGGER once ON cases_breakglass;
DROP FUNCTION app_judged_once();
DROP TRIGGER unjudged ON cases_sealedask;
DROP TRIGGER twofold ON cases_sealedask;
DROP TRIGGER twofold ON cases_callerask;
DROP FUNCTION app_not_the_judge();
DROP FUNCTION app_independent();
"""

# The longest that policy may say (cases/policy_fields.py) is a day.
OPENS = (
    f"{rls.sits('hotline_counsellor', 'hotline_supervisor', 'county_triage', 'city_duty')}"
    " AND verdict = '' AND reviewed_by_id IS NULL AND level = 0"
    " AND at BETWEEN app_now() - interval '1 minute' AND app_now() AND until <= at + interval '1 day'"
    f" AND first_desk_id <> ALL ({rls.MY_DESKS}) AND second_desk_id <> ALL ({rls.MY_DESKS})"
    " AND (SELECT count(*) FROM people_desk d WHERE d.group_id IN (first_desk_id, second_desk_id)"
    " AND d.role IN ('hotline_supervisor', 'county_triage', 'city_duty', 'education_admin')) = 2"
)
OPENED = f"CREATE POLICY opened ON cases_breakglass AS RESTRICTIVE FOR INSERT TO wellbeing_app WITH CHECK ({OPENS})"

ANSWERS = f"app_opens_section(content_object_id, 'identity', 'write', {rls.MY_DESKS})"
# Whoever sits at the desk that owns a file, and may act in it, gives and ends what is given (cases/sharing.py).
OWNS = (
    "(origin = 'given' AND EXISTS (SELECT 1 FROM cases_case c WHERE c.id = content_object_id"
    f" AND c.owner_desk_id = ANY ({rls.MY_DESKS}) AND {rls.works('case', 'c.id')}))"
)
SIGNED = "granted_by_id = app_user() AND expires_at < app_now() + interval '3 years'"


def _answering(table: str, others: str) -> list[str]:
    """The policies of one table of grants on what exists already: `others` says which rows are not the asker's own."""
    touches = f"(({ANSWERS} OR {OWNS}){others})"
    return [
        f"CREATE POLICY answering_insert ON {table} AS RESTRICTIVE FOR INSERT TO wellbeing_app"
        f" WITH CHECK (app_system() OR ({SIGNED} AND (app_new_case(content_object_id) OR {touches})))",
        f"CREATE POLICY answering_update ON {table} AS RESTRICTIVE FOR UPDATE TO wellbeing_app"
        f" USING (app_system() OR {touches}) WITH CHECK (app_system() OR ({SIGNED} AND {touches}))",
        f"CREATE POLICY answering_delete ON {table} AS RESTRICTIVE FOR DELETE TO wellbeing_app"
        f" USING (app_system() OR {touches})",
    ]


GRANTS = {
    "cases_caseuserobjectpermission": " AND user_id <> app_user()",
    "cases_casegroupobjectpermission": "",
}


class Migration(migrations.Migration):
    dependencies = [("cases", "0011_walls_mended")]
    operations = [
        rls.gate(
            SECOND,
            "app_stood_second(bigint)",
            "app_confirmed_glass(uuid)",
            reads=("cases_callerask", "cases_sealedask"),
        ),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
        rls.changes("cases_breakglass", "verdict", "reviewed_by_id", "reviewed_at", "until", "level"),
        migrations.RunSQL(OPENED, "DROP POLICY opened ON cases_breakglass"),
        migrations.RunSQL(
            [step for table, others in GRANTS.items() for step in _answering(table, others)],
            [f"DROP POLICY answering_{verb} ON {table}" for table in GRANTS for verb in ("insert", "update", "delete")],
        ),
    ]
