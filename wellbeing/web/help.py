"""The help of each screen, and the first visit of each role: short texts by route, which the page translates."""

from __future__ import annotations

from dataclasses import dataclass

from wellbeing.people.models import Role


def _(text: str) -> str:
    """Marks an English text for translation; the page translates it."""
    return text


@dataclass(frozen=True, slots=True)
class Screen:
    """What a screen is for, in a sentence, and how it is worked with; `routes` are the pages it speaks of."""

    title: str
    lead: str
    points: tuple[str, ...]
    routes: tuple[str, ...]


START = "start"
SCREENS: dict[str, Screen] = {
    START: Screen(
        _("Every page"),
        _("The same frame stands round every page: your pages above, notices and your account on the right."),
        (
            _("Notices arrive without a reload. A red warning rings again until a person has acknowledged it."),
            _("A clock shows what is left; its colour is never the only sign. Point at a time to see the full date."),
            _("Tab goes from field to field, Enter sends, and the first link of a page leads past the frame."),
            _("What you may not see answers as if it did not exist. Opening a file is recorded."),
            _("Sign out when you leave the desk; an idle session ends by itself."),
        ),
        ("home", "notices", "account", "rota", "handovers", "policy", "staffing", "returns", "centres"),
    ),
    "call": Screen(
        _("Call sheet"),
        _("One screen from the first ring to the logged case, in the order of talk."),
        (
            _("Nothing is required. Every word is kept within two seconds and survives a closed tab."),
            _("F4 starts and ends the timer, F2 opens the risk questions, Ctrl+Enter saves and opens the case."),
            _("A grave answer changes the page at once: what to say, whom to call, who is on duty."),
            _("You may choose a higher tier than the proposal, never a lower one."),
            _("F8 marks a silent call, F9 a harassing one; one positive risk answer forbids blocking a number."),
            _("A call on paper: open From a sheet of paper and type its number and when the call began."),
        ),
        ("new_call", "call_sheet", "draft", "shift"),
    ),
    "rings": Screen(
        _("Calls of the exchange"),
        _("Every call the exchange saw: logged with a sheet, or with a reason why it needs none."),
        (
            _("Ringing and waiting calls stand above and renew themselves."),
            _("A call that was answered and has no sheet stays in the list until you log it or say why not."),
            _("The number is sealed and forgotten after policy's hours."),
        ),
        ("rings", "rings_now", "settle_ring"),
    ),
    "call_backs": Screen(
        _("Call-backs"),
        _("Whom to ring again, when it is safe, and what may be said."),
        (
            _("The earliest stands first. Read the safe times and words before you ring."),
            _("Write down every try, also one that nobody answered; the next date comes from policy."),
            _("One that is missed goes up to the supervisor."),
        ),
        ("call_backs", "call_back"),
    ),
    "board": Screen(
        _("Board of warnings"),
        _("Every running clock of your desk, the most urgent first."),
        (
            _("Open the case and acknowledge: only that stops a red clock. Delivered is not acknowledged."),
            _("Where nobody acknowledges in time, the warning goes up a level by itself."),
            _("The list renews itself; you need not reload."),
        ),
        ("board", "acknowledge"),
    ),
    "cases": Screen(
        _("Worklist"),
        _("The cases that you or your desk work on, the newest first."),
        (
            _("Names are opened for the page you see, and that is recorded."),
            _("More at the end brings older ones. Ended cases have a list of their own."),
            _("Looking for one person? Search is faster."),
        ),
        ("case_list", "ended_cases"),
    ),
    "steps": Screen(
        _("My students"),
        _("Your students by the next step, and what is overdue."),
        (
            _("Each row says what is due and until when; its button leads straight to the form."),
            _("Waiting shows what others owe you: hospital, county, guardian."),
            _("One person's file shows calls, sessions, screenings and referrals in one line of time."),
            _("Away or leaving? Hand over all cases of your desk in one go; the list is for signature."),
        ),
        ("steps", "waiting_steps", "person_file", "log_session", "log_group", "hand_over", "handover"),
    ),
    "case": Screen(
        _("Case"),
        _("The cover: tier, clocks, who may open the file, and what you may do next."),
        (
            _("The buttons show only what you may do now; the first is what is most urgent."),
            _("Anybody may raise a tier at once. Lowering red or orange needs an assessment and a second person."),
            _("The file itself opens part by part; each opening is recorded with your name."),
            _("A case closes only when no warning, referral or report is outstanding."),
        ),
        ("case", "case_file", "raise_tier", "lower_tier", "assess_risk", "tell", "plan_safety", "close_case"),
    ),
    "referral": Screen(
        _("Referral"),
        _("The green channel from school to hospital and back, with every step and its clock."),
        (
            _("The steps above show whose turn it is and until when."),
            _("The receiver reads a letter of few fields, never the file. You preview exactly what goes."),
            _("Without the guardian's consent the second talk begins; danger to life is never stopped by a refusal."),
            _("Papers of each step print from the referral; the code on them opens only for somebody who may."),
        ),
        (
            "referral_list",
            "referral",
            "directory",
            "slots",
            "referral_figures",
            "open_channel",
            "submit_referral",
            "papers",
        ),
    ),
    "screening": Screen(
        _("Screening"),
        _("From the file of answers to the talks with those who need one."),
        (
            _("Bring CSV or Excel; look at the columns and faults before anything is written."),
            _("Faults are listed by line and column; correct the file and bring it again."),
            _("Whoever is flagged gets a talk face to face; a screening alone is never a diagnosis or a tier to keep."),
            _("Guardians who said no are left out by the roll."),
        ),
        (
            "screenings",
            "screening",
            "campaigns",
            "campaign",
            "plan_campaign",
            "interviews",
            "school_results",
            "case_results",
        ),
    ),
    "exports": Screen(
        _("Exports"),
        _("Lists with rows of persons or cases leave as a file only here."),
        (
            _("Ask on the page of the list, name one receiver at your desk, and say why."),
            _("Above fifty rows somebody else at your desk or the desk above confirms; she sees no row."),
            _("The receiver signs in, shows her second factor, and fetches the file once. Then it is destroyed here."),
            _("The file carries who took it, for whom and when. Destroy it when the work is done."),
        ),
        ("exports", "ask_export", "confirm_export"),
    ),
    "concern": Screen(
        _("Report a concern"),
        _("Half a minute: who, what you noticed, a word."),
        (
            _("You see received and nothing more; the school counsellor goes on."),
            _("A sign of danger warns the county centre at once."),
            _("Is a life in danger now? Do not leave the student alone; call 110 or 120 first."),
            _("Reported on paper while the system was down? Type the number of the sheet and when it happened."),
        ),
        ("report_concern", "concern_received", "concern_poster", "merge_concern"),
    ),
    "search": Screen(
        _("Search"),
        _("Within your own cases: name, pinyin, initials, student number, telephone or reference."),
        (
            _("What you type stands in no address and in no log; that you searched does."),
            _("No result may mean that the case is not yours. In an emergency, open it with a reason."),
        ),
        ("search",),
    ),
    "glass": Screen(
        _("Openings in an emergency"),
        _("A life is in danger and the file is not yours: open it, with a reason, for four hours."),
        (
            _("Type the reference and why; two reviewers are told before you read the first word."),
            _("Each opening is reviewed within a day. An honest reason is all that is asked."),
        ),
        ("glass", "break_glass", "review_glass"),
    ),
    "audit": Screen(
        _("Audit"),
        _("Who did what, when and at which desk; nothing of what was written."),
        (
            _("Look for a person, an act, a case or a time; unusual readings stand first."),
            _("The chain is checked by number: a changed, removed or inserted event is found."),
            _("Keep the signed checkpoint outside this system, and compare it later."),
        ),
        ("audit",),
    ),
    "accounts": Screen(
        _("Accounts and posts"),
        _("Who works where, from when until when. Rights come from posts alone."),
        (
            _("One administrator opens the account and appoints; another confirms the post."),
            _("A first password is shown once and replaced at the first sign-in."),
            _("Ending a post ends what it could see, that day."),
            _("A lost second factor is reset by the security administrator, never by the one who opened the account."),
        ),
        ("accounts", "account_page", "open_account", "appointments", "appoint"),
    ),
    "second_factor": Screen(
        _("Second factor"),
        _("A second proof besides the password: a passkey or six digits from an app."),
        (
            _("A passkey is the quickest: touch the device, nothing to type."),
            _("Print the recovery codes and lock them away; each works once."),
            _("Lost the device? Sign in with a recovery code and set up anew, or ask the security administrator."),
        ),
        ("second_factor", "set_up_totp", "set_up_passkey", "recovery_codes", "confirm", "change_password"),
    ),
    "paper": Screen(
        _("Sheets of paper"),
        _("Call sheet, concern and referral on paper, for the days when the system is down."),
        (
            _("Print a few beforehand. Each has a number with a check digit and is entered once."),
            _("Enter it in the same form as always; what happened and what was recorded stand apart."),
            _("A number that was entered before is refused, and you are told where it went."),
        ),
        ("paper_sheets", "paper_batch"),
    ),
    "figures": Screen(
        _("Overview"),
        _("Figures for those who answer for them; small numbers are rounded so that nobody is found by them."),
        (
            _("Behind each chart stands its table; both can be exported."),
            _("A month is published once and does not change."),
            _("Where a dash stands, the remark beside it says why: what is sealed is not counted, not even in sums."),
        ),
        ("oversight", "oversight_subject", "annual_report"),
    ),
    "incidents": Screen(
        _("Incidents"),
        _("What happened on a campus, what was done, and what was learnt."),
        (
            _("Report first, complete later; a line that was written stays."),
            _("No name stands here: the person's help is in the case."),
        ),
        ("incidents", "incident", "report_incident", "activities"),
    ),
}
BY_ROUTE = {route: topic for topic, screen in SCREENS.items() for route in screen.routes}

