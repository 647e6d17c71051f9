"""Posts are written by machines and by the administrators of accounts, never one's own; an administrator's post stands
alone. Every page reads posts before it knows who asks, so a trigger stands here and not row-level security."""

from django.db import migrations

from wellbeing.access import rls

FORWARD = """
CREATE FUNCTION app_administers(VARIADIC roles text[]) RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT EXISTS (SELECT 1 FROM people_desk d WHERE d.group_id = ANY (app_desks()) AND d.role = ANY (roles)) $$;

CREATE FUNCTION people_post_guard() RETURNS trigger LANGUAGE plpgsql AS
$$ DECLARE
     apart constant text[] := ARRAY['system_admin', 'security_admin', 'audit_admin'];
     held text;
   BEGIN
     IF current_user = 'wellbeing_app' AND NOT (app_system()
        OR (app_administers('system_admin', 'security_admin') AND NEW.user_id IS DISTINCT FROM app_user())) THEN
       RAISE insufficient_privilege USING MESSAGE = 'posts are written by administrators, and never their own';
     END IF;
     SELECT role INTO held FROM people_desk WHERE group_id = NEW.desk_id;
     IF EXISTS (
       SELECT 1 FROM people_post p JOIN people_desk d ON d.group_id = p.desk_id
       WHERE p.user_id = NEW.user_id AND p.id IS DISTINCT FROM NEW.id AND d.role <> held
         AND (held = ANY (apart) OR d.role = ANY (apart))
         AND daterange(p.starts_on, p.ends_on + 1) && daterange(NEW.starts_on, NEW.ends_on + 1)) THEN
       RAISE check_violation USING MESSAGE = 'the post of an administrator stands alone';
     END IF;
     RETURN NEW;
   END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON people_post FOR EACH ROW EXECUTE FUNCTION people_post_guard();
REVOKE DELETE, TRUNCATE ON people_post FROM wellbeing_app;
"""
BACKWARD = """
GRANT DELETE, TRUNCATE ON people_post TO wellbeing_app;
DROP TRIGGER guard ON people_post;
DROP FUNCTION people_post_guard();
DROP FUNCTION app_administers(text[]);
"""
ADMINISTERS = "(SELECT app_administers('system_admin', 'security_admin'))"


class Migration(migrations.Migration):
    dependencies = [("people", "0008_accounts_and_posts"), ("access", "0002_walls")]
    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        rls.protect(
            "people_appointment",
            select=f"app_system() OR {ADMINISTERS} OR user_id = app_user()",
            insert="(SELECT app_administers('system_admin')) AND proposed_by_id = app_user() AND user_id <> app_user()",
            update="(SELECT app_administers('security_admin')) AND user_id <> app_user()",
        ),
        rls.protect(
            "people_accountentry",
            select=f"app_system() OR {ADMINISTERS} OR (SELECT app_administers('audit_admin')) OR user_id = app_user()",
            insert=f"{ADMINISTERS} AND made_by_id = app_user()",
        ),
    ]
