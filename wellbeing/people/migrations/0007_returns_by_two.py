"""A staffing return takes its steps at the wall as the table of states gives them (people/flow.py): the school fills in and
submits, somebody else confirms what the school wrote and rewrites nothing of it, the city locks and unlocks. Whoever
submitted a return confirms it by none of her other posts."""

from django.db import migrations

SAYS = "{0}.id, {0}.term_id, {0}.school_id, {0}.division_id"
FIGURES = "{0}.stage, {0}.enrolment, {0}.boarding, {0}.merged_into_id"


def _same(columns: str) -> str:
    return f"({columns.format('OLD')}) IS NOT DISTINCT FROM ({columns.format('NEW')})"


FORWARD = f"""
CREATE FUNCTION people_return_by_two() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  step text[];
  same boolean;
BEGIN
  IF app_system() THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.state = 'draft' AND NEW.short IS NULL THEN
      RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a return begins as a draft' USING ERRCODE = 'insufficient_privilege';
  END IF;
  step := ARRAY[OLD.state, NEW.state];
  same := {_same(FIGURES)};
  IF {_same(SAYS)} AND (OLD.state = NEW.state OR NEW.moved_by_id = app_user()) AND (
    (NEW.school_id = ANY (app_return_schools()) AND NEW.short IS NOT DISTINCT FROM OLD.short
      AND OLD.state IN ('draft', 'returned') AND NEW.state IN (OLD.state, 'submitted'))
    OR (NEW.division_id = ANY (app_return_divisions()) AND same AND NEW.short IS NOT DISTINCT FROM OLD.short
      AND (step = ARRAY['submitted', 'confirmed'] AND OLD.moved_by_id IS DISTINCT FROM app_user()
        OR step = ARRAY['submitted', 'returned'] OR step = ARRAY['confirmed', 'returned']))
    OR (app_return_city() AND (
      (step = ARRAY['draft', 'draft'] OR step = ARRAY['returned', 'returned']) AND NEW.short IS NOT DISTINCT FROM OLD.short
      OR same AND (step = ARRAY['locked', 'locked'] OR step = ARRAY['lapsed', 'lapsed']
        OR NEW.state = CASE OLD.state WHEN 'confirmed' THEN 'locked' WHEN 'locked' THEN 'returned'
          WHEN 'lapsed' THEN 'returned' ELSE 'lapsed' END)))) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'one fills a return in, another confirms it' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER by_two BEFORE INSERT OR UPDATE ON people_staffingreturn FOR EACH ROW
  WHEN (current_user = 'wellbeing_app') EXECUTE FUNCTION people_return_by_two();
"""
BACKWARD = "DROP TRIGGER by_two ON people_staffingreturn; DROP FUNCTION people_return_by_two();"


class Migration(migrations.Migration):
    dependencies = [("people", "0006_decided_as_proposed")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
