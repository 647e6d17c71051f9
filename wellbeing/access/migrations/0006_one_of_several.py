"""A program acts by one post. What was granted to its owner herself says not by which of her posts she holds it, so it
counts for the program only while that post is her only one; her desk's grants count as ever, and so do the keys that
they lead to."""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION app_on_leave() RETURNS boolean LANGUAGE plpgsql STABLE AS $$ BEGIN
  RETURN EXISTS (SELECT 1 FROM public.app_away(public.app_today()) a WHERE a.user_id = public.app_user());
END $$;

-- Whether what was granted to the asker herself counts for nothing now. Machines have no such grants.
CREATE OR REPLACE FUNCTION app_absent() RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE one bigint := NULLIF(current_setting('app.post_id', true), '');
BEGIN
  RETURN public.app_on_leave() OR (one IS NOT NULL AND EXISTS (
    SELECT 1 FROM public.app_running(public.app_today()) p WHERE p.user_id = public.app_user() AND p.id <> one));
END $$;
"""
BACK = """
CREATE OR REPLACE FUNCTION app_absent() RETURNS boolean LANGUAGE plpgsql STABLE AS $$ BEGIN
  RETURN EXISTS (SELECT 1 FROM public.app_away(public.app_today()) a WHERE a.user_id = public.app_user());
END $$;
DROP FUNCTION app_on_leave();
"""
KEYS = "ALTER POLICY absent ON vault.vault_datakey USING (NOT (SELECT public.{}()))"


class Migration(migrations.Migration):
    dependencies = [("access", "0005_by_the_object"), ("people", "0012_sealed_posts")]
    operations = [
        migrations.RunSQL(FUNCTIONS, BACK),
        migrations.RunSQL(KEYS.format("app_on_leave"), KEYS.format("app_absent")),
    ]
