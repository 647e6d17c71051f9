"""Help for those who work with cases: the call, the case, its first days."""

from __future__ import annotations

from wellbeing.translatable import _
from wellbeing.web.help.screen import START, Screen

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
        ("home", "help", "help_topic", "notices", "account", "change_reach"),
    ),
    "call": Screen(
        _("Call sheet"),
        _("One screen from the first ring to the logged case, in the order of talk."),
        (
            _("Nothing is required. Every word is kept within two seconds and survives a closed tab."),
            _("F7 takes your seat's call onto the sheet, F4 starts and ends the timer, F2 opens the risk questions."),
            _("Ctrl+Enter saves and opens the case; of a red or an orange on the line it tells the desk at once."),
            _("A grave answer changes the page at once: what to say, whom to call, who is on duty."),
            _("You may choose a higher tier than the proposal, never a lower one."),
            _("F8 marks a silent call, F9 a harassing one; one positive risk answer forbids blocking a number."),
            _("Below the button: four answers for the month's figures. They leave a sealed slip that names nobody."),
            _("A number or a name that perhaps called before is hinted at; what is not yours, you may ask about."),
            _("A call on paper: open From a sheet of paper and type its number and when the call began."),
        ),
        ("new_call", "call_sheet", "draft", "shift", "withdraw_note"),
    ),
    "rings": Screen(
        _("Calls of the exchange"),
        _("Every call the exchange saw: logged with a sheet, or with a reason why it needs none."),
        (
            _("Ringing and waiting calls stand above and renew themselves."),
            _("A call that was answered and has no sheet stays in the list until you log it or say why not."),
            _("The number is sealed and forgotten after policy's hours."),
        ),
        ("rings", "rings_now", "settle_ring", "reopen_ring", "seats", "leave_seat"),
    ),
    "supervision": Screen(
        _("Live desks"),
        _("What the hotline's desks carry now, and whom it is time to relieve."),
        (
            _("The live desks renew themselves. Too many red calls in one shift is said in red: relieve and debrief."),
            _("Service figures show what is published of the hotline, and what its exchange heard in thirty days."),
        ),
        ("live_desks", "service"),
    ),
    "reviews": Screen(
        _("Call reviews"),
        _("Which calls are looked at again, how, and what stays with those who took them."),
        (
            _("Calls whose counsellor asked for a look stand first; the rest is drawn, and nobody chooses it."),
            _("A review opens the file for some days, and that is recorded."),
            _("Three marks from 1 to 5: process, attitude, communication. Nobody reviews her own call."),
            _("After a hard call leave a note: only you and the supervisor read it."),
        ),
        ("reviews", "judge_review", "debrief"),
    ),
    "callers": Screen(
        _("Callers' numbers"),
        _("A number is read once, by one who asked and after a second person has confirmed."),
        (
            _("Ask from the case, and only to save a life. Both of you act within ten minutes."),
            _("The number ends after policy's hours, whether somebody has read it or not."),
        ),
        (
            "callers",
            "ask_caller",
            "confirm_caller",
            "refuse_caller",
        ),
    ),
    "restricted": Screen(
        _("Restricted callers"),
        _("Who harasses again and again; the line stays open to everybody."),
        (
            _("Restricting a number blocks nothing: whoever has it on the line is told to keep it short."),
            _("An answered risk lifts a restriction by itself, and forbids a new one."),
        ),
        ("restrictions", "restrict_caller", "lift_restriction"),
    ),
    "call_backs": Screen(
        _("Call-backs"),
        _("Whom to ring again, when it is safe, and what may be said."),
        (
            _("The earliest stands first. The number, the safe times and words stand where you record the call."),
            _("After red and orange by policy; otherwise where the caller agreed, on the day that was promised."),
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
        ("board", "board_rows", "acknowledge"),
    ),
    "cases": Screen(
        _("Worklist"),
        _("The cases that you or your desk work on, the newest first."),
        (
            _("Names are opened for the page you see, and that is recorded."),
            _("More at the end brings older ones. Ended cases have a list of their own."),
            _("Looking for one person? Search is faster."),
            _("Where only the cover is open to you, it shows how things stand; ask the case manager for the rest."),
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
        ("steps", "waiting_steps", "person_file", "log_session", "log_group", "handovers", "hand_over", "handover"),
    ),
    "case": Screen(
        _("Case"),
        _("The cover: tier, clocks, who may open the file, and what you may do next."),
        (
            _("The buttons show only what you may do now; the first is what is most urgent."),
            _("Anybody may raise a tier at once. Lowering red or orange needs an assessment and a second person."),
            _("The file itself opens part by part; each opening is recorded with your name."),
            _(
                "A case closes only when nothing is outstanding; a red or orange one by what the record shows, or by"
                " two people."
            ),
        ),
        ("case", "case_file", "close_case"),
    ),
    "slots": Screen(
        _("Publish places"),
        _("What your house offers in the coming weeks: whoever refers sees it beside the queue."),
        (_("What is published is not taken back: publish what you can keep, week by week."),),
        ("slots",),
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
            "roll",
            "decide_flagged",
            "school_results",
            "case_results",
        ),
    ),
}
