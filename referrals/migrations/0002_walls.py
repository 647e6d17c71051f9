"""The second wall around referrals and what travels in them.

Machines see covers, steps and appointments, and no packet: the ticker lets a referral expire, a report is due from the
visit on, and whoever reads through a link acts as a machine that writes reports, appointments and proposals.
"""

from django.db import migrations

from wellbeing.access import rls

SEES, WORKS = rls.sees("referral", "referral_id"), rls.works("referral", "referral_id")
MACHINE = "app_system() OR "
ENDS = f"({rls.desk('to_desk_id')} OR {rls.desk('from_desk_id')})"
# The sub-selects pass the walls of the crossing and of the link themselves.
ITS_CROSSING = "EXISTS (SELECT 1 FROM referrals_crossing c WHERE c.id = crossing_id)"
ITS_LINK = "EXISTS (SELECT 1 FROM referrals_link l WHERE l.id = link_id)"

SEES_PACKET = """
CREATE FUNCTION app_sees_packet(pk uuid) RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT EXISTS (SELECT 1 FROM referrals_packet p WHERE p.id = pk AND p.expires_at > app_now()) $$;
"""

# Whoever seals need not see what was sealed before.
NEXT_VERSION = """
CREATE FUNCTION app_next_version(referral uuid, purpose text, from_desk integer, to_desk integer) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER AS $$
  SELECT coalesce(max(p.version), 0)::integer + 1 FROM public.referrals_packet p
  WHERE p.referral_id = $1 AND p.purpose = $2 AND p.from_desk_id = $3 AND p.to_desk_id = $4 $$;
"""

# The letters of a referral that has ended: a machine ends it, and machines see no packet and no key.
DESTROY = """
GRANT USAGE ON SCHEMA vault TO wellbeing_gate;
GRANT SELECT, DELETE ON vault.vault_datakey TO wellbeing_gate;
CREATE POLICY gate ON vault.vault_datakey TO wellbeing_gate USING (owner_kind = 'packet');
CREATE FUNCTION app_destroy_letters(referral uuid) RETURNS integer LANGUAGE sql SECURITY DEFINER AS $$
  WITH gone AS (
    DELETE FROM vault.vault_datakey k USING public.referrals_packet p, public.referrals_referral r
    WHERE r.id = $1 AND r.ended_at IS NOT NULL AND p.referral_id = r.id AND p.purpose IN ('hospital', 'city_centre')
    AND k.owner_kind = 'packet' AND k.owner_id = p.id AND public.app_system() RETURNING k.owner_id)
  SELECT count(*)::integer FROM gone $$;
"""

REFERRAL = [
    rls.sight("referral", "referrals_referraluserobjectpermission", "referrals_referralgroupobjectpermission"),
    rls.protect(
        "referrals_referral",
        select=MACHINE + rls.sees("referral"),
        insert=rls.sees("referral"),
        update=MACHINE + rls.works("referral", "id"),
    ),
    migrations.RunSQL(
        rls.also("referrals_referral", "select", "true", name="keys_select", role="wellbeing_keys"),
    ),
    rls.protect("referrals_step", select=MACHINE + SEES, insert=MACHINE + SEES),
    rls.protect("referrals_appointment", select=MACHINE + SEES, insert=MACHINE + SEES, update=MACHINE + WORKS),
    rls.protect("referrals_proposedtime", select=MACHINE + SEES, insert=MACHINE + WORKS, update=MACHINE + WORKS),
    rls.protect("referrals_crossing", select=MACHINE + SEES, insert=WORKS, update=MACHINE + WORKS),
    rls.protect("referrals_safetycontact", select=ITS_CROSSING, insert=ITS_CROSSING),
    # About no person; written by the actions alone. The directory is kept by the set-up.
    rls.protect("referrals_slot", select="app_known()", insert="app_known()", update="app_known()"),
    rls.protect("referrals_destination", select="app_known()", insert="app_system()", update="app_system()"),
    # Readable by machines (the visitor, the ticker) and by whoever sees the referral: digests, no word, no key.
    rls.protect("referrals_link", select=MACHINE + SEES, insert=WORKS, update=MACHINE + WORKS),
    rls.protect("referrals_linkopening", select=ITS_LINK, insert="app_system()"),
]

PACKET = [
    # Only the desk a packet is for and the desk that sent it, whoever else sees the referral.
    rls.protect("referrals_packet", select=f"{SEES} AND {ENDS}", insert=MACHINE + SEES),
    rls.rewrites("referrals_packet", "sealed"),
    migrations.RunSQL(SEES_PACKET),
    rls.keys(
        packet_select=("select", "owner_kind = 'packet' AND app_sees_packet(owner_id)"),
        packet_delete=("delete", "owner_kind = 'packet' AND app_sees_packet(owner_id)"),
    ),
    rls.gate(NEXT_VERSION, "app_next_version(uuid, text, integer, integer)", reads=("referrals_packet",)),
    rls.gate(DESTROY, "app_destroy_letters(uuid)"),
]


class Migration(migrations.Migration):
    dependencies = [("referrals", "0001_tables"), ("cases", "0003_walls"), ("vault", "0002_walls")]
    operations = [*REFERRAL, *PACKET]
