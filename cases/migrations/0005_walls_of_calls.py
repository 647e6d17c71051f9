"""The walls of calls and of what lies on the desks that take them: callers and their numbers, drafts, notes between
shifts, hand-overs, paper sheets, reviews, debriefings, and the ballot box."""

from django.db import migrations

from wellbeing.access import rls

SEES = rls.sees("case", "case_id")
MINE = "by_id = app_user()"
# The key's owner by its full name: a draft has an owner_id too. A machine that passes a row's wall must not pass this one.
OF_OWN = (
    "owner_kind = '{}' AND NOT app_system() AND EXISTS (SELECT 1 FROM cases_{} t WHERE t.id = vault_datakey.owner_id)"
)

# The questions that may be asked of the index of callers: how many, and flags for whoever has the caller on the line;
# never which calls or which cases (PRACTICE.md 3.7).
CALLERS = """
CREATE FUNCTION app_calls_since(marks bytea[], since timestamptz) RETURNS integer
  LANGUAGE sql STABLE SECURITY DEFINER AS $$
  SELECT count(*)::integer FROM public.cases_call c
  WHERE public.app_user() IS NOT NULL AND c.caller_index = ANY (marks) AND c.started_at >= since $$;

CREATE FUNCTION app_caller_seen(marks bytea[], since timestamptz,
  OUT calls integer, OUT last_at timestamptz, OUT harassing integer, OUT silent integer, OUT open_case boolean,
  OUT danger boolean)
  LANGUAGE sql STABLE SECURITY DEFINER AS $$
  SELECT count(*)::integer, max(c.started_at), (count(*) FILTER (WHERE c.kind = 'harassing'))::integer,
    (count(*) FILTER (WHERE c.kind = 'silent'))::integer, coalesce(bool_or(k.closed_at IS NULL), false),
    coalesce(bool_or(k.tier IN ('red', 'orange', 'yellow')), false)
  FROM public.cases_call c JOIN public.cases_case k ON k.id = c.case_id
  WHERE public.app_user() IS NOT NULL AND c.caller_index = ANY (marks) AND c.started_at >= since $$;
"""

CALLS = [
    # Machines may count calls, of which nothing but times and codes stands in clear.
    rls.protect("cases_call", select=f"app_system() OR {SEES}", insert=SEES),
    rls.rewrites("cases_call", "caller_index"),
    rls.gate(
        CALLERS,
        "app_calls_since(bytea[], timestamptz)",
        "app_caller_seen(bytea[], timestamptz)",
        reads=("cases_call",),
    ),
]

# Each number under a key of its own, and the askings that open one: two people, once. Whoever asked finds the key only
# while somebody else's confirmation is fresh (ten minutes, cases/caller_access.py) and nothing was read. The machine
# that forgets touches the key of a number only once its row is blank.
SECOND = rls.sits("hotline_supervisor", "city_duty")
OPENS = (
    "owner_kind = 'caller' AND NOT app_system() AND EXISTS (SELECT 1 FROM cases_callerask a WHERE a.number_id = owner_id"
    " AND a.by_id = app_user() AND a.read_at IS NULL AND a.confirmed_at > app_now() - interval '10 minutes')"
)
GONE = (
    "owner_kind = 'caller' AND app_system()"
    " AND EXISTS (SELECT 1 FROM cases_callernumber n WHERE n.id = owner_id AND n.sealed IS NULL)"
)
NUMBERS = [
    rls.protect("cases_callernumber", select=f"app_system() OR {SEES}", insert=SEES, update="app_system()"),
    rls.changes("cases_callernumber", "sealed"),
    rls.rewrites("cases_callernumber", "sealed"),
    rls.keys(caller_select=("select", OPENS), caller_gone=("select", GONE), caller_delete=("delete", GONE)),
    # An asking is confirmed by a second person, and touched by whoever asked only after that.
    rls.protect(
        "cases_callerask",
        select=f"app_system() OR {MINE} OR {SECOND}",
        insert=f"{MINE} AND NOT app_system() AND confirmed_at IS NULL",
        update=f"({MINE} AND confirmed_at IS NOT NULL) OR (NOT {MINE} AND {SECOND})",
    ),
    rls.changes("cases_callerask", "confirmed_by_id", "confirmed_at", "read_at"),
]

# Numbers that a supervisor has restricted: read at her own hotline, written by her, counted by her machine.
ANSWERS = rls.sits("hotline_counsellor", "hotline_supervisor", at="hotline_id")
SUPERVISES = rls.sits("hotline_supervisor", at="hotline_id")
RESTRICTIONS = [
    rls.protect(
        "cases_restriction",
        select=f"app_system() OR {ANSWERS}",
        insert=f"NOT app_system() AND {MINE} AND ended_at IS NULL AND calls = 0 AND {SUPERVISES}",
        update=f"app_system() OR {SUPERVISES}",
    ),
    rls.changes("cases_restriction", "calls", "last_at", "ended", "ended_at", "ended_by_id"),
]

# A draft is its owner's, and the desk's that it came up to. Machines see that there is one and when it is due, and no
# word; a note between shifts is its desk's.
DRAFT = f"app_system() OR owner_id = app_user() OR {rls.desk('with_desk_id')}"
DRAFTS = [
    rls.protect("cases_draft", select=DRAFT, insert="owner_id = app_user()", update=DRAFT),
    rls.rewrites("cases_draft", "sealed"),
    rls.protect("cases_shiftnote", select=rls.desk(), insert=f"{rls.desk()} AND {MINE}"),
    rls.changes("cases_shiftnote"),
    rls.rewrites("cases_shiftnote", "sealed"),
    rls.keys(
        draft_select=("select", OF_OWN.format("draft", "draft")),
        draft_delete=("delete", OF_OWN.format("draft", "draft")),
        note_select=("select", OF_OWN.format("note", "shiftnote")),
    ),
]

