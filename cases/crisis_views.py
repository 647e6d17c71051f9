"""Pages of a crisis: who is told, call-backs, the safety plan and reports (their prints: print_views.py), pauses."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases import actions
from cases.action_views import as_it_stands, before_reaching, page
from cases.clocks import ClockKind
from cases.consent import Consent, NotSought, Relation
from cases.crisis_forms import (
    AgreeForm,
    CallBackForm,
    ConsentForm,
    HomeWatchForm,
    MandatoryForm,
    PauseForm,
    ReceiptForm,
    ReportForm,
    ResumeForm,
    SafetyPlanForm,
    TellForm,
)
from cases.display import field_rows
from cases.forms import ConfirmForm
from cases.mandatory import Authority, Ground
from cases.models import CallBack, CallBackOutcome, Case, DeadlineState, EntryKind, ReportKind
from cases.sheet_access import before_ringing
from cases.telling import How, Told, Whom
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import acts_at
from wellbeing.action_page import Undo


def _given(permission: P, actor: Actor, case: Any, form: Any, *codes: str) -> dict[str, Any]:
    """What every action of this module is given: who, which case, the form's key, the desk, and its words."""
    words = {code: form.cleaned_data[code] for code in codes}
    given = {"actor": actor, "case": case, "key": form.cleaned_data["key"], "words": words}
    return given | {"desk_id": acts_at(actor, permission, case)}


def _tell(actor: Actor, case: Any, form: TellForm) -> Any:
    values = form.cleaned_data
    return actions.tell(
        **_given(P.TELL, actor, case, form, "name", "number", "note"),
        whom=Whom(values["whom"]),
        told=Told(values["told"]),
        how=How(values["how"]) if values["how"] else None,
        at=values["at"],
    )


tell = page(
    P.TELL,
    TellForm,
    _tell,
    _("Record who was told"),
    lead=_("Whom, when, how and by whom stays on record. Not reached leaves the clock running."),
    shown=before_reaching,
    done=_("Recorded."),
)


def _consent(actor: Actor, case: Any, form: ConsentForm) -> Any:
    values = form.cleaned_data
    return actions.record_consent(
        **_given(P.CONSENT_RECORD, actor, case, form, "who", "reason", "document"),
        outcome=Consent(values["outcome"]),
        relation=Relation(values["relation"]) if values["relation"] else None,
        how=How(values["how"]) if values["how"] else None,
        at=values["at"],
        separate=values["separate"],
        why_not=NotSought(values["why_not"]) if values["why_not"] else None,
        second_id=int(values["second"]) if values["second"] else None,
    )


record_consent = page(
    P.CONSENT_RECORD,
    ConsentForm,
    _consent,
    _("The guardian's consent"),
    lead=_("A refusal hides nothing and stops no red case: it asks for a second talk, and then the county joins."),
    shown=before_reaching,
)
watch_at_home = page(
    P.CONSENT_RECORD,
    HomeWatchForm,
    lambda actor, case, form: actions.watch_at_home(
        **_given(P.CONSENT_RECORD, actor, case, form, "watch", "signs", "contacts")
    ),
    _("Watch at home"),
    lead=_("Only where no danger stands. The tier stays, and somebody calls the home every week."),
    shown=before_reaching,
)


def _before(actor: Actor, case: Case) -> dict[str, Any]:
    """What she reads before she rings, in words, in the order in which she needs it."""
    found = before_ringing(actor, case)
    rows = [row for code, value in found.words.items() for row in field_rows({code: value})]
    number = found.words.get("callback_number") or found.words.get("contact")
    return {"stopped": found.stopped, "rows": rows, "hidden": found.hidden, "number": number}


def _taken_back(made: CallBack, _form: Any) -> Undo | None:
    """Where somebody was reached or wants no call; a try that reached nobody is followed by the next one."""
    ended = made.outcome != CallBackOutcome.UNREACHED
    return Undo(reverse("take_back_call", args=[made.case.reference])) if ended else None


