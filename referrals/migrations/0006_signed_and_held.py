"""Who did something on a referral is said by whoever does it, a referral and a crossing go by their tables of states, and
a hospital's places are its own.

Anybody who was known could take or free a hospital's places by SQL. They are published, taken and freed by the desk
whose they are; whoever sends frees what a referral of hers holds, and names in it no place that was not given to it. A
machine (a reader through a one-time link, the ticker) does both in the hospital's place."""

from django.db import migrations

from wellbeing.access import rls

GRANTS = ("referrals_referraluserobjectpermission", "referrals_referralgroupobjectpermission")
OWN = f"desk_id = ANY ({rls.MY_DESKS})"
PUBLISHES = rls.sits("hospital_liaison", "city_duty")

SCHOOL, TRIAGE = ("school_counsellor",), ("county_triage", "city_duty")
DESTINATION, CROSSES = ("hospital_liaison", "city_duty"), ("county_triage", "city_duty", "school_counsellor")
REFERRAL: rls.Steps = (
    ("submitted", "accepted", TRIAGE),
    ("submitted", "returned_for_more", TRIAGE),
    ("submitted", "declined", TRIAGE),
    ("submitted", "withdrawn", SCHOOL),
    ("returned_for_more", "submitted", SCHOOL),
    ("returned_for_more", "accepted", TRIAGE),
    ("returned_for_more", "withdrawn", SCHOOL),
    ("accepted", "sent", TRIAGE),
    ("accepted", "withdrawn", TRIAGE),
    ("sent", "received", DESTINATION),
    ("sent", "redirected", TRIAGE),
    ("sent", "redirected", DESTINATION),
    ("sent", "withdrawn", TRIAGE),
    ("redirected", "sent", TRIAGE),
    ("redirected", "withdrawn", TRIAGE),
    ("received", "appointment", DESTINATION),
    ("received", "proposed", DESTINATION),
    ("received", "redirected", TRIAGE),
    ("received", "redirected", DESTINATION),
    ("received", "withdrawn", TRIAGE),
    ("proposed", "appointment", TRIAGE),
    ("proposed", "received", TRIAGE),
    ("proposed", "appointment", DESTINATION),
    ("proposed", "redirected", TRIAGE),
    ("proposed", "redirected", DESTINATION),
    ("proposed", "withdrawn", TRIAGE),
    ("appointment", "received", DESTINATION),
    ("appointment", "attended", DESTINATION),
    ("appointment", "redirected", DESTINATION),
    ("appointment", "redirected", TRIAGE),
    ("appointment", "withdrawn", TRIAGE),
    ("attended", "reported", DESTINATION),
    ("reported", "return_plan", TRIAGE),
    ("reported", "redirected", TRIAGE),
    ("return_plan", "followed_up", TRIAGE),
    ("return_plan", "redirected", TRIAGE),
    ("followed_up", "closed", TRIAGE),
)
CROSSING: rls.Steps = (
    ("planned", "under_way", CROSSES),
    ("planned", "suspended", CROSSES),
    ("planned", "cancelled", CROSSES),
    ("suspended", "planned", CROSSES),
    ("suspended", "cancelled", CROSSES),
    ("under_way", "suspended", CROSSES),
    ("under_way", "arrived", CROSSES),
)

