"""The walls of accounts, posts, returns and centres.

Who is known reads names and posts, because pages show who acted; passwords' hashes, telephones and addresses lie apart,
for their owner and for machines. Posts are written by machines and by the administrators of accounts, never one's own;
an administrator's post stands alone. Returns and centres are seen by those who write, confirm or answer for them: a
school its own, a county those of its division and of the functional areas that are part of it, the city all. What the
city has locked, only the city moves.
"""

from django.db import migrations

from wellbeing.access import rls

# app_account and app_posts say what everybody known may read. app_private answers nobody who is known, but of herself:
# no query of a page can ask it for a colleague.
ACCOUNTS = """
CREATE FUNCTION app_account(asked integer) RETURNS SETOF people_user LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = public AS $$ SELECT * FROM people_user WHERE id = asked $$;

CREATE FUNCTION app_private(asked integer) RETURNS SETOF people_private LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = public AS
$$ SELECT * FROM people_private WHERE user_id = asked AND (app_user() IS NULL OR app_user() = asked) $$;

CREATE FUNCTION app_ways(asked integer) RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = public AS
$$ SELECT COALESCE((SELECT array_remove(ARRAY[CASE WHEN p.mobile <> '' THEN 'sms' END,
                                              CASE WHEN p.email <> '' THEN 'email' END], NULL)
     FROM people_private p JOIN people_user u ON u.id = p.user_id
     WHERE u.id = asked AND u.is_active AND app_known()), ARRAY[]::text[]) $$;

CREATE FUNCTION app_posts(asked integer)
  RETURNS TABLE (id bigint, role varchar, desk_key integer, organisation_id uuid, division_id varchar)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT p.id, d.role, d.group_id, d.organisation_id, o.division_id FROM people_post p
   JOIN people_desk d ON d.group_id = p.desk_id JOIN people_organisation o ON o.id = d.organisation_id
   WHERE p.user_id = asked AND p.starts_on <= (app_now() AT TIME ZONE 'Asia/Shanghai')::date
     AND (p.ends_on IS NULL OR p.ends_on >= (app_now() AT TIME ZONE 'Asia/Shanghai')::date) $$;

GRANT SELECT ON people_desk, people_organisation TO wellbeing_gate;
"""

POSTS = """
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

RETURNS = """
ALTER TABLE people_term ADD CONSTRAINT terms_do_not_overlap
  EXCLUDE USING gist (daterange(first_day, last_day, '[]') WITH &&);

CREATE FUNCTION app_return_schools() RETURNS uuid[] LANGUAGE sql STABLE AS
$$ SELECT ARRAY(SELECT d.organisation_id FROM people_desk d
     WHERE d.group_id = ANY (app_desks()) AND d.role IN ('school_counsellor', 'school_crisis_lead')) $$;

CREATE FUNCTION app_return_divisions() RETURNS text[] LANGUAGE sql STABLE AS
$$ SELECT ARRAY(SELECT v.code FROM people_desk d JOIN people_organisation o ON o.id = d.organisation_id
     JOIN people_division v ON o.division_id IN (v.code, v.part_of_id)
     WHERE d.group_id = ANY (app_desks()) AND d.role IN ('county_triage', 'city_duty')) $$;

CREATE FUNCTION app_return_city() RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT EXISTS (SELECT 1 FROM people_desk d WHERE d.group_id = ANY (app_desks()) AND d.role = 'education_admin') $$;
"""

# Where staff numbers stand in a term besides one return: counts alone, over schools that the asker does not see.
ELSEWHERE = """
CREATE FUNCTION app_teachers_elsewhere(asked uuid, but uuid[], numbers text[])
  RETURNS TABLE (number text, schools integer, full_time integer, fte numeric)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT t.number::text, count(*)::integer, (count(*) FILTER (WHERE t.full_time))::integer, sum(t.fte)
   FROM people_returnedteacher t JOIN people_staffingreturn r ON r.id = t.staffing_return_id
   WHERE app_known() AND r.term_id = asked AND r.state <> 'lapsed' AND NOT r.id = ANY (but)
     AND t.number = ANY (numbers) GROUP BY t.number $$;
"""

MACHINE = "app_system()"
MINE = "app_system() OR user_id = app_user()"
ADMINISTERS = "(SELECT app_administers('system_admin', 'security_admin'))"
KEPT = f"app_system() OR {ADMINISTERS}"
# Sub-selects are evaluated once per query, not once per row.
CITY = "app_system() OR (SELECT app_return_city())"
SCHOOL = "school_id = ANY ((SELECT app_return_schools())::uuid[])"
COUNTY = "division_id = ANY ((SELECT app_return_divisions())::text[])"
OPEN = "state NOT IN ('locked', 'lapsed')"
# The lines of a return may change only while the school fills it in, or the city imports a roster.
RETURN_SEEN = "staffing_return_id IN (SELECT id FROM people_staffingreturn)"
FILLED = (
    "staffing_return_id IN (SELECT r.id FROM people_staffingreturn r WHERE r.state IN ('draft', 'returned')"
    " AND (app_system() OR (SELECT app_return_city()) OR r.school_id = ANY ((SELECT app_return_schools())::uuid[])))"
)
CENTRE_SEEN = "centre_id IN (SELECT id FROM people_standardcentre)"


class Migration(migrations.Migration):
    replaces = [("people", name) for name in ("0007_walls_of_returns", "0009_walls_of_posts", "0011_walls_of_people")]
    dependencies = [("people", "0003_staffing_policy")]
    operations = [
        rls.gate(
            ACCOUNTS,
            "app_account(integer)",
            "app_private(integer)",
            "app_ways(integer)",
            "app_posts(integer)",
            reads=("people_user", "people_private", "people_post"),
        ),
        rls.protect("people_user", select="app_known()", insert=KEPT, update=f"{KEPT} OR id = app_user()"),
        rls.protect("people_user_groups", select=f"{KEPT} OR user_id = app_user()", insert=KEPT, delete=KEPT),
        rls.protect("people_private", select=MINE, insert=MACHINE, update=MINE),
        migrations.RunSQL(POSTS),
        rls.protect("people_post", select="app_known()", insert=KEPT, update=KEPT),
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
        migrations.RunSQL(RETURNS),
        rls.gate(
            ELSEWHERE,
            "app_teachers_elsewhere(uuid, uuid[], text[])",
            reads=("people_staffingreturn", "people_returnedteacher"),
        ),
        rls.protect("people_term", select="app_known()", insert=CITY, update=CITY),
        rls.protect("people_staffingpolicyversion", select="app_known()", insert=CITY),
        rls.protect(
            "people_staffingreturn",
            select=f"{CITY} OR {SCHOOL} OR {COUNTY}",
            insert=CITY,
            update=f"{CITY} OR ({OPEN} AND ({SCHOOL} OR {COUNTY}))",
        ),
        rls.protect("people_returnedteacher", select=RETURN_SEEN, insert=FILLED, update=FILLED, delete=FILLED),
        rls.protect(
            "people_standardcentre",
            select=f"{CITY} OR {COUNTY}",
            insert=f"{CITY} OR {COUNTY}",
            update=f"{CITY} OR {COUNTY}",
        ),
        rls.protect(
            "people_centreline", select=CENTRE_SEEN, insert=CENTRE_SEEN, update=CENTRE_SEEN, delete=CENTRE_SEEN
        ),
    ]
