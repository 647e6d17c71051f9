"""One page per step of a return, a term and the staffing policy."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action_page import Page, action_page
from wellbeing.errors import Forbidden, Invalid
from wellbeing.people import access, actions, forms
from wellbeing.people.actions._lines import lines_of
from wellbeing.people.display import unconfirmed
from wellbeing.people.flow import RETURN, RETURN_TEXT, ReturnState
from wellbeing.people.models import StaffingPolicyVersion, StaffingReturn, Term
from wellbeing.workdays import now


def _address(one: StaffingReturn) -> str:
    return reverse("staffing_return", args=[one.pk])


def _not_now(step: str) -> Any:
    """Why a step is not possible with a return as it stands."""

    def faults(actor: Actor, one: StaffingReturn) -> list[str]:
        if RETURN.allows(one.state, step):
            return []
        return [gettext("This return is %(state)s.") % {"state": gettext(RETURN_TEXT[ReturnState(one.state)])}]

    return faults


def _step(step: str, permission: P, **more: Any) -> Page:
    """The page of one step of a return: most are only a click, some need a reason."""
    form = more.pop("form", forms.PlainForm)
    run = getattr(actions, step)

    def perform(actor: Actor, one: StaffingReturn, filled: Any) -> Any:
        given = {name: value for name, value in filled.cleaned_data.items() if name != "key"}
        return run(actor=actor, staffing_return=one, key=filled.cleaned_data["key"], **given)

    return action_page(
        permission=permission,
        form=form,
        opener=access.open_return,
        perform=perform,
        address=_address,
        template="people/action.html",
        faults=_not_now(step),
        **more,
    )


def _first(actor: Actor, one: StaffingReturn) -> dict[str, Any]:
    """The return as it stands, for the empty form."""
    values: dict[str, Any] = {"stage": one.stage, "enrolment": one.enrolment, "boarding": one.boarding}
    values["merged_into"] = str(one.merged_into_id or "")
    values["filled_from"] = one.written.mark
    for place, line in enumerate(lines_of(one), 1):
        values |= {f"{name}_{place}": getattr(line, name) for name in line.__dataclass_fields__}
        values[f"full_time_{place}"] = "full" if line.full_time else "part"
    return values


def _fill(actor: Actor, one: StaffingReturn, form: Any) -> Any:
    try:
        return actions.fill_return(
            actor=actor,
            staffing_return=one,
            filing=form.filing(),
            filled_from=form.cleaned_data["filled_from"],
            key=form.cleaned_data["key"],
        )
    except Invalid as refused:
        raise Invalid(form.place(refused.field), refused.message) from None


fill_return = action_page(
    permission=P.RETURN_FILL,
    form=forms.ReturnForm,
    opener=access.open_return,
    perform=_fill,
    address=_address,
    template="people/fill_return.html",
    title=_("Fill in the return"),
    lead=_("Staff numbers only, no names. Empty lines are left out."),
    done=_("Saved. Submit it when it is complete."),
    faults=_not_now("fill_return"),
    first=_first,
)
submit_return = _step(
    "submit_return",
    P.RETURN_SUBMIT,
    title=_("Submit the return"),
    lead=_("It goes to the county; until it is sent back you cannot change it."),
    done=_("Submitted. The county confirms it."),
)
confirm_return = _step(
    "confirm_return", P.RETURN_CONFIRM, title=_("Confirm the return"), done=_("The return is confirmed.")
)
send_back_return = _step(
    "send_back_return",
    P.RETURN_CONFIRM,
    form=forms.BecauseForm,
    title=_("Send the return back"),
    lead=_("The school reads the reason, mends the return and submits it again."),
    done=_("The return is back with the school."),
)
unlock_return = _step(
    "unlock_return",
    P.RETURN_UNLOCK,
    form=forms.BecauseForm,
    title=_("Unlock the return"),
    lead=_(
        "It goes back to the school, is confirmed again, and counts with the next lock of the term. This is recorded."
    ),
    done=_("The return is unlocked and back with the school."),
    danger=True,
)


def _of_term(term: Term) -> str:
    return f"{reverse('returns')}?term={term.pk}"


lock_term = action_page(
    permission=P.TERM_LOCK,
    form=forms.LockForm,
    opener=access.open_term,
    perform=lambda actor, term, form: actions.lock_term(
        actor=actor, term=term, unconfirmed=form.cleaned_data["unconfirmed"], key=form.cleaned_data["key"]
    ),
    address=_of_term,
    template="people/lock_term.html",
    title=_("Lock the term"),
    lead=_("What is confirmed stands, what is not lapses. After that nothing of this term changes but by an unlock."),
    done=_("The term is locked."),
    first=lambda actor, term: {"unconfirmed": unconfirmed(term)},
    danger=True,
)


def _policy(actor: Actor, reference: str, permission: P) -> StaffingPolicyVersion:
    """The version in force, also by the address of an older one: whoever has that page open is told what was changed
    meanwhile. What was never a version is not found."""
    version = StaffingPolicyVersion.at(now())
    if reference not in map(str, range(1, version.number + 1)):
        raise Forbidden
    return version


change_staffing_policy = action_page(
    permission=P.STAFFING_POLICY_CHANGE,
    form=forms.StaffingPolicyForm,
    opener=_policy,
    perform=lambda actor, version, form: actions.change_staffing_policy(
        actor=actor,
        policy=form.policy(),
        because=form.cleaned_data["because"],
        filled_from=form.cleaned_data["filled_from"],
        key=form.cleaned_data["key"],
    ),
    address=lambda version: reverse("staffing"),
    first=lambda actor, version: {"filled_from": version.written.mark},
    template="people/staffing_policy.html",
    title=_("Rules of staffing and centres"),
    lead=_("What the plan leaves open. A change counts at once; a locked term keeps the rules it was locked under."),
    done=_("The rules are changed."),
)
