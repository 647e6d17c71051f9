"""A post carries a seal of the application; whoever asks for somebody's posts gets what it is over."""

from django.db import migrations, models

from wellbeing.access import rls

POSTS = """
DROP FUNCTION app_posts(integer);
CREATE FUNCTION app_posts(asked integer)
  RETURNS TABLE (id bigint, user_id integer, desk_id integer, starts_on date, ends_on date, seal bytea,
    role varchar, organisation_id uuid, division_id varchar)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS
$$ SELECT p.id, p.user_id, p.desk_id, p.starts_on, p.ends_on, p.seal, d.role, d.organisation_id, o.division_id
   FROM people_post p
   JOIN people_desk d ON d.group_id = p.desk_id JOIN people_organisation o ON o.id = d.organisation_id
   WHERE p.user_id = asked AND p.starts_on <= (app_now() AT TIME ZONE 'Asia/Shanghai')::date
     AND (p.ends_on IS NULL OR p.ends_on >= (app_now() AT TIME ZONE 'Asia/Shanghai')::date) $$;
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0009_desks_planned_once")]
    operations = [
        migrations.AddField("post", "seal", models.BinaryField(null=True)),
        rls.gate(POSTS, "app_posts(integer)"),
        migrations.RunSQL("GRANT UPDATE (seal) ON people_post TO wellbeing_app", ""),
    ]
