"""Help for those who plan, confirm, look after and answer for it."""

from __future__ import annotations

from wellbeing.translatable import _
from wellbeing.web.help.screen import Screen

SCREENS: dict[str, Screen] = {
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
            _("The sealed section stays shut until one of them confirms in ten minutes; then it is open for fifteen."),
            _("Asked to confirm? Ring her. Refuse what can wait: your answer is recorded with your name."),
            _("Each opening is reviewed within a day. An honest reason is all that is asked."),
        ),
        ("glass", "break_glass", "ask_sealed", "confirm_sealed", "refuse_sealed", "review_glass"),
    ),
    "records": Screen(
        _("Requests for records"),
        _("A parent, a court or the police ask for what was written. One way for all of them, and one answer."),
        (
            _("Receive it and check the originals. Say nothing of whether there is a file, and look for none yet."),
            _("The county looks for the file and proposes field by field; whatever nobody chose stays out."),
            _("A second person of another desk reads exactly what would go, and agrees or sends it back."),
            _("A reply that nothing can be released waits for its day: a quick one would give the file away."),
            _("Where a home must not be reached, nothing goes to a parent. Orders are answered all the same."),
        ),
        (
            *("record_requests", "record_request", "receive_request", "check_asker", "take_up_record"),
            *("propose_answer", "decide_answer", "record_reply", "hand_out_records"),
        ),
    ),
    "retention": Screen(
        _("Retention"),
        _("How closed cases end: their time by policy, two people, and holds that stop it."),
        (
            _("The list is made of covers; nobody opens a closed file for it."),
            _("Type the reference by hand. The second person sits at another desk and does the same."),
            _("A hold counts at once and at the database itself. It ends on its day, or when two people lift it."),
        ),
        ("retention", "set_hold", "lift_hold", "ask_erasure", "confirm_erasure"),
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
        (
            *("accounts", "account_page", "open_account", "appointments", "appoint", "renew_password", "close_account"),
            *("reset_second_factor", "end_post", "confirm_appointment", "decline_appointment"),
        ),
    ),
    "absence": Screen(
        _("Leave of absence"),
        _("Days on which somebody's posts rest, and come back by themselves."),
        (
            _("While it runs no file opens, by whatever way, and nothing is asked of her."),
            _("It moves no case: hand yours over until your last day, and they come back with you."),
            _("A desk that would be left with nobody is named first, and whoever watches over it is told."),
            _("It is ended early at any time, by the second factor shown anew. Nobody asks why somebody is away."),
        ),
        ("absence", "take_absence", "end_absence", "enter_absence", "lift_absence"),
    ),
    "tokens": Screen(
        _("Tokens of the API"),
        _("A program that acts for one person by one of her posts, and may no more than she."),
        (
            _("Its owner asks and sees the token once; the security administrator confirms it before it counts."),
            _("It ends with its day, with its post, or at a click. Whoever may have lost it ends it at once."),
            _("What a program reads and does stands in the audit under its owner's name, with its token."),
        ),
        ("tokens", "ask_token", "confirm_token", "decline_token", "end_token", "developers"),
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
        ("paper_sheets", "paper_batch", "enter_referral"),
    ),
    "figures": Screen(
        _("Overview"),
        _("Figures for those who answer for them; small numbers are rounded so that nobody is found by them."),
        (
            _("Behind each chart stands its table; both can be exported."),
            _("A month is published once and does not change."),
            _("Where a dash stands, the remark beside it says why."),
            _("Marks, topics, the fall of intent, local and difficult calls come from the month's ballot box."),
        ),
        ("oversight", "oversight_subject", "annual_report"),
    ),
    "years": Screen(
        _("Yearly returns of the hotline"),
        _("What the official annual report asks for and only the hotline knows."),
        (
            _("The hotline's supervisor fills in seats, hours of service and staff by kind, once a year."),
            _("The bureau confirms it; only then does it stand in the annual report."),
            _("A mistake found later is sent back, mended and confirmed again."),
        ),
        ("hotline_years", "fill_year", "confirm_year", "send_back_year"),
    ),
    "incidents": Screen(
        _("Incidents"),
        _("What happened on a campus, what was done, and what was learnt."),
        (
            _("Report first, complete later; a line that was written stays."),
            _("The school's crisis lead or the county reports; the other one is told at once."),
            _("No name stands here: the person's help is in the case."),
        ),
        (
            *("incidents", "incident", "report_incident", "write_incident", "review_incident"),
            *("close_incident", "reopen_incident"),
        ),
    ),
}
