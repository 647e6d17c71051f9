from django.db import migrations, models


class Migration(migrations.Migration):
    """The kinds of entries are the code's list, not written into every migration anew."""

    dependencies = [("cases", "0010_consent")]
    operations = [migrations.AlterField("entry", "kind", models.CharField(max_length=16))]
