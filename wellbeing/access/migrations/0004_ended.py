"""A grant that was ended stays ended: its seal is kept until its day, and a row that is put back with it counts for
nothing. A trigger writes it, as the gate: the application reads what has ended and can take back none of it.

Nothing is kept of what was given and ended within one transaction: nobody else has seen such a row, and the same grant
given again in it bears the same seal.
"""

from django.db import migrations, models

from wellbeing.access import rls

ENDS = """
CREATE FUNCTION app_ends_grant() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$ BEGIN
  IF OLD.seal IS NOT NULL AND OLD.expires_at > app_now() AND OLD.granted_at <> app_now()
     AND (TG_OP = 'DELETE' OR NEW.seal IS DISTINCT FROM OLD.seal) THEN
    INSERT INTO access_ended (seal, until) VALUES (OLD.seal, OLD.expires_at) ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;
"""
TABLES = [
    f"{thing}_{one}{side}objectpermission"
    for thing, one in (("cases", "case"), ("referrals", "referral"))
    for side in ("user", "group")
]
TRIGGERS = ";\n".join(
    f"CREATE TRIGGER ended AFTER DELETE OR UPDATE OF seal ON {table} FOR EACH ROW EXECUTE FUNCTION app_ends_grant()"
    for table in TABLES
)


class Migration(migrations.Migration):
    dependencies = [("access", "0003_absent")]
    operations = [
        migrations.CreateModel(
            "Ended",
            [
                ("seal", models.BinaryField(primary_key=True, serialize=False)),
                ("until", models.DateTimeField(db_index=True)),
            ],
        ),
        rls.protect(
            "access_ended", select="app_known()", delete="app_system() AND until < app_now() - interval '1 day'"
        ),
        rls.gate(ENDS, "app_ends_grant()", reads=("access_ended",)),
        migrations.RunSQL(
            "GRANT INSERT ON access_ended TO wellbeing_gate;"
            " CREATE POLICY gate_insert ON access_ended FOR INSERT TO wellbeing_gate WITH CHECK (true)",
            "DROP POLICY gate_insert ON access_ended; REVOKE INSERT ON access_ended FROM wellbeing_gate",
        ),
        migrations.RunSQL(TRIGGERS, ";\n".join(f"DROP TRIGGER ended ON {table}" for table in TABLES)),
    ]
