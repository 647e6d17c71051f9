"""What was done under a key is its sender's alone."""

from django.db import migrations

from wellbeing.access import rls

MINE = "user_id = app_user()"


class Migration(migrations.Migration):
    dependencies = [("access", "0001_tables"), ("people", "0002_identity")]
    operations = [rls.protect("access_done", select=MINE, insert=MINE, update=MINE)]
