"""Every question about a personal grant goes by the object that it is on, whoever asks.

A session keeps a function's plan, and it was made for whoever asked first: to somebody with hardly any grants of her own
it seemed as cheap to look through her grants as through the object's few. From then on each such question of a counsellor
with fifty thousand cases, on that connection, read all of her grants, and her pages took up to twenty times as long. With
a sum in it the comparison is still made of every grant on the object, and is none that an index answers.
"""

from django.db import migrations

BY_THE_OBJECT = """
DO $do$
DECLARE asks record; hers constant text := 'g.user_id = public.app_user()';
BEGIN
  FOR asks IN SELECT p.oid FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.prokind = 'f'
      AND strpos(p.prosrc, 'g.content_object_id = ') > 0 AND strpos(p.prosrc, hers) > 0
  LOOP
    EXECUTE replace(pg_get_functiondef(asks.oid), hers, 'g.user_id + 0 = public.app_user()');
  END LOOP;
END $do$
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0004_ended")]
    operations = [migrations.RunSQL(BY_THE_OBJECT, "")]
