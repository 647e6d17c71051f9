"""The tree over all chains: what waits for its place, the leaves, the tiles, the checkpoints and what witnesses said.

Machines read and add; the audit administrator reads, events included. What stands is never changed, but for the tiles,
which grow at their end.
"""

from django.db import migrations, models

TABLES = ("waiting", "leaf", "tile", "checkpoint", "cosignature")

FORWARD = """
INSERT INTO audit_waiting (stream, seq, urgent, since)
  SELECT stream, seq, false, now() FROM audit_event, set_config('app.system', 'on', true) ORDER BY at, stream, seq;
SELECT set_config('app.system', '', true);

CREATE FUNCTION app_audits() RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT EXISTS (SELECT 1 FROM people_desk d
     WHERE d.group_id = ANY ((SELECT app_desks())::integer[]) AND d.role = 'audit_admin') $$;
CREATE POLICY audit_select ON audit_event FOR SELECT TO wellbeing_app USING ((SELECT app_audits()));
"""
BACKWARD = """
DROP POLICY audit_select ON audit_event;
"""
for name in TABLES:
    FORWARD += f"""
ALTER TABLE audit_{name} ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_{name} FORCE ROW LEVEL SECURITY;
REVOKE UPDATE, DELETE, TRUNCATE ON audit_{name} FROM wellbeing_app;
CREATE POLICY app_select ON audit_{name} FOR SELECT TO wellbeing_app USING (app_system() OR (SELECT app_audits()));
CREATE POLICY owner_select ON audit_{name} FOR SELECT TO wellbeing_owner USING (app_system());
CREATE POLICY app_insert ON audit_{name} FOR INSERT TO wellbeing_app
  WITH CHECK ({"app_known()" if name == "waiting" else "app_system()"});
"""
    if name != "waiting":  # that one is emptied by the sequencer
        FORWARD += f"""
CREATE TRIGGER append_only BEFORE {"DELETE" if name == "tile" else "UPDATE OR DELETE"} ON audit_{name}
  FOR EACH ROW EXECUTE FUNCTION audit_append_only();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON audit_{name}
  FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();
"""
FORWARD += """
GRANT UPDATE ON audit_tile TO wellbeing_app;
CREATE POLICY app_update ON audit_tile FOR UPDATE TO wellbeing_app USING (app_system()) WITH CHECK (app_system());
GRANT DELETE ON audit_waiting TO wellbeing_app;
CREATE POLICY app_delete ON audit_waiting FOR DELETE TO wellbeing_app USING (app_system());
"""
BACKWARD += "".join(
    f"DROP POLICY {policy} ON audit_{name};\n"
    for name in TABLES
    for policy in ("app_select", "owner_select", "app_insert", *(["app_delete"] if name == "waiting" else []))
)
BACKWARD += "DROP POLICY app_update ON audit_tile;\nDROP FUNCTION app_audits();\n"


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0003_signed_heads"),
    ]

    operations = [
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("size", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("note", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="Cosignature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("witness", models.CharField(max_length=80)),
                ("size", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("line", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="Leaf",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("stream", models.UUIDField()),
                ("seq", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Tile",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "level", "number", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("level", models.SmallIntegerField()),
                ("number", models.BigIntegerField()),
                ("hashes", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="Waiting",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("stream", models.UUIDField()),
                ("seq", models.BigIntegerField()),
                ("urgent", models.BooleanField()),
                ("since", models.DateTimeField()),
            ],
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["at", "id"], name="events_by_time"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["actor_id", "at", "id"], name="events_by_person"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["act", "at", "id"], name="events_by_act"),
        ),
        migrations.AddConstraint(
            model_name="cosignature",
            constraint=models.UniqueConstraint(fields=("witness", "size"), name="one_cosignature_per_size"),
        ),
        migrations.AddConstraint(
            model_name="leaf",
            constraint=models.UniqueConstraint(fields=("stream", "seq"), name="one_leaf_per_event"),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
