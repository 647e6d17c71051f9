"""Who did something is said by whoever does it. Somebody who reached the database as the application, and said truly who
she is, wrote a colleague's name under an entry, a warning, a plan, or an event of the audit: each column that says who
did something takes the asker herself alone (tests/rules/test_walls.py finds a new one that does not).

The tables of this app and of those below it; what a machine writes names no person, or the one it was asked by."""

from django.db import migrations

from wellbeing.access import rls

FUNCTION = """
CREATE FUNCTION app_signs_not() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  RAISE EXCEPTION 'everybody signs for herself (%)', TG_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
"""
# An event of a machine may be written at the end of a person's transaction.
EVENTS = """
CREATE TRIGGER as_oneself_actor_id_insert BEFORE INSERT ON audit_event FOR EACH ROW
  WHEN (current_user = 'wellbeing_app' AND NOT app_system() AND NEW.actor_id IS NOT NULL
    AND NEW.actor_id IS DISTINCT FROM app_user()) EXECUTE FUNCTION app_signs_not()
"""

ASKED = ("confirmed_by_id", "refused_by_id")
LIFTED = ("asked_by_id", "lifted_by_id")
SIGNED = [
    rls.signed("cases_breakglass", "by_id", later=("reviewed_by_id",)),
    rls.signed("cases_callback", "by_id"),
    rls.signed("cases_callerask", "by_id", later=ASKED),
    rls.signed("cases_campaign", "made_by_id"),
    rls.signed("cases_campaignstudent", later=("recorded_by_id",)),
    rls.signed("cases_casegroupobjectpermission", anew=("granted_by_id",)),
    rls.signed("cases_caseuserobjectpermission", anew=("granted_by_id",)),
    rls.signed("cases_consentrecord", "by_id"),
    rls.signed("cases_contactstop", "set_by_id", later=LIFTED),
    rls.signed("cases_debriefing", "by_id"),
    rls.signed("cases_entry", "author_id"),
    rls.signed("cases_erasure", later=("asked_by_id", "confirmed_by_id")),
    rls.signed("cases_export", "by_id", later=("second_id",)),
    rls.signed("cases_handover", "by_id"),
    rls.signed("cases_leave", later=("refused_by_id", "appeal_decided_by_id")),
    rls.signed("cases_leavestep", "by_id"),
    rls.signed("cases_legalhold", "set_by_id", later=LIFTED),
    rls.signed("cases_lowering", "proposed_by_id", later=("confirmed_by_id",)),
    rls.signed("cases_mandatoryreport", "by_id"),
    rls.signed("cases_papersheet", "printed_by_id", later=("entered_by_id",)),
    rls.signed("cases_policyversion", "made_by_id"),
    rls.signed("cases_recordanswer", "proposed_by_id", later=("decided_by_id",)),
    rls.signed("cases_recordrequest", "received_by_id", later=("checked_by_id", "handed_by_id")),
    rls.signed("cases_restriction", "by_id", later=("ended_by_id",)),
    rls.signed("cases_review", "by_id"),
    rls.signed("cases_screeningbatch", "made_by_id"),
    rls.signed("cases_screeningflag", later=("done_by_id",)),
    rls.signed("cases_sealedask", "by_id", later=ASKED),
    rls.signed("cases_shiftnote", "by_id"),
    rls.signed("cases_telling", "by_id"),
    rls.signed("cases_transfer", "asked_by_id", later=("answered_by_id",)),
    rls.signed("cases_warning", "raised_by_id", later=("acknowledged_by_id",)),
    rls.signed("cases_writtenreport", "by_id"),
]
BELOW = [
    rls.signed("api_apitoken", later=("decided_by_id", "ended_by_id")),
    rls.signed("exchange_ring", later=("settled_by_id",)),
    rls.signed("exchange_seat", "by_id"),
    rls.signed("outbox_inboxitem", later=("seen_by_id",)),
    rls.signed("people_absence", "entered_by_id", later=("ended_by_id",)),
    rls.signed("people_accountentry", "made_by_id"),
    rls.signed("people_appointment", "proposed_by_id", later=("decided_by_id",)),
    rls.signed("people_staffingpolicyversion", "made_by_id"),
    rls.signed("people_staffingreturn", later=("moved_by_id",)),
    rls.signed("people_standardcentre", later=("moved_by_id",)),
    rls.signed("registers_activity", "noted_by_id"),
    rls.signed("registers_hotlineyear", anew=("filled_by_id",), later=("confirmed_by_id",)),
    rls.signed("registers_incident", "reported_by_id"),
    rls.signed("registers_incidentline", "written_by_id"),
    rls.signed("rota_shift", "planned_by_id"),
    rls.signed("rota_swap", "asked_by_id"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0023_promised_and_asked"),
        ("api", "0003_asked_for_as_it_is"),
        ("audit", "0003_appending"),
        ("exchange", "0002_walls"),
        ("outbox", "0002_walls"),
        ("people", "0011_serving"),
        ("registers", "0004_years_by_two"),
        ("rota", "0002_walls"),
    ]
    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION app_signs_not()"),
        *SIGNED,
        *BELOW,
        migrations.RunSQL(EVENTS, "DROP TRIGGER as_oneself_actor_id_insert ON audit_event"),
    ]
