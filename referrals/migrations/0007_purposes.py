from django.db import migrations, models


class Migration(migrations.Migration):
    """What a packet is for is checked by its template, not listed by every migration anew."""

    dependencies = [("referrals", "0006_queue")]
    operations = [migrations.AlterField("packet", "purpose", models.CharField(max_length=16))]
