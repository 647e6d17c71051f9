"""A file comes back at the tier it was closed at, or higher, where lowering from that one takes two people. One person
closed a red case as handed over to health services and opened it again at yellow: 0018_lowered_by_two let what was
closed come back at any tier."""

from django.db import migrations

RANK = "array_position(ARRAY['red', 'orange', 'yellow', 'blue', 'green'], {}::text)"
BACK = f"""
CREATE FUNCTION app_comes_back() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF app_lowers_alone(OLD.tier) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a file comes back no lower than it went' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER comes_back BEFORE UPDATE OF status ON cases_case FOR EACH ROW
  WHEN (current_user = 'wellbeing_app' AND NOT app_system() AND OLD.status = 'closed' AND NEW.status <> 'closed'
    AND {RANK.format("NEW.tier")} > {RANK.format("OLD.tier")})
  EXECUTE FUNCTION app_comes_back();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0025_by_the_flow")]
    operations = [
        migrations.RunSQL(BACK, "DROP TRIGGER comes_back ON cases_case; DROP FUNCTION app_comes_back();"),
    ]
