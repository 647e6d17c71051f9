"""Heads carry a MAC, the owner may verify, and nobody empties the events."""

from typing import Any

from django.db import migrations, models

from wellbeing.audit.chain import head_mac
from wellbeing.audit.record import mac_key

FORWARD = """
CREATE POLICY owner_select ON audit_event FOR SELECT TO wellbeing_owner USING (app_system());
CREATE POLICY owner_select ON audit_head FOR SELECT TO wellbeing_owner USING (app_system());
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON audit_event
  FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();
"""

BACKWARD = """
DROP TRIGGER never_emptied ON audit_event;
DROP POLICY owner_select ON audit_head;
DROP POLICY owner_select ON audit_event;
"""


def sign(apps: Any, schema_editor: Any) -> None:
    """Sign the heads that stand. The owner passes the wall of her own table for this moment; what was cut before it
    stays unseen."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_head NO FORCE ROW LEVEL SECURITY")
        cursor.execute("SELECT stream, seq, hash FROM audit_head WHERE seq > 0")
        heads = [(stream, seq, bytes(digest)) for stream, seq, digest in cursor.fetchall()]
        if heads:  # a first migration needs no key
            key = mac_key()
            cursor.executemany(
                "UPDATE audit_head SET mac = %s WHERE stream = %s",
                [(head_mac(key, stream, seq, digest), stream) for stream, seq, digest in heads],
            )
        cursor.execute("ALTER TABLE audit_head FORCE ROW LEVEL SECURITY")


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_walls")]
    operations = [
        migrations.AddField("head", "mac", models.BinaryField(null=True)),
        migrations.RunPython(sign, migrations.RunPython.noop),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
