"""The figures of a hotline's year are its supervisor's, and their confirmation the bureau's, column by column: who
confirms rewrites nothing of what is confirmed, and who fills in confirms nothing, whatever posts she holds besides."""

from django.db import migrations

from wellbeing.access import rls

FORWARD = f"""
CREATE FUNCTION registers_year_by_two() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  supervises boolean := {rls.sits("hotline_supervisor", at="NEW.hotline_id")};
  bureau boolean := {rls.sits("education_admin")};
BEGIN
  IF supervises AND NEW.state = 'filled' AND NEW.filled_by_id = app_user() AND NEW.confirmed_by_id IS NULL
     AND NEW.confirmed_at IS NULL AND (TG_OP = 'INSERT' OR OLD.state <> 'confirmed'
       AND (OLD.id, OLD.hotline_id, OLD.year) IS NOT DISTINCT FROM (NEW.id, NEW.hotline_id, NEW.year)) THEN
    RETURN NEW;
  END IF;
  IF bureau AND TG_OP = 'UPDATE'
     AND (OLD.id, OLD.hotline_id, OLD.year, OLD.seats, OLD.hours, OLD.staff, OLD.filled_at, OLD.filled_by_id)
       IS NOT DISTINCT FROM (NEW.id, NEW.hotline_id, NEW.year, NEW.seats, NEW.hours, NEW.staff, NEW.filled_at, NEW.filled_by_id)
     AND (OLD.state = 'filled' AND NEW.state = 'confirmed' AND NEW.confirmed_by_id = app_user()
          AND NEW.filled_by_id <> app_user() AND OLD.note = NEW.note
        OR OLD.state <> 'returned' AND NEW.state = 'returned' AND NEW.confirmed_by_id IS NULL) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'one fills a year in, another confirms it' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER by_two BEFORE INSERT OR UPDATE ON registers_hotlineyear FOR EACH ROW
  WHEN (current_user = 'wellbeing_app') EXECUTE FUNCTION registers_year_by_two();
"""
BACKWARD = "DROP TRIGGER by_two ON registers_hotlineyear; DROP FUNCTION registers_year_by_two();"


class Migration(migrations.Migration):
    dependencies = [("registers", "0003_hotline_years")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
