"""Who may open a case, since when, by whom and until when; why can I, why can I not; to give access and to end it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from cases import actions
from cases.access import open_case, who_may_read
from cases.action_views import page
from cases.models import Case
from cases.sections import openings, unnamed_givers
from cases.sharing import given, holder_of, owns
from cases.sharing_forms import GrantForm, RevokeForm
from wellbeing.access.actor import Actor
from wellbeing.access.explained import lines
from wellbeing.access.models import Origin
from wellbeing.access.permissions import P
from wellbeing.access.policy import explain, may
from wellbeing.access.routes import requires
from wellbeing.action_page import Undo
from wellbeing.errors import Forbidden

ASKED = (
    (P.CASE_SEE, gettext_lazy("See the cover")),
    (P.FILE_READ, gettext_lazy("Open the file")),
    (P.RISK_ASSESS, gettext_lazy("Work on the case")),
    (P.WARNING_ACKNOWLEDGE, gettext_lazy("Acknowledge its warnings")),
    (P.ACCESS_GRANT, gettext_lazy("Open it to others")),
)


def address(case: Case) -> str:
    return reverse("case_access", args=[case.reference])


@requires(P.CASE_SEE)
@require_safe
def case_access(request: HttpRequest, reference: str) -> HttpResponse:
    """Everybody who may open the case, and the evaluator's own steps for the one who asks."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = open_case(actor, reference)
    mine = owns(actor, case) and may(actor, P.ACCESS_GRANT, case)
    asked, unnamed = [], unnamed_givers(actor, case)
    for permission, text in ASKED:
        verdict = explain(actor, permission, case)
        steps = lines(actor, permission, verdict, unnamed=unnamed)
        allowed = verdict.allowed
        if permission == P.ACCESS_GRANT and allowed:  # the one thing that the object's own desk decides besides
            allowed = mine
        asked.append({"text": text, "allowed": allowed, "steps": steps, "owner": permission == P.ACCESS_GRANT})
    readers = [
        {
            "holder": one,
            "by": _("a reporter") if (one.giver, one.since) in unnamed else one.by,
            "given": mine and one.origin == Origin.GIVEN,
        }
        for one in who_may_read(case)
    ]
    context = {
        "sections": openings(actor, case),
        "case": case,
        "readers": readers,
        "asked": asked,
        "mine": mine,
        "owner": case.owner_desk,
    }
    return render(request, "cases/access.html", context)


def _owned(actor: Actor, reference: str, permission: P) -> Case:
    case = open_case(actor, reference, permission)
    if not owns(actor, case):
        raise Forbidden
    return case


def _shared(permission: P, form: Any, perform: Any, title: Any, **more: Any) -> Any:
    return page(permission, form, perform, title, opener=_owned, address=address, **more)


grant_access = _shared(
    P.ACCESS_GRANT,
    GrantForm,
    lambda actor, case, form: actions.grant_access(
        actor=actor, case=case, **form.chosen(), key=form.cleaned_data["key"]
    ),
    gettext_lazy("Open the case to others"),
    lead=gettext_lazy("Until the day you choose, and no longer. They are told that a file was opened to them."),
    done=gettext_lazy("The file is open to them."),
    undo=lambda case, form: Undo(
        reverse("revoke_access", args=[case.reference]),
        {"holder": form.cleaned_data["to"], "because": _("Given by mistake, taken back at once.")},
    ),
)


def _revoke(actor: Actor, case: Case, form: RevokeForm) -> Any:
    holder = holder_of(form.cleaned_data["holder"])
    if holder is None:
        raise Forbidden
    done = {"because": form.cleaned_data["because"], "key": form.cleaned_data["key"]}
    return actions.revoke_access(actor=actor, case=case, holder=holder, **done)


def _nobody(actor: Actor, case: Case) -> list[Any]:
    """Whoever follows an old link finds that nothing is left to end."""
    left = [one for one in who_may_read(case) if given(case, one.key)]
    return [] if left else [_("No access that your desk gave is in force.")]


revoke_access = _shared(
    P.ACCESS_REVOKE,
    RevokeForm,
    _revoke,
    gettext_lazy("End an access"),
    lead=gettext_lazy("It ends at once. What they have written stays in the file."),
    done=gettext_lazy("The access has ended."),
    faults=_nobody,
    danger=True,
)
