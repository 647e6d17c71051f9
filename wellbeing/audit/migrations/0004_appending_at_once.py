"""Appending in one call: it takes the place after what its caller holds for a stream's end and writes there, or answers
where the stream ends, which is locked from then on. Bodies come as lines (they are canonical JSON, so none has a line's end
in it), hashes and MACs one after the other, the head's MAC last: as arrays they cost twice as much on their way. What stands
beside a body in columns is taken out of it as before.
"""

from django.db import migrations

APPENDING = """
DROP FUNCTION audit_append(uuid, bigint, boolean, bytea[], bytea[], bytea[], bytea);
DROP FUNCTION audit_place(uuid);

CREATE FUNCTION audit_append(of_stream uuid, before bigint, previous bytea, is_urgent boolean, bodies text, hashes bytea,
  macs bytea, OUT seq bigint, OUT hash bytea) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  lines text[] := string_to_array(bodies, E'\\n');
  amount integer := cardinality(lines);
  last_hash bytea := substr(hashes, 32 * amount - 31);
  head_mac bytea := substr(macs, 32 * amount + 1);
  said json;
BEGIN
  UPDATE audit_head SET seq = before + amount, hash = last_hash, mac = head_mac
    WHERE stream = of_stream AND seq = before AND hash = previous;
  IF NOT FOUND AND before = 0 THEN  -- the first event; somebody else's may come first
    INSERT INTO audit_head (stream, seq, hash, mac) VALUES (of_stream, amount, last_hash, head_mac)
      ON CONFLICT (stream) DO NOTHING;
  END IF;
  IF NOT FOUND THEN
    SELECT h.seq, h.hash INTO audit_append.seq, audit_append.hash FROM audit_head h WHERE h.stream = of_stream FOR UPDATE;
    IF NOT FOUND THEN
      audit_append.seq := 0;
      audit_append.hash := decode(repeat('00', 32), 'hex');
    END IF;
    RETURN;
  END IF;
  FOR n IN 1 .. amount LOOP
    said := lines[n];
    INSERT INTO audit_waiting (stream, seq, urgent, since) VALUES (of_stream, before + n, is_urgent, now());
    INSERT INTO audit_event (stream, at, id, seq, actor_id, act, body, hash, mac)
      VALUES (of_stream, (said->>'at')::timestamptz, (said->>'id')::uuid, before + n, (said->>'actor')::integer,
        said->>'act', convert_to(lines[n], 'UTF8'), substr(hashes, 32 * n - 31, 32), substr(macs, 32 * n - 31, 32));
  END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_appending")]
    operations = [migrations.RunSQL(APPENDING)]
