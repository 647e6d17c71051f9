"""A call says until when its caller was promised to be called back, and whether the supervisor was asked to look at it."""

from django.db import migrations, models

from wellbeing.access import rls

# What a sheet that goes on may change of its call.
GOES_ON = ("kind", "length_min", "answered_after_s", "caller_index", "promised_at", "review_asked")


class Migration(migrations.Migration):
    dependencies = [("cases", "0022_callers_by_post")]
    operations = [
        migrations.AddField(model_name="call", name="promised_at", field=models.DateTimeField(null=True)),
        migrations.AddField(
            model_name="call",
            name="review_asked",
            field=models.BooleanField(db_default=False, default=False),
        ),
        rls.changes("cases_call", *GOES_ON),
    ]