# Hand-overs within a division: seen by the desks they go from and to, and by who made them; their cases by machines and
# by whoever sees the hand-over. Only the end is written afterwards.
PARTY = f"app_system() OR {rls.desk()} OR {rls.desk('to_desk_id')} OR {MINE}"
HANDOVERS = [
    rls.protect("cases_handover", select=PARTY, insert=MINE, update=PARTY),
    rls.changes("cases_handover", "ended_at"),
    rls.protect(
        "cases_handovercase",
        select="app_system() OR EXISTS (SELECT 1 FROM cases_handover h WHERE h.id = handover_id)",
        insert="app_system()",
    ),
    rls.changes("cases_handovercase"),
]

# A teacher may fill in what her counsellor has printed, and the other way round.
HOUSE = (
    "EXISTS (SELECT 1 FROM people_desk d JOIN people_desk mine ON mine.organisation_id = d.organisation_id"
    f" WHERE d.group_id = desk_id AND {rls.desk('mine.group_id')})"
)
PAPER = [
    rls.protect(
        "cases_papersheet",
        select=f"{HOUSE} OR (case_id IS NOT NULL AND {SEES})",
        insert=f"{rls.desk()} AND printed_by_id = app_user() AND entered_at IS NULL",
        update=HOUSE,
    ),
    rls.changes("cases_papersheet", "case_id", "occurred_at", "entered_at", "entered_by_id"),
]

# A review is its supervisors' desk's; a debriefing note its writer's too. Machines count reviews and open no word.
REVIEWS = [
    rls.protect(
        "cases_review",
        select=f"app_system() OR {rls.desk()}",
        insert=f"NOT app_system() AND counsellor_id <> app_user() AND {MINE} AND {rls.desk()}",
        update=f"{MINE} AND {rls.desk()}",
    ),
    rls.rewrites("cases_review", "sealed"),
    rls.protect("cases_debriefing", select=f"{MINE} OR {rls.desk()}", insert=MINE),
    rls.changes("cases_debriefing"),
    rls.rewrites("cases_debriefing", "sealed"),
    rls.keys(
        review_select=("select", OF_OWN.format("review", "review")),
        debrief_select=("select", OF_OWN.format("debrief", "debriefing")),
    ),
]

# Slips that nobody reads but one machine, and only when their month is over. Whoever takes calls puts slips into the box
# of the running month and, for three days (cases/ballots.py), of the one before. An hour after that the machine
# `ballots` finds them: no transaction of a slip is open so long. A machine is known to the wall by its name, because
# every other one has no business here.
COUNTS = "app_system() AND current_setting('app.machine', true) = 'system:ballots'"
TAKES_CALLS = f"NOT app_system() AND {rls.sits('hotline_counsellor', 'hotline_supervisor')}"
OLDEST_OPEN, RUNNING, FIRST_OPEN = (f"app_month_ago('{span}')" for span in ("3 days", "0 days", "3 days 1 hour"))
KEY_TAKES = f"owner_kind = 'ballots' AND owner_id BETWEEN app_box({OLDEST_OPEN}) AND app_box({RUNNING})"
KEY_CLOSED = f"owner_kind = 'ballots' AND owner_id < app_box({FIRST_OPEN})"
MONTHS = """
-- The month in which the city's clock was so long ago, as its first day.
CREATE FUNCTION app_month_ago(span interval) RETURNS date LANGUAGE sql STABLE AS
$$ SELECT date_trunc('month', (app_now() AT TIME ZONE 'Asia/Shanghai') - span)::date $$;
-- The owner of a box's key: its month, written as an id; later months are greater (cases/ballots.py).
CREATE FUNCTION app_box(month date) RETURNS uuid LANGUAGE sql STABLE AS
$$ SELECT lpad(to_char(month, 'YYYYMM'), 32, '0')::uuid $$;
"""
BALLOTS = [
    migrations.RunSQL(MONTHS),
    rls.protect(
        "cases_ballot",
        select=f"{COUNTS} AND month < {FIRST_OPEN}",
        insert=f"{TAKES_CALLS} AND month BETWEEN {OLDEST_OPEN} AND {RUNNING}",
        delete=f"{COUNTS} AND month < {FIRST_OPEN}",
    ),
    rls.changes("cases_ballot"),
    rls.rewrites("cases_ballot", "sealed"),
    rls.keys(
        ballots_put=("select", f"{KEY_TAKES} AND {TAKES_CALLS}"),
        ballots_open=("select", f"{KEY_CLOSED} AND {COUNTS}"),
        ballots_end=("delete", f"{KEY_CLOSED} AND {COUNTS}"),
    ),
]


class Migration(migrations.Migration):
    replaces = [
        ("cases", name)
        for name in (
            "0008_repeats",
            "0021_drafts",
            "0022_handovers",
            "0027_reviews",
            "0028_paper_sheets",
            "0030_caller_numbers",
            "0032_restrictions",
            "0034_ballots",
        )
    ]
    dependencies = [("cases", "0004_walls_of_screening")]
    operations = [*CALLS, *NUMBERS, *RESTRICTIONS, *DRAFTS, *HANDOVERS, *PAPER, *REVIEWS, *BALLOTS]
