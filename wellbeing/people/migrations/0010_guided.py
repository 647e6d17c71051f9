"""Whether an account was shown round at its first visit."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0009_walls_of_posts")]
    operations = [migrations.AddField("user", "guided_at", models.DateTimeField(blank=True, null=True))]
