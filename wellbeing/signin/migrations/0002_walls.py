"""What an account proves itself with is its owner's alone; counters of failed tries are the machines'."""

from django.db import migrations

from wellbeing.access import rls

MINE = "user_id = app_user()"
OURS = f"app_system() OR {MINE}"
MACHINE = "app_system()"


class Migration(migrations.Migration):
    dependencies = [("signin", "0001_initial"), ("people", "0009_walls_of_posts")]
    operations = [
        # The security administrator sees whether there is a factor, before she confirms a post or resets it.
        rls.protect(
            "signin_factor",
            select=f"{OURS} OR (SELECT app_administers('security_admin'))",
            insert=MINE,
            update=MINE,
            delete=OURS,
        ),
        rls.protect("signin_recoverycode", select=OURS, insert=MINE, delete=OURS),
        rls.protect("signin_binding", select=OURS, insert=MINE, delete=OURS),
        rls.protect("signin_tries", select=MACHINE, insert=MACHINE, update=MACHINE, delete=MACHINE),
    ]
