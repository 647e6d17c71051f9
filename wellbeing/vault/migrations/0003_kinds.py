from django.db import migrations, models


class Migration(migrations.Migration):
    """The kinds of owners are the code's list, not written into every migration anew."""

    dependencies = [("vault", "0002_walls")]
    operations = [migrations.AlterField("datakeyrow", "owner_kind", models.CharField(max_length=8))]
