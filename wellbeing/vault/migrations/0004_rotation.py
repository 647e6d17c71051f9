"""Versions of the root key, keys that were replaced, named keys, rotations; and who may write keys anew.

`wellbeing_keys` is the role of the commands that rotate, erase and take stock. It may what the application may, and
besides read and change key rows; the application itself still changes none. Only the holder of this role's password and
of the root key together can do either.
"""

from django.db import migrations, models
from django.db.models import Q

# Keys that were derived from the root key before they were rows. An older database goes on with the same ones.
DERIVED = ("audit", *(f"index/{name}/1" for name in ("student_number", "screening_row", "answer_code", "address")))

OPEN = """
GRANT USAGE ON SCHEMA vault TO wellbeing_keys;
ALTER TABLE vault_namedkey SET SCHEMA vault;
ALTER TABLE vault_rotation SET SCHEMA vault;
REVOKE ALL ON vault.vault_namedkey, vault.vault_rotation FROM wellbeing_app;
GRANT SELECT, INSERT, DELETE ON vault.vault_namedkey TO wellbeing_app;
GRANT USAGE ON SEQUENCE vault.vault_namedkey_id_seq TO wellbeing_app;
GRANT UPDATE ON vault.vault_namedkey TO wellbeing_keys;
GRANT SELECT ON vault.vault_rotation TO wellbeing_app;
GRANT INSERT, UPDATE ON vault.vault_rotation TO wellbeing_keys;
GRANT USAGE ON SEQUENCE vault.vault_rotation_id_seq TO wellbeing_keys;
GRANT SELECT, UPDATE, DELETE ON vault.vault_divisionkey, vault.vault_datakey TO wellbeing_keys;
"""
SHUT = """
REVOKE UPDATE, DELETE ON vault.vault_divisionkey, vault.vault_datakey FROM wellbeing_keys;
ALTER TABLE vault.vault_rotation SET SCHEMA public;
ALTER TABLE vault.vault_namedkey SET SCHEMA public;
"""
MINE = {"divisionkey": "SELECT UPDATE DELETE", "datakey": "SELECT UPDATE DELETE", "namedkey": "UPDATE"}
MINE["rotation"] = "SELECT INSERT UPDATE"
ALLOWS = {"INSERT": "WITH CHECK (true)", "UPDATE": "USING (true) WITH CHECK (true)"}
FORWARD = [
    f"ALTER TABLE vault.vault_{table} {how} ROW LEVEL SECURITY"
    for table in ("namedkey", "rotation")
    for how in ("ENABLE", "FORCE")
]
FORWARD += [
    "CREATE POLICY app_select ON vault.vault_namedkey FOR SELECT TO wellbeing_app USING (app_known())",
    "CREATE POLICY app_insert ON vault.vault_namedkey FOR INSERT TO wellbeing_app WITH CHECK (app_known())",
    "CREATE POLICY app_delete ON vault.vault_namedkey FOR DELETE TO wellbeing_app USING (app_system() AND period <> '')",
]
BACKWARD = [f"DROP POLICY app_{verb} ON vault.vault_namedkey" for verb in ("select", "insert", "delete")]
for table, verbs in MINE.items():
    for verb in verbs.split():
        allows = ALLOWS.get(verb, "USING (true)")
        policy = f"keys_{verb.lower()} ON vault.vault_{table}"
        FORWARD.append(f"CREATE POLICY {policy} FOR {verb} TO wellbeing_keys {allows}")
        BACKWARD.append(f"DROP POLICY {policy}")


def write_down(apps, schema_editor):
    """In a database that has sealed something, the derived keys become rows; a new one makes its own at first use."""
    from wellbeing.vault.named import context
    from wellbeing.vault.providers import provider

    with schema_editor.connection.cursor() as cursor:
        cursor.execute("ALTER TABLE vault.vault_divisionkey NO FORCE ROW LEVEL SECURITY")
        cursor.execute("SELECT EXISTS (SELECT 1 FROM vault.vault_divisionkey)")
        used = cursor.fetchone()[0]
        cursor.execute("ALTER TABLE vault.vault_divisionkey FORCE ROW LEVEL SECURITY")
        for purpose in DERIVED if used else ():
            version, wrapped = provider().wrap("named", context(purpose, ""), provider().derived(purpose))
            cursor.execute(
                "INSERT INTO vault_namedkey (purpose, period, wrapped, root_version, created_at)"
                " VALUES (%s, '', %s, %s, now())",
                [purpose, wrapped, version],
            )


class Migration(migrations.Migration):
    dependencies = [("vault", "0003_kinds"), ("people", "0002_identity")]
    operations = [
        migrations.AddField("divisionkey", "root_version", models.PositiveIntegerField(default=1)),
        migrations.AddField("divisionkey", "replaced_at", models.DateTimeField(null=True)),
        migrations.AddField("datakeyrow", "replaced_at", models.DateTimeField(null=True)),
        migrations.CreateModel(
            name="NamedKey",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("purpose", models.CharField(max_length=40)),
                ("period", models.CharField(blank=True, max_length=8)),
                ("wrapped", models.BinaryField()),
                ("root_version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["purpose", "period"], name="one_key_per_purpose_and_period")
                ]
            },
        ),
        migrations.CreateModel(
            name="Rotation",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("root", "Root"), ("divisions", "Divisions"), ("words", "Words")], max_length=9
                    ),
                ),
                ("suite", models.PositiveSmallIntegerField(default=1)),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("done", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["kind"], condition=Q(finished_at=None), name="one_open_rotation_of_a_kind"
                    )
                ]
            },
        ),
        migrations.RunPython(write_down, migrations.RunPython.noop),
        migrations.RunSQL(OPEN, SHUT),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
