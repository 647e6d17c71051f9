"""Where sealed words of cases stand, for whoever rotates keys and takes stock (wellbeing/vault/columns.py)."""

from wellbeing.vault.columns import Column

_CASE = "(SELECT c.division_id FROM cases_case c WHERE c.id = t.case_id)"
_PERSON = "(SELECT p.division_id FROM cases_person p WHERE p.id = t.person_id)"
_BATCH = "(SELECT b.division_id FROM cases_screeningbatch b WHERE b.id = t.batch_id)"
_ABOUT = "(SELECT a.case_id FROM cases_recordanswer a WHERE a.request_id = t.id ORDER BY a.at DESC LIMIT 1)"
# The sheet of a call that was logged early stays open beside its case, with the caller's words in it.
_GOES_ON = "CASE WHEN t.ended_at IS NULL THEN t.case_id END"
_ENDED = "sealed = NULL, due_at = NULL, ended_at = coalesce(t.ended_at, app_now())"
_GONE = "sealed = NULL, withdrawn_at = coalesce(t.withdrawn_at, app_now())"

# The row that everybody locks first stands first of its kind.
COLUMNS = (
    Column("case", "cases_case", "cover", "cases.case", "t.id", "t.division_id", field="cover"),
    Column("case", "cases_entry", "sealed", "cases.entry", "t.case_id", _CASE),
    Column("file", "cases_attachment", "sealed", "cases.attachment", "t.id", _CASE, case="t.case_id", ends=_GONE),
    Column("person", "cases_person", "sealed", "cases.person", "t.id", "t.division_id"),
    Column("person", "cases_screeningresult", "sealed", "cases.screeningresult", "t.person_id", _PERSON),
    Column("batch", "cases_screeningbatch", "sealed", "cases.screeningpart", "t.id", "t.division_id"),
    Column("batch", "cases_screeningpart", "sealed", "cases.screeningpart", "t.batch_id", _BATCH),
    Column("review", "cases_review", "sealed", "cases.review", "t.id", "t.division", case="t.case_id"),
    Column("debrief", "cases_debriefing", "sealed", "cases.debriefing", "t.id", "t.division", case="t.case_id"),
    Column("batch", "cases_campaignstudent", "sealed", "cases.campaignstudent", "t.batch_id", _BATCH),
    Column("glass", "cases_breakglass", "reason", "cases.breakglass", "t.id", "t.division", "reason", "t.case_id"),
    Column("draft", "cases_draft", "sealed", "cases.draft", "t.id", "t.division", case=_GOES_ON, ends=_ENDED),
    Column("caller", "cases_callernumber", "sealed", "cases.callernumber", "t.id", "t.division", case="t.case_id"),
    Column("request", "cases_recordrequest", "sealed", "cases.recordrequest", "t.id", "t.division", case=_ABOUT),
    Column("request", "cases_recordanswer", "note", "cases.recordanswer", "t.request_id", "t.division", "note"),
    Column("release", "cases_recordanswer", "sealed", "cases.recordanswer", "t.id", "t.division", case="t.case_id"),
    Column("ballots", "cases_ballot", "sealed", "cases.ballot", "app_box(t.month)", "t.city"),
    Column("export", "cases_export", "sealed", "cases.export", "t.id", "t.division", case="ANY (t.cases)"),
    Column("note", "cases_shiftnote", "sealed", "cases.shiftnote", "t.id", "t.division"),
)
