"""The second person for a post stands at the wall too: a row of a post that reaches cases, judges or administers is written
by the security administrator alone, where somebody else's proposal of it waits (people.appointing.needs_two: every role
but the reporter's). Of a post that stands only the last day changes, and it only comes nearer."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION people_post_by_two() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF current_user <> 'wellbeing_app' OR app_system() THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    IF NEW.ends_on IS NULL OR NEW.ends_on > OLD.ends_on THEN
      RAISE insufficient_privilege USING MESSAGE = 'a post ends earlier, never later';
    END IF;
  ELSIF (SELECT d.role FROM people_desk d WHERE d.group_id = NEW.desk_id) <> 'reporter' AND NOT (
    app_administers('security_admin') AND EXISTS (
      SELECT 1 FROM people_appointment a WHERE a.user_id = NEW.user_id AND a.desk_id = NEW.desk_id
      AND a.state = 'waiting' AND a.proposed_by_id <> app_user()
      AND NEW.starts_on >= a.starts_on AND NEW.ends_on IS NOT DISTINCT FROM a.ends_on)) THEN
    RAISE insufficient_privilege USING MESSAGE = 'a post of this role is proposed by one and confirmed by another';
  END IF;
  RETURN NEW;
END $$;
-- After the guard, by its name.
CREATE TRIGGER guard_by_two BEFORE INSERT OR UPDATE ON people_post FOR EACH ROW EXECUTE FUNCTION people_post_by_two();
REVOKE UPDATE ON people_post FROM wellbeing_app;
GRANT UPDATE (ends_on) ON people_post TO wellbeing_app;
"""
BACKWARD = """
GRANT UPDATE ON people_post TO wellbeing_app;
DROP TRIGGER guard_by_two ON people_post;
DROP FUNCTION people_post_by_two();
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0004_walls")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
