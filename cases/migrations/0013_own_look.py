"""What a list asks of cases that nobody granted is asked by its reader herself, by no machine: of several closed cases at
once, each of which she names and reaches; and how many reds and oranges the colleagues of her desk left open without a
note, as a number and a time."""

from django.db import migrations

from wellbeing.access import rls

REACH = f"app_within_reach(status, division_id, owner_desk_id, {rls.MY_DESKS})"
SEVERAL = f"reference = ANY ((SELECT app_names())::text[]) AND {REACH}"
NAMES = """
CREATE FUNCTION app_names() RETURNS text[] LANGUAGE sql STABLE AS
$$ SELECT string_to_array(NULLIF(current_setting('app.named', true), ''), ',') $$
"""
POLICIES = ("ALTER POLICY named_select ON cases_case USING ({0})", "ALTER POLICY named_lock ON cases_case USING ({0})")

# A case counts while no note of whoever took its call is younger than its tier.
LEFT = """
CREATE FUNCTION app_left_open() RETURNS TABLE (counsellor_id bigint, cases bigint, since timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
DECLARE mine integer[] := public.app_desks();
BEGIN
  RETURN QUERY SELECT c.counsellor_id, count(DISTINCT k.id), min(k.tier_since)
  FROM public.cases_call c JOIN public.cases_case k ON k.id = c.case_id
  WHERE c.desk_id = ANY (mine) AND c.counsellor_id <> public.app_user()
    AND k.closed_at IS NULL AND k.tier IN ('red', 'orange')
    AND NOT EXISTS (SELECT 1 FROM public.cases_shiftnote n WHERE n.by_id = c.counsellor_id AND n.desk_id = ANY (mine)
                    AND n.withdrawn_at IS NULL AND n.at >= k.tier_since)
  GROUP BY c.counsellor_id ORDER BY min(k.tier_since);
END $$;
GRANT SELECT (by_id, desk_id, at, withdrawn_at) ON cases_shiftnote TO wellbeing_gate;
CREATE POLICY gate ON cases_shiftnote FOR SELECT TO wellbeing_gate USING (true)
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0012_two_independent")]
    operations = [
        migrations.RunSQL([NAMES, *(one.format(SEVERAL) for one in POLICIES), "DROP FUNCTION app_named()"], ""),
        rls.gate(LEFT, "app_left_open()"),
    ]
