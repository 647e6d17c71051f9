"""A tier falls at the wall as it does at the doors: one step, by a proposal that stands, of another person where policy asks
for two (cases/lowering.py), or with the file that is opened again after it was closed. Machines lower nothing.

What somebody who works on a case and reaches the database as the application found: she set the tier alone; she signed a
proposal with a colleague's name, or its confirmation; she set back the moment from which a tier has stood. Raising,
alone and at once, asks nothing of this, and no other column does.

Whoever reads a file may lock its row, and writes nothing into it by that: she asks for a caller's number with another's
confirmation, and an action begins with the lock."""

from django.db import migrations, models

from wellbeing.access import rls

LOWERS = rls.sits("school_counsellor", "county_triage", "city_duty")
CONFIRMS = rls.sits("school_counsellor", "hotline_supervisor", "county_triage", "city_duty")

# That a file was closed and is not only called so: a machine wrote the stubs of its holders, or of what went on elsewhere.
CLOSED = """
CREATE FUNCTION app_was_closed(pk uuid, named text, begun timestamptz) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$ BEGIN
  RETURN EXISTS (SELECT 1 FROM public.cases_stub s WHERE s.reference = named AND s."end" = 'closed' AND s.until >= begun)
    OR EXISTS (SELECT 1 FROM public.cases_successor s WHERE s.case_id = pk AND s.at >= begun);
END $$
"""

RANK = "array_position(ARRAY['red', 'orange', 'yellow', 'blue', 'green'], {}::text)"
FALLS = f"""
CREATE FUNCTION app_lowers_alone(tier text) RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT NOT COALESCE(v.body->'second_person', '["red", "orange"]') ? tier FROM cases_policyversion v
   WHERE v.effective_from <= app_now() ORDER BY v.number DESC LIMIT 1 $$;

CREATE FUNCTION app_tier_falls() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF OLD.status = 'closed' AND NEW.status = 'opened' AND NEW.tier <> 'green' AND NOT app_system()
     AND app_was_closed(OLD.id, OLD.reference, COALESCE(OLD.reopened_at, OLD.opened_at)) THEN
    RETURN NEW;
  END IF;
  IF {RANK.format("NEW.tier")} = {RANK.format("OLD.tier")} + 1 AND EXISTS (
      SELECT 1 FROM cases_lowering l WHERE l.case_id = OLD.id AND l.ended_at IS NULL
      AND l.from_tier = OLD.tier AND l.to_tier = NEW.tier AND l.proposed_at >= OLD.tier_since
      AND (l.proposed_by_id <> app_user() AND {CONFIRMS}
        OR l.proposed_by_id = app_user() AND app_lowers_alone(OLD.tier) AND {LOWERS})) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a tier falls by a proposal, and where policy says so by two people' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER falls BEFORE UPDATE OF tier ON cases_case FOR EACH ROW
  WHEN (current_user = 'wellbeing_app' AND {RANK.format("NEW.tier")} > {RANK.format("OLD.tier")})
  EXECUTE FUNCTION app_tier_falls();

CREATE FUNCTION app_no_earlier() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF app_system() THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'since when a case is open, and at its tier, is not set back' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER no_earlier BEFORE UPDATE OF tier_since, opened_at, reopened_at ON cases_case FOR EACH ROW
  WHEN (current_user = 'wellbeing_app' AND (NEW.tier_since < OLD.tier_since OR NEW.opened_at <> OLD.opened_at
    OR OLD.reopened_at IS NOT NULL AND (NEW.reopened_at < OLD.reopened_at) IS NOT FALSE))
  EXECUTE FUNCTION app_no_earlier();
"""
NO_FALLS = """
DROP TRIGGER no_earlier ON cases_case;
DROP FUNCTION app_no_earlier();
DROP TRIGGER falls ON cases_case;
DROP FUNCTION app_tier_falls();
DROP FUNCTION app_lowers_alone(text);
"""

# A proposal is written by whoever makes it, now, with its reason; it ends once, and is confirmed by whoever does that.
PROPOSES = (
    "proposed_by_id = app_user() AND confirmed_by_id IS NULL AND ended_at IS NULL"
    f" AND proposed_at BETWEEN app_now() - interval '1 minute' AND app_now() AND {LOWERS}"
    " AND EXISTS (SELECT 1 FROM cases_entry e WHERE e.id = entry_id AND e.case_id = cases_lowering.case_id"
    " AND e.section = 'risk' AND e.kind = 'lowering')"
)
PROPOSALS = f"""
CREATE POLICY proposed ON cases_lowering AS RESTRICTIVE FOR INSERT TO wellbeing_app WITH CHECK ({PROPOSES});

CREATE FUNCTION app_lowering_ends() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL AND (NEW.confirmed_by_id IS NULL OR NEW.confirmed_by_id = app_user()
      AND {CONFIRMS}
      AND EXISTS (SELECT 1 FROM cases_case c WHERE c.id = OLD.case_id AND c.tier = OLD.to_tier)) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a proposal ends once, and is confirmed by whoever lowers the case' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER ends BEFORE UPDATE ON cases_lowering FOR EACH ROW
  WHEN (current_user = 'wellbeing_app') EXECUTE FUNCTION app_lowering_ends();
"""
NO_PROPOSALS = """
DROP TRIGGER ends ON cases_lowering;
DROP FUNCTION app_lowering_ends();
DROP POLICY proposed ON cases_lowering;
"""

READER = f"""
CREATE POLICY reader_lock ON cases_case FOR UPDATE TO wellbeing_app
  USING ({rls.reads("case", "id")}) WITH CHECK ({rls.works("case", "id")});
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0017_keys_by_function")]
    operations = [
        migrations.AddIndex(
            model_name="stub",
            index=models.Index(condition=models.Q(end="closed"), fields=["reference"], name="stubs_of_closed"),
        ),
        rls.gate(CLOSED, "app_was_closed(uuid, text, timestamptz)", reads=("cases_stub", "cases_successor")),
        migrations.RunSQL(FALLS, NO_FALLS),
        rls.changes("cases_lowering", "confirmed_by_id", "ended_at"),
        migrations.RunSQL(PROPOSALS, NO_PROPOSALS),
        migrations.RunSQL(READER, "DROP POLICY reader_lock ON cases_case"),
    ]