# The pages that a first visit leads to, the first of which is where the role's work begins (web.views.FIRST_PAGES).
_HOTLINE = ("case_list", "new_call", "call_backs", "rings", "search")
_SCHOOL = ("steps", "report_concern", "screenings", "referral_list", "search")
_TRIAGE = ("board", "case_list", "referral_list", "screenings", "glass")
TOURS: dict[str, tuple[str, ...]] = {
    Role.HOTLINE_COUNSELLOR: _HOTLINE,
    Role.HOTLINE_SUPERVISOR: (*_HOTLINE, "glass"),
    Role.SCHOOL_COUNSELLOR: _SCHOOL,
    Role.SCHOOL_CRISIS_LEAD: ("case_list", "report_concern", "incidents"),
    Role.COUNTY_TRIAGE: _TRIAGE,
    Role.CITY_DUTY: _TRIAGE,
    Role.HOSPITAL_LIAISON: ("referral_list", "slots"),
    Role.EDUCATION_ADMIN: ("oversight", "staffing", "incidents"),
    Role.REPORTER: ("report_concern", "paper_sheets"),
    Role.SYSTEM_ADMIN: ("accounts",),
    Role.SECURITY_ADMIN: ("appointments", "glass"),
    Role.AUDIT_ADMIN: ("audit",),
}


def topic_of(route: str) -> str:
    """The help of a page; that of every page where a page has none of its own."""
    return BY_ROUTE.get(route, START)
