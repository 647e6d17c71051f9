"""Pages of leave and return: the panel of the case page, a page per step, the plan, opening again."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases import actions
from cases.access import open_closed
from cases.action_views import address, as_it_stands, before_reaching, page
from cases.clocks import ClockKind
from cases.leave import ACTION_TEXT, AWAY, BACK, CLOCKS, LEAVE, STATE_TEXT, Move
from cases.leave_forms import (
    AppealDecisionForm,
    BeginForm,
    DecideForm,
    FollowForm,
    LeaveForm,
    ReopenForm,
    ReturnPlanForm,
    form_of,
)
from cases.models import Case, EntryKind, Leave
from cases.queues import leaves
from cases.tiers import Tier
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import acts_at
from wellbeing.action_page import action_page

EXITS = ("refused", "appealed", "called_off")
# The steps that have a page of their own name: permission, route, what the button says.
ROUTES: dict[str, tuple[P, str, Any]] = {
    **{move: (P.LEAVE_KEEP, f"leave_{move}", ACTION_TEXT[move]) for move in Move},
    "weigh_return": (P.RETURN_JUDGE, "weigh_return", ACTION_TEXT["weigh_return"]),
    "pass": (P.LEAVE_KEEP, "decide_return", _("Decide on the return")),
    "appeal_return": (P.LEAVE_KEEP, "appeal_return", ACTION_TEXT["appeal_return"]),
    "uphold": (P.RETURN_JUDGE, "decide_appeal", _("Decide on the appeal")),
}
TOUCHED = {ClockKind.LEAVE_CONTACT, ClockKind.RETURN_TALK}  # where one runs, a contact is recorded and a return planned


def may_begin(case: Case, known: Sequence[Leave]) -> bool:
    """Whether a leave may begin: none is open, or the person has just left again."""
    left = all(one.ended_at or LEAVE.allows(one.state, "leave_again") for one in known)
    return left and not case.school_apart and case.tier != Tier.GREEN


def panel(case: Case, known: Sequence[Leave], can: frozenset[P]) -> dict[str, Any] | None:
    """The newest leave for the case page: both roads with their days, what may be done next, and the earlier ones."""
    if not known:
        return None
    leave = known[0]
    return {
        "leave": leave,
        "state_text": gettext(STATE_TEXT[leave.state]),
        "away": _road(leave, AWAY),
        "back": _road(leave, BACK) if leave.from_day else [],
        "actions": _actions(leave, case, can) if leave.ended_at is None and case.status != "closed" else [],
        "trace": [{"at": one.at, "text": gettext(ACTION_TEXT[one.action]), "who": one.by} for one in leave.steps.all()],
        "papers": P.LEAVE_KEEP in can,
        "earlier": [{"leave": one, "state_text": gettext(STATE_TEXT[one.state])} for one in known[1:]],
    }


def _road(leave: Leave, road: Sequence[str]) -> list[dict[str, Any]]:
    """The states of one road with when each was reached; of a return that was tried again, the last try."""
    reached: dict[str, Any] = {}
    for one in leave.steps.all():
        if one.state == "materials" and one.action == "submit":
            reached = {state: at for state, at in reached.items() if state in AWAY}
        reached.setdefault(one.state, one.at)
    side = [state for state in EXITS if state in reached and (state == "called_off") == (road is AWAY)]
    shown = [*(s for s in road if s in reached), *side, *(s for s in road if s not in reached)]
    if leave.state == "called_off":
        shown = [state for state in shown if state in reached]
    return [
        {
            "state": state,
            "text": gettext(STATE_TEXT[state]),
            "done": state in reached,
            "current": state == leave.state,
            "at": reached.get(state),
            "exit": state in EXITS,
        }
        for state in shown
    ]


def _actions(leave: Leave, case: Case, can: frozenset[P]) -> list[dict[str, Any]]:
    """What the reader may do next: the steps of the table, the contact, and the plan."""
    found = [(ROUTES[step], "primary") for step in LEAVE.actions(leave.state) if step in ROUTES]
    found = [(route, "secondary" if place else kind) for place, (route, kind) in enumerate(found)]
    if TOUCHED & set(CLOCKS[leave.state]):
        follow, plan = _("Record a contact"), _("Return-to-school plan")
        found += [((P.LEAVE_KEEP, "follow_leave", follow), "secondary")]
        found += [((P.LEAVE_KEEP, "plan_return", plan), "secondary")]
    return [
        {"name": name, "label": gettext(str(label)), "url": reverse(name, args=[case.reference]), "kind": kind}
        for (permission, name, label), kind in found
        if permission in can
    ]


def _given(actor: Actor, case: Any, form: Any, permission: P = P.LEAVE_KEEP) -> dict[str, Any]:
    return {"actor": actor, "case": case, "key": form.cleaned_data["key"], "desk_id": acts_at(actor, permission, case)}


def not_yet(*steps: str) -> Any:
    """What forbids a step at present: that the leave stands somewhere else."""

    def faults(actor: Actor, case: Case) -> list[Any]:
        standing = next((one for one in leaves(case) if one.ended_at is None), None)
        if standing and any(LEAVE.allows(standing.state, step) for step in steps):
            return []
        where = gettext(STATE_TEXT[standing.state]) if standing else gettext("no leave is open")
        return [gettext("The leave does not stand at this step. It stands at: %(where)s.") % {"where": where}]

    return faults


def _move(step: Move) -> Any:
    def perform(actor: Actor, case: Any, form: LeaveForm) -> Any:
        return actions.move_leave(**_given(actor, case, form), step=step, words=form.words(step))

    return perform


moves = {
    step: page(P.LEAVE_KEEP, form_of(step), _move(step), _(ACTION_TEXT[step]), faults=not_yet(step)) for step in Move
}
begin_leave = page(
    P.LEAVE_KEEP,
    BeginForm,
    lambda actor, case, form: actions.begin_leave(
        **_given(actor, case, form), desk=form.desks[form.cleaned_data["desk"]], words=form.words("begin")
    ),
    _("Begin a leave from school"),
    lead=_(
        "Four steps: noticed, assessed by a professional, talked over with the family, applied for by the guardian."
    ),
)


def _decide(actor: Actor, case: Any, form: DecideForm) -> Any:
    step = form.cleaned_data["outcome"]
    return actions.decide_return(**_given(actor, case, form), passed=step == "pass", words=form.words(step))


decide_return = page(P.LEAVE_KEEP, DecideForm, _decide, _("Decide on the return"), faults=not_yet("pass"))
appeal_return = page(
    P.LEAVE_KEEP,
    form_of("appeal_return"),
    lambda actor, case, form: actions.appeal_return(**_given(actor, case, form), words=form.words("appeal_return")),
    _("Appeal"),
    lead=_("Of the guardian or the student. Somebody else than who refused decides, within the time of the policy."),
    faults=not_yet("appeal_return"),
)


def _decide_appeal(actor: Actor, case: Any, form: AppealDecisionForm) -> Any:
    step = form.cleaned_data["upheld"]
    return actions.decide_appeal(
        **_given(actor, case, form, P.RETURN_JUDGE), upheld=step == "uphold", words=form.words(step)
    )


decide_appeal = page(
    P.RETURN_JUDGE, AppealDecisionForm, _decide_appeal, _("Decide on the appeal"), faults=not_yet("uphold")
)
follow_leave = page(
    P.LEAVE_KEEP,
    FollowForm,
    lambda actor, case, form: actions.follow_leave(
        **_given(actor, case, form), reached=form.cleaned_data["reached"] == "yes", words=form.words("follow")
    ),
    _("Record a contact"),
    lead=_("While away, and in the first months back. Not reached leaves the clock running."),
    shown=before_reaching,
)
plan_return = page(
    P.LEAVE_KEEP,
    ReturnPlanForm,
    lambda actor, case, form: actions.plan_return(
        **_given(actor, case, form), words=form.words(), filled_from=form.cleaned_data["filled_from"]
    ),
    _("Return-to-school plan"),
    lead=_("The newest plan counts. Form teacher and crisis lead get it on paper, without name or record."),
    first=as_it_stands(EntryKind.RETURN_PLAN),
)
reopen_case = action_page(
    permission=P.CASE_REOPEN,
    form=ReopenForm,
    opener=open_closed,
    perform=lambda actor, case, form: actions.reopen_case(
        actor=actor,
        reference=case.reference,
        to=form.cleaned_data["to"],
        because=form.cleaned_data["because"],
        key=form.cleaned_data["key"],
    ),
    address=address,
    back=lambda case: reverse("search"),
    template="cases/action.html",
    title=_("Open the case again"),
    lead=_(
        "In danger again: the warning is raised anew, and the whole history can be read. A case that takes two people"
        " to lower comes back at the tier it was closed at, or higher."
    ),
    danger=True,
)
