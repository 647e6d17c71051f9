"""A post carries a seal of the application; whoever asks for somebody's posts gets what it is over."""

from django.db import migrations, models

from wellbeing.access import rls

POSTS = """
DROP FUNCTION app_posts(integer);
CREATE FUNCTION app_posts(asked integer)
  RETURNS TABLE (id bigint, user_id integer, desk_id integer, starts_on date, ends_on date, seal bytea,
    role varchar, organisation_id uuid, division_id varchar, rests_until date)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT p.id, p.user_id, p.desk_id, p.starts_on, p.ends_on, p.seal, d.role, d.organisation_id, o.division_id,
     (SELECT max(a.last_day) FROM app_away(app_today()) a WHERE a.user_id = asked)
   FROM app_running(app_today()) p
   JOIN people_desk d ON d.group_id = p.desk_id JOIN people_organisation o ON o.id = d.organisation_id
   WHERE p.user_id = asked $$;
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0011_serving")]
    operations = [
        migrations.AddField("post", "seal", models.BinaryField(null=True)),
        rls.gate(POSTS, "app_posts(integer)"),
        migrations.RunSQL("GRANT UPDATE (seal) ON people_post TO wellbeing_app", ""),
    ]
