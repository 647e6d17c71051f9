"""Appending in two calls, whose plans a session makes once: the place after a stream's last event, locked until commit, and
the events in it. What stands beside a body in columns is taken out of the body, so that the two cannot differ. Both run
with the rights of whoever calls, behind the same walls. Heads keep room on their pages: they are only ever rewritten.
"""

from django.db import migrations

APPENDING = """
CREATE FUNCTION audit_place(of_stream uuid, OUT seq bigint, OUT hash bytea, OUT at timestamptz) LANGUAGE plpgsql AS $$
BEGIN
  SELECT h.seq, h.hash, app_now() INTO seq, hash, at FROM audit_head h WHERE h.stream = of_stream FOR UPDATE;
  IF NOT FOUND THEN  -- the first event; somebody else's may come first
    INSERT INTO audit_head AS h (stream, seq, hash) VALUES (of_stream, 0, decode(repeat('00', 32), 'hex'))
      ON CONFLICT (stream) DO UPDATE SET seq = h.seq RETURNING h.seq, h.hash, app_now() INTO seq, hash, at;
  END IF;
END $$;

CREATE FUNCTION audit_append(of_stream uuid, before bigint, is_urgent boolean, bodies bytea[], hashes bytea[],
  macs bytea[], head_mac bytea) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  amount integer := cardinality(bodies);
  said json;
BEGIN
  UPDATE audit_head SET seq = before + amount, hash = hashes[amount], mac = head_mac WHERE stream = of_stream;
  FOR n IN 1 .. amount LOOP
    said := convert_from(bodies[n], 'UTF8')::json;
    INSERT INTO audit_waiting (stream, seq, urgent, since) VALUES (of_stream, before + n, is_urgent, now());
    INSERT INTO audit_event (stream, at, id, seq, actor_id, act, body, hash, mac)
      VALUES (of_stream, (said->>'at')::timestamptz, (said->>'id')::uuid, before + n, (said->>'actor')::integer,
        said->>'act', bodies[n], hashes[n], macs[n]);
  END LOOP;
END $$;

ALTER TABLE audit_head SET (fillfactor = 50);
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_walls")]
    operations = [migrations.RunSQL(APPENDING)]