# As wellbeing_gate, which the referral's own walls do not ask again; whoever calls it works on the referral.
HELD = """
CREATE FUNCTION app_holds_slot(place uuid, desks integer[]) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
  RETURN EXISTS (SELECT 1 FROM public.referrals_appointment a WHERE a.slot_id = place
                 AND public.app_works_referral(a.referral_id, desks))
    OR EXISTS (SELECT 1 FROM public.referrals_proposedtime p WHERE p.slot_id = place AND p.ended_at IS NULL
               AND public.app_works_referral(p.referral_id, desks));
END $$;
"""
LINKS = (
    "CREATE POLICY by_role ON referrals_link AS RESTRICTIVE FOR INSERT TO wellbeing_app"
    f" WITH CHECK (app_system() OR {rls.sits(*TRIAGE)})"
)
REFUSED = "USING ERRCODE = 'insufficient_privilege'"
PERSON = "current_user = 'wellbeing_app' AND NOT app_system()"
SLOTS = f"""
ALTER POLICY app_insert ON referrals_slot WITH CHECK (app_system() OR {OWN} AND {PUBLISHES} AND NOT taken);
ALTER POLICY app_update ON referrals_slot
  USING (app_system() OR {OWN} OR taken AND app_holds_slot(id, {rls.MY_DESKS}))
  WITH CHECK (app_system() OR {OWN} OR NOT taken);
"""
OPEN = """
ALTER POLICY app_update ON referrals_slot USING (app_known()) WITH CHECK (app_known());
ALTER POLICY app_insert ON referrals_slot WITH CHECK (app_known());
"""
# Her own desk's place; or, in an appointment, one that was proposed to this referral and chosen a moment ago.
MINE = f"EXISTS (SELECT 1 FROM referrals_slot s WHERE s.id = NEW.slot_id AND s.{OWN})"
NAMED = f"""
CREATE FUNCTION app_slot_is_given() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF TG_TABLE_NAME = 'referrals_appointment' THEN
    IF TG_OP = 'INSERT' AND EXISTS (SELECT 1 FROM referrals_proposedtime p
        WHERE p.referral_id = NEW.referral_id AND p.slot_id = NEW.slot_id
          AND p.chosen AND p.ended_at > app_now() - interval '1 minute') THEN
      RETURN NEW;
    END IF;
  END IF;
  IF TG_OP = 'INSERT' AND {MINE} THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a place is named by whose it is, or was given it' {REFUSED};
END $$;
CREATE TRIGGER slot_given BEFORE INSERT ON referrals_appointment FOR EACH ROW
  WHEN ({PERSON} AND NEW.slot_id IS NOT NULL) EXECUTE FUNCTION app_slot_is_given();
CREATE TRIGGER slot_stays BEFORE UPDATE OF slot_id ON referrals_appointment FOR EACH ROW
  WHEN ({PERSON} AND NEW.slot_id IS NOT NULL AND NEW.slot_id IS DISTINCT FROM OLD.slot_id)
  EXECUTE FUNCTION app_slot_is_given();
CREATE TRIGGER slot_given BEFORE INSERT ON referrals_proposedtime FOR EACH ROW
  WHEN ({PERSON} AND (NEW.slot_id IS NOT NULL OR NEW.chosen)) EXECUTE FUNCTION app_slot_is_given();
CREATE TRIGGER slot_stays BEFORE UPDATE ON referrals_proposedtime FOR EACH ROW
  WHEN ({PERSON} AND (NEW.slot_id IS DISTINCT FROM OLD.slot_id OR NEW.referral_id <> OLD.referral_id
    OR OLD.ended_at IS NOT NULL OR NEW.ended_at > app_now())) EXECUTE FUNCTION app_slot_is_given();
"""
NAMELESS = """
DROP TRIGGER slot_stays ON referrals_proposedtime;
DROP TRIGGER slot_given ON referrals_proposedtime;
DROP TRIGGER slot_stays ON referrals_appointment;
DROP TRIGGER slot_given ON referrals_appointment;
DROP FUNCTION app_slot_is_given();
"""


class Migration(migrations.Migration):
    dependencies = [("referrals", "0005_asked_in_turn"), ("cases", "0025_by_the_flow")]
    operations = [
        rls.signed("referrals_appointment", "booked_by_id"),
        rls.signed("referrals_crossing", "planned_by_id"),
        rls.signed("referrals_link", "made_by_id"),
        rls.signed("referrals_packet", "author_id"),
        rls.signed("referrals_proposedtime", "proposed_by_id"),
        rls.signed("referrals_referral", "opened_by_id", later=("held_by_id",)),
        rls.signed("referrals_safetycontact", "by_id"),
        *(rls.signed(table, anew=("granted_by_id",)) for table in GRANTS),
        rls.gate(
            HELD,
            "app_holds_slot(uuid, integer[])",
            reads=("referrals_appointment", "referrals_proposedtime"),
        ),
        rls.moves("referrals_referral", "state", REFERRAL),
        rls.moves("referrals_crossing", "state", CROSSING),
        migrations.RunSQL(LINKS, "DROP POLICY by_role ON referrals_link"),
        rls.changes("referrals_slot", "taken"),
        migrations.RunSQL(SLOTS, OPEN),
        migrations.RunSQL(NAMED, NAMELESS),
    ]
