"""What events and anomalies are called on the audit administrator's page."""

from django.utils.translation import gettext_noop

from cases.labels import ACT_TEXT, OF_COUNSELLORS
from wellbeing.access.permissions import P
from wellbeing.audit.tags import Tag
from wellbeing.audit_desk.anomalies import Kind

ACTS: dict[str, str] = {
    **ACT_TEXT,
    **OF_COUNSELLORS,
    Tag.READ_COVERS: gettext_noop("Covers of a list read"),
    Tag.READ_SCREENING: gettext_noop("Screening opened"),
    Tag.SEARCHED: gettext_noop("Searched among one's own cases"),
    Tag.SIGN_IN: gettext_noop("Signed in"),
    Tag.SIGN_IN_HALF: gettext_noop("Password shown, second factor owed"),
    Tag.SIGN_IN_FAILED: gettext_noop("Sign-in refused"),
    Tag.SIGN_IN_LOCKED: gettext_noop("Tries slowed down"),
    Tag.PROVED: gettext_noop("Second factor shown anew"),
    Tag.SIGN_OUT: gettext_noop("Signed out"),
    Tag.REFUSED: gettext_noop("Not found or not allowed"),
    Tag.AUDIT_SEARCHED: gettext_noop("Searched the audit"),
    Tag.ROW_FORGED: gettext_noop("A grant or a post was found that was not given here"),
    Tag.ROWS_SEALED: gettext_noop("The grants and posts that stood were sealed"),
    Tag.AUDIT_VERIFIED: gettext_noop("Whole audit verified"),
    Tag.READ_REQUEST: gettext_noop("Request for records opened"),
    P.RECORDS_RECEIVE: gettext_noop("Request for records received"),
    P.RECORDS_CHECK: gettext_noop("Identity of an asker checked"),
    P.RECORDS_TAKE_UP: gettext_noop("Looked for the file of a request"),
    P.RECORDS_PROPOSE: gettext_noop("Answer to a request proposed"),
    P.RECORDS_DECIDE: gettext_noop("Answer to a request decided"),
    P.RECORDS_ESCALATE: gettext_noop("Request for records went up"),
    P.ERASURE_PROPOSE: gettext_noop("Closed cases proposed for erasure"),
    Tag.POLICY_LOOKED: gettext_noop("Change of the policy previewed"),
    P.POLICY_CHANGE: gettext_noop("Policy changed"),
    P.FIGURES_EXPORT: gettext_noop("Figures exported"),
    P.EXPORT_ASK: gettext_noop("A list was sealed as a file"),
    P.EXPORT_CONFIRM: gettext_noop("A file was confirmed by a second person"),
    P.EXPORT_FETCH: gettext_noop("A file was fetched by its receiver"),
}
ANOMALIES: dict[Kind, tuple[str, str]] = {
    Kind.MANY_OPENINGS: (
        gettext_noop("Many files in one hour"),
        gettext_noop(
            "One person opened more different files, packets or requests within an hour than the work explains."
        ),
    ),
    Kind.AT_NIGHT: (
        gettext_noop("At night, off duty"),
        gettext_noop("A file was opened at night by somebody who was not on the rota."),
    ),
    Kind.EMPTY_SEARCHES: (
        gettext_noop("Searches without a hit"),
        gettext_noop("Somebody kept looking for a person who is not among the own cases."),
    ),
    Kind.EMPTY_LOOKS: (
        gettext_noop("Many looks without a hit"),
        gettext_noop("Within ten minutes somebody looked for many people or numbers that the house does not know."),
    ),
    Kind.MANY_CALLERS: (
        gettext_noop("Many callers' numbers"),
        gettext_noop("One person looked at more numbers within an hour than anybody takes calls."),
    ),
    Kind.PROBING: (
        gettext_noop("Many pages refused"),
        gettext_noop("Somebody kept asking for pages or references that are not hers, or do not exist."),
    ),
    Kind.OWN_FILE: (
        gettext_noop("Perhaps the own file"),
        gettext_noop("The name on the file is the reader's own; it may be a namesake."),
    ),
    Kind.COLLEAGUES_FILE: (
        gettext_noop("Perhaps a colleague's file"),
        gettext_noop("The name on a teacher's file is that of a colleague; it may be a namesake."),
    ),
    Kind.FAILED_SIGN_INS: (
        gettext_noop("Many refused sign-ins"),
        gettext_noop("Somebody may be trying passwords."),
    ),
}