call_back = page(
    P.CALL_BACK,
    CallBackForm,
    lambda actor, case, form: actions.call_back(
        **_given(P.CALL_BACK, actor, case, form, "hope", "distress", "intent", "note"),
        outcome=CallBackOutcome(form.cleaned_data["outcome"]),
    ),
    _("Record a call-back"),
    template="cases/call_back.html",
    shown=_before,
    lead=_("Three tries on three half-days; then the supervisor decides."),
    done=_("Recorded."),
    undo=_taken_back,
)
take_back_call = page(
    P.CALL_BACK,
    ConfirmForm,
    lambda actor, case, form: actions.take_back_call(actor=actor, case=case, key=form.cleaned_data["key"]),
    _("Take the call-back back"),
    lead=_("Your own, within ten minutes: the call is due again as it was, and both stand in the file."),
    done=_("Taken back: the call is due again."),
)
plan_safety = page(
    P.SAFETY_PLAN,
    SafetyPlanForm,
    lambda actor, case, form: actions.plan_safety(
        **_given(P.SAFETY_PLAN, actor, case, form) | {"words": form.words()},
        filled_from=form.cleaned_data["filled_from"],
    ),
    _("Safety plan"),
    lead=_("Together, in the person's own words. The newest plan counts; it can be printed for the person."),
    first=as_it_stands(EntryKind.SAFETY_PLAN),
)
report_mandatory = page(
    P.MANDATORY_REPORT,
    MandatoryForm,
    lambda actor, case, form: actions.report_mandatory(
        **_given(P.MANDATORY_REPORT, actor, case, form, "reported_to", "receipt_no", "note"),
        ground=Ground(form.cleaned_data["ground"]),
        authority=Authority(form.cleaned_data["authority"]),
        at=form.cleaned_data["at"],
    ),
    _("Mandatory report"),
    lead=_("Nine grounds oblige to report at once (Law on the Protection of Minors, article 11)."),
)
note_receipt = page(
    P.MANDATORY_REPORT,
    ReceiptForm,
    lambda actor, case, form: actions.note_receipt(
        **_given(P.MANDATORY_REPORT, actor, case, form, "receipt_no", "note")
    ),
    _("Note the receipt"),
)
write_report = page(
    P.REPORT_WRITE,
    ReportForm,
    lambda actor, case, form: actions.write_report(
        **_given(P.REPORT_WRITE, actor, case, form, "summary", "measures", "next_steps"),
        kind=ReportKind(form.cleaned_data["kind"]),
    ),
    _("Written report"),
    lead=_(
        "Times, tiers, who was told and what was missed come from the record. Write no name that need not be known."
    ),
)
pause_clock = page(
    P.CLOCK_PAUSE,
    PauseForm,
    lambda actor, case, form: actions.pause_clock(
        actor=actor,
        case=case,
        key=form.cleaned_data["key"],
        desk_id=acts_at(actor, P.CLOCK_PAUSE, case),
        kind=ClockKind(form.cleaned_data["kind"]),
        why=form.cleaned_data["why"],
        because=form.cleaned_data["because"],
        until=form.cleaned_data["until"],
    ),
    _("Pause a clock"),
    lead=_(
        "Only with a reason, and not for ever: it goes on by itself. It stands on the board with your name meanwhile."
        " Once it has stood still, a desk above decides on the next time. An acknowledgement never pauses."
    ),
    done=lambda clock: (
        _("The clock stands still.")
        if clock.state == DeadlineState.PAUSED
        else _("The desk above has been asked; until it answers, the clock runs on.")
    ),
    undo=lambda clock, form: (
        Undo(reverse("resume_clock", args=[clock.case.reference]), {"kind": clock.kind})
        if clock.state == DeadlineState.PAUSED
        else None
    ),
)
resume_clock = page(
    P.CLOCK_RESUME,
    ResumeForm,
    lambda actor, case, form: actions.resume_clock(
        actor=actor, case=case, key=form.cleaned_data["key"], kind=ClockKind(form.cleaned_data["kind"])
    ),
    _("Let a clock go on"),
)
agree_school = page(
    P.SCHOOL_AGREE,
    AgreeForm,
    lambda actor, case, form: actions.agree_school(
        actor=actor,
        case=case,
        key=form.cleaned_data["key"],
        desk_id=acts_at(actor, P.SCHOOL_AGREE, case),
        words=form.cleaned_data["words"],
    ),
    _("The school may take part"),
    lead=_("The school is a teacher's employer. Its desk joins only after she or he agreed."),
)
