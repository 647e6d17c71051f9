"""Pages of the actions on a case: each a form and one call of the door (wellbeing/action_page.py)."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import actions
from cases.access import Purpose, open_case, reveal_entry
from cases.actions import lowering_standing, outstanding
from cases.clocks import ClockKind
from cases.contact_access import stopped
from cases.forms import (
    AcknowledgeForm,
    AssessForm,
    CloseForm,
    FollowUpForm,
    LowerForm,
    ManagerForm,
    RaiseForm,
)
from cases.lowering import FAULT_TEXT
from cases.models import Case, EntryKind
from cases.queues import standing
from cases.tiers import Tier
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import acts_at
from wellbeing.action_page import First, action_page, retype
from wellbeing.errors import Invalid


def address(case: Case) -> str:
    return reverse("case", args=[case.reference])


def page(permission: P, form: Any, perform: Any, title: Any, **more: Any) -> Any:
    """The page of one action on a case; `more` goes to action_page, over what most of them share."""
    shared = {"opener": open_case, "address": address, "template": "cases/action.html"}
    return action_page(permission=permission, form=form, perform=perform, title=title, **{**shared, **more})


def as_it_stands(kind: EntryKind) -> First:
    """What the newest entry of a kind says, opened and recorded, so that a form begins with it and nobody writes it
    again; with the mark by which the action sees whether it still stands (ReplacingForm)."""

    def first(actor: Actor, case: Case) -> dict[str, Any]:
        mark = standing(case, kind).mark
        if not mark:
            return {}
        return {**reveal_entry(actor, case, UUID(mark), Purpose.CARE).words, "filled_from": mark}

    return first


def before_reaching(actor: Actor, case: Case) -> dict[str, Any]:
    """Why nobody may reach the home, said before anybody rings there: the form itself is filled in afterwards."""
    return {"stopped": stopped(actor, case)}


def unfinished(_actor: Actor, case: Case) -> list[str]:
    """What keeps a file from ending, said before anything is typed."""
    return [what] if (what := outstanding(case)) else []


def _acknowledge(actor: Actor, case: Case, form: AcknowledgeForm) -> Any:
    """Who is shown that the warning has risen has seen it then, and takes it by pressing again."""
    given = form.cleaned_data
    try:
        return actions.acknowledge(actor=actor, case=case, seen=given["seen"], key=given["key"])
    except Invalid:
        retype(form, "seen", [open_case(actor, case.reference).tier])
        raise


acknowledge = page(
    P.WARNING_ACKNOWLEDGE,
    AcknowledgeForm,
    _acknowledge,
    gettext_lazy("Acknowledge the warning"),
    first=lambda _actor, case: {"seen": case.tier},
    lead=gettext_lazy("You take this warning. The clock stops with your click, and your name is recorded."),
    done=gettext_lazy("The warning is yours; whoever raised it has been told."),
)
raise_tier = page(
    P.TIER_RAISE,
    RaiseForm,
    lambda actor, case, form: actions.raise_tier(
        actor=actor,
        case=case,
        to=form.cleaned_data["to"],
        because=form.cleaned_data["because"],
        key=form.cleaned_data["key"],
    ),
    gettext_lazy("Raise the tier"),
    lead=gettext_lazy("At once and alone: the reason may follow later."),
    danger=True,
)


def _lower_faults(actor: Actor, case: Case) -> list[Any]:
    order = list(Tier)
    if case.tier == Tier.GREEN:
        return []
    below = order[[t.rank for t in order].index(Tier(case.tier).rank + 1)]
    return [_(FAULT_TEXT[fault]) for fault in lowering_standing(case, below).faults]


lower_tier = page(
    P.TIER_LOWER,
    LowerForm,
    lambda actor, case, form: actions.lower_tier(
        actor=actor,
        case=case,
        to=form.cleaned_data["to"],
        because=form.cleaned_data["because"],
        key=form.cleaned_data["key"],
    ),
    gettext_lazy("Lower the tier"),
    lead=gettext_lazy("One step, after a fresh assessment. Red and orange need a second person."),
    faults=_lower_faults,
)


def after(case: Case) -> str:
    """Where to go when an act may have closed the case: nobody opens it then."""
    return reverse("home") if case.status == "closed" else address(case)


assess_risk = page(
    P.RISK_ASSESS,
    AssessForm,
    lambda actor, case, form: actions.assess_risk(
        actor=actor,
        case=case,
        words=form.words(),
        face_to_face=form.cleaned_data["face_to_face"],
        desk_id=acts_at(actor, P.RISK_ASSESS, case),
        key=form.cleaned_data["key"],
    ),
    gettext_lazy("Assess the risk anew"),
)
follow_up = page(
    P.FOLLOW_UP,
    FollowUpForm,
    lambda actor, case, form: actions.follow_up(
        actor=actor,
        case=case,
        words={"how": form.cleaned_data["how"], "note": form.cleaned_data["note"]},
        next_at=form.cleaned_data["next_at"],
        desk_id=acts_at(actor, P.FOLLOW_UP, case),
        key=form.cleaned_data["key"],
    ),
    gettext_lazy("Record a follow-up"),
    shown=before_reaching,
)


def _assign(actor: Actor, case: Case, form: ManagerForm) -> Any:
    post = form.posts[form.cleaned_data["manager"]]
    return actions.assign_manager(
        actor=actor,
        case=case,
        manager=post.user,
        desk=post.desk,
        because=form.cleaned_data["because"],
        filled_from=form.cleaned_data["filled_from"],
        key=form.cleaned_data["key"],
    )


assign_manager = page(P.MANAGER_ASSIGN, ManagerForm, _assign, gettext_lazy("Name the case manager"))
close_case = page(
    P.CASE_CLOSE,
    CloseForm,
    lambda actor, case, form: actions.close_case(
        actor=actor,
        case=case,
        reason=form.cleaned_data["reason"],
        note=form.cleaned_data["note"],
        key=form.cleaned_data["key"],
    ),
    gettext_lazy("Close the case"),
    lead=gettext_lazy("All clocks end, and so does every grant: nobody opens the file after this without a new one."),
    faults=unfinished,
    danger=True,
    address=after,
    back=address,
    done=lambda case: (
        gettext_lazy("The case is closed.")
        if case.status == "closed"
        else gettext_lazy("A second person has been asked to sign; until then the case stays open with all its clocks.")
    ),
)

# Where the work of a running clock is done: permission, route, label, and what the link fills in.
CLOCK_PAGES: dict[str, tuple[P, str, Any, str]] = {
    ClockKind.ACKNOWLEDGE: (P.WARNING_ACKNOWLEDGE, "acknowledge", gettext_lazy("Acknowledge"), ""),
    ClockKind.FIRST_MEETING: (P.RISK_ASSESS, "assess_risk", gettext_lazy("Assess"), ""),
    ClockKind.REASSESS: (P.RISK_ASSESS, "assess_risk", gettext_lazy("Assess"), ""),
    ClockKind.FOLLOW_UP: (P.FOLLOW_UP, "follow_up", gettext_lazy("Record"), ""),
    ClockKind.CALLBACK: (P.CALL_BACK, "call_back", gettext_lazy("Record"), ""),
    ClockKind.TELL_PRINCIPAL: (P.TELL, "tell", gettext_lazy("Record"), "?whom=principal"),
    ClockKind.TELL_GUARDIAN: (P.TELL, "tell", gettext_lazy("Record"), "?whom=guardian"),
    ClockKind.TELL_CITY: (P.TELL, "tell", gettext_lazy("Record"), "?whom=city"),
    ClockKind.TELL_RESCUE: (P.TELL, "tell", gettext_lazy("Record"), "?whom=police"),
    ClockKind.REPORT: (P.REPORT_WRITE, "write_report", gettext_lazy("Write"), ""),
    ClockKind.NEXT_REPORT: (P.REPORT_WRITE, "write_report", gettext_lazy("Write"), ""),
    ClockKind.SECOND_TALK: (P.CONSENT_RECORD, "record_consent", gettext_lazy("Record"), ""),
    ClockKind.HOME_WATCH: (P.FOLLOW_UP, "follow_up", gettext_lazy("Record"), ""),
    ClockKind.LEAVE_STEP: (P.LEAVE_KEEP, "case", gettext_lazy("Next step"), "#leave"),
    ClockKind.LEAVE_CONTACT: (P.LEAVE_KEEP, "follow_leave", gettext_lazy("Record"), ""),
    ClockKind.LOOK_AGAIN: (P.LEAVE_KEEP, "case", gettext_lazy("Next step"), "#leave"),
    ClockKind.APPEAL: (P.RETURN_JUDGE, "decide_appeal", gettext_lazy("Decide"), ""),
    ClockKind.RETURN_TALK: (P.LEAVE_KEEP, "follow_leave", gettext_lazy("Record"), ""),
    ClockKind.CONFIRM_GROUPS: (P.GROUPS_FLAG, "flag_groups", gettext_lazy("Confirm"), ""),
    ClockKind.RECEIPT: (P.MANDATORY_REPORT, "note_receipt", gettext_lazy("Note"), ""),
}

# What the case page offers: permission, route, label, look; "more" stands behind a fold.
BUTTONS = (
    (P.WARNING_ACKNOWLEDGE, "acknowledge", gettext_lazy("Acknowledge"), "primary"),
    (P.TRANSFER_ANSWER, "accept_transfer", gettext_lazy("Take the file over"), "primary"),
    (P.TRANSFER_ANSWER, "refuse_transfer", gettext_lazy("Send it back"), "secondary"),
    (P.FILE_READ, "case_file", gettext_lazy("Open the file"), "primary"),
    (P.SESSION_LOG, "log_session", gettext_lazy("Note a meeting"), "primary"),
    (P.CONCERN_MERGE, "merge_concern", gettext_lazy("Merge the concern"), "primary"),
    (P.FILE_READ, "person_file", gettext_lazy("One person, one file"), "secondary"),
    (P.LOWERING_CONFIRM, "confirm_lowering", gettext_lazy("Confirm as the second person"), "primary"),
    (P.CONTACT_ALLOW, "allow_contact", gettext_lazy("Decide on contact"), "primary"),
    (P.CHANNEL_OPEN, "emergency", gettext_lazy("Emergency: to the hospital now"), "danger"),
    (P.REFERRAL_SUBMIT, "submit_referral", gettext_lazy("Ask the county centre to refer"), "primary"),
    (P.CHANNEL_OPEN, "open_channel", gettext_lazy("Refer through the green channel"), "primary"),
    (P.RISK_ASSESS, "assess_risk", gettext_lazy("Assess the risk"), "secondary"),
    (P.INSTRUMENT_RECORD, "record_instrument", gettext_lazy("Record an instrument"), "secondary"),
    (P.SAFETY_PLAN, "plan_safety", gettext_lazy("Make a safety plan"), "secondary"),
    (P.TELL, "tell", gettext_lazy("Record who was told"), "secondary"),
    (P.CONSENT_RECORD, "record_consent", gettext_lazy("The guardian's consent"), "secondary"),
    (P.TIER_RAISE, "raise_tier", gettext_lazy("Raise the tier"), "danger"),
    (P.CONSENT_RECORD, "watch_at_home", gettext_lazy("Watch at home"), "more"),
    (P.FOLLOW_UP, "follow_up", gettext_lazy("Record a follow-up"), "more"),
    (P.GROUPS_FLAG, "flag_groups", gettext_lazy("Special groups"), "more"),
    (P.LEAVE_KEEP, "begin_leave", gettext_lazy("Begin a leave from school"), "more"),
    (P.CONTACT_STOP, "stop_contact", gettext_lazy("Do not contact"), "more"),
    (P.CONTACT_ALLOW, "ask_contact", gettext_lazy("Ask for contact to be allowed again"), "more"),
    (P.CALL_BACK, "call_back", gettext_lazy("Record a call-back"), "more"),
    (P.CALLER_ASK, "ask_caller", gettext_lazy("The caller's number"), "more"),
    (P.MANDATORY_REPORT, "report_mandatory", gettext_lazy("Mandatory report"), "more"),
    (P.REPORT_WRITE, "write_report", gettext_lazy("Written report"), "more"),
    (P.ATTACH, "attach", gettext_lazy("Attach a paper"), "more"),
    (P.FILE_READ, "case_results", gettext_lazy("Results over terms"), "more"),
    (P.FILE_READ, "safety_plan_print", gettext_lazy("Print the safety plan"), "more"),
    (P.FILE_READ, "return_plan_print", gettext_lazy("Print the return-to-school plan"), "more"),
    (P.FILE_READ, "report_print", gettext_lazy("Print the written report"), "more"),
    (P.MANAGER_ASSIGN, "assign_manager", gettext_lazy("Name the case manager"), "more"),
    (P.SCHOOL_AGREE, "agree_school", gettext_lazy("The school may take part"), "more"),
    (P.CLOCK_PAUSE, "pause_clock", gettext_lazy("Pause a clock"), "more"),
    (P.CLOCK_RESUME, "resume_clock", gettext_lazy("Let a clock go on"), "more"),
    (P.TIER_LOWER, "lower_tier", gettext_lazy("Lower the tier"), "more"),
    (P.TRANSFER_ASK, "ask_transfer", gettext_lazy("Hand the file over"), "more"),
    (P.CASE_CLOSE, "close_case", gettext_lazy("Close the case"), "more"),
)
PAGE_ACTIONS = frozenset({P.RETURN_JUDGE, *(permission for permission, *_rest in BUTTONS)})
