"""The states of a case, as one table."""

from wellbeing.flow import Flow, Step
from wellbeing.translatable import _

# Nothing is final: a closed case is opened again with its whole history when the person is in danger again.
CASE = Flow(
    "case",
    initial="opened",
    final=(),
    steps=(
        Step("opened", "acknowledge", "acknowledged", ("county_triage", "city_duty")),
        Step("opened", "raise_tier", "opened"),
        Step("acknowledged", "raise_tier", "opened"),
        Step("following", "raise_tier", "opened"),
        Step("acknowledged", "lower_tier", "acknowledged"),
        Step("following", "lower_tier", "following"),
        Step("acknowledged", "follow_up", "following"),
        Step("following", "follow_up", "following"),
        Step("opened", "log_session", "opened"),
        Step("acknowledged", "log_session", "following"),
        Step("following", "log_session", "following"),
        Step("acknowledged", "close", "closed"),
        Step("following", "close", "closed"),
        Step("closed", "reopen_case", "opened"),
    ),
)

# A transfer to another county or school; the case's own state goes on beside it.
TRANSFER = Flow(
    "transfer",
    initial="asked",
    final=("accepted", "refused"),
    steps=(
        Step("asked", "accept_transfer", "accepted", ("county_triage", "city_duty"), stops=("transfer",)),
        Step("asked", "refuse_transfer", "refused", ("county_triage", "city_duty"), stops=("transfer",)),
    ),
)

# A screening file: its rows wait until somebody has seen what would happen.
BATCH = Flow(
    "screening file",
    initial="staged",
    final=("finished", "dropped"),
    steps=(
        # Nobody has said yet which columns hold the items.
        Step("staged", "hold_screening", "unmapped", ("school_counsellor", "county_triage", "city_duty")),
        Step("unmapped", "map_screening", "staged", ("school_counsellor", "county_triage", "city_duty")),
        Step("unmapped", "drop_screening", "dropped", ("school_counsellor", "county_triage", "city_duty")),
        Step("staged", "confirm_screening", "running", ("school_counsellor", "county_triage", "city_duty")),
        Step("staged", "recount_screening", "staged", ("school_counsellor", "county_triage", "city_duty")),
        Step("staged", "drop_screening", "dropped", ("school_counsellor", "county_triage", "city_duty")),
        Step("running", "import_screening", "running"),
        Step("running", "finish", "finished"),
        # The answers of a campaign come one by one until its last day.
        Step("staged", "collect", "collecting"),
        Step("collecting", "give_answers", "collecting"),
        Step("collecting", "end_campaign", "finished"),
    ),
)


STATUS_TEXT = {
    "opened": _("Waiting for acknowledgement"),
    "acknowledged": _("Acknowledged"),
    "following": _("Being followed up"),
    "closed": _("Closed"),
}
BATCH_TEXT = {
    "unmapped": _("Waits for its columns"),
    "staged": _("Waits for you"),
    "running": _("Being imported"),
    "collecting": _("Students answer"),
    "finished": _("Imported"),
    "dropped": _("Destroyed"),
}
