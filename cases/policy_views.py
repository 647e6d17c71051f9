"""Pages of the policy: what is in force and what it was; its change in three steps, edit, preview, confirm."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cases import actions
from cases.actions.change_policy import NOTHING
from cases.models import PolicyVersion
from cases.policy import TIERS, Policy
from cases.policy_change import changes, digest
from cases.policy_display import counts, difference, history, season, tables
from cases.policy_forms import PolicyForm
from cases.policy_preview import preview
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.access.routes import requires
from wellbeing.errors import Invalid
from wellbeing.workdays import now

# What the pages themselves add to the form; everything else of it was typed, and is carried from step to step.
OURS = {"csrfmiddlewaretoken", "step", "previewed"}


@requires(P.POLICY_SEE)
@require_safe
def policy_page(request: HttpRequest) -> HttpResponse:
    """The policy in force, what waits, and every version with its reason and its differences."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    at, in_force, versions = now(), PolicyVersion.current(), PolicyVersion.every()
    context = {
        "version": in_force,
        "groups": tables(in_force.policy()),
        "tiers": TIERS,
        "history": history(versions, in_force, at),
        **season(at, in_force.policy()),
        "may_change": may(actor, P.POLICY_CHANGE),
        "now": at,
    }
    return render(request, "cases/policy.html", context)


@requires(P.POLICY_CHANGE, fresh=True)
@require_http_methods(["GET", "POST"])
def change_policy(request: HttpRequest) -> HttpResponse:
    """Edit (GET, or back from the preview), preview, confirm. `?from=` starts from the values of another version."""
    versions = PolicyVersion.every()
    wanted = request.GET.get("from", "")
    start = next((one for one in versions if str(one.number) == wanted), versions[0])
    form = PolicyForm(request.POST or None, base=start.policy())
    step = request.POST.get("step", "preview")
    if request.method == "GET" or step == "edit":
        return _edit(request, form, versions, status=200)
    if not form.is_valid():
        return _edit(request, form, versions, status=422)
    return _confirm(request, form, versions) if step == "confirm" else _preview(request, form, versions)


def _edit(request: HttpRequest, form: PolicyForm, versions: list[PolicyVersion], *, status: int) -> HttpResponse:
    at = now()
    rows = history(versions, PolicyVersion.current(), at)
    context = {
        "form": form,
        "groups": form.layout(),
        "tiers": TIERS,
        "waiting": [row["version"] for row in rows if row["state"] == "waiting"],
        "now": at,
    }
    return render(request, "cases/policy_change.html", context, status=status)


def _preview(request: HttpRequest, form: PolicyForm, versions: list[PolicyVersion]) -> HttpResponse:
    """What would have been different, before anything is."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    at, newest, begin = now(), versions[0], form.cleaned_data["effective_from"]
    policy: Policy = form.policy
    if not changes(newest.policy(), policy) and newest.effective_from <= at:
        form.add_error(None, _(NOTHING))
        return _edit(request, form, versions, status=422)
    in_force = PolicyVersion.current()
    context = {
        "changes": difference(changes(in_force.policy(), policy)),
        "in_force": in_force,
        "number": newest.number + 1,
        "effective_from": begin,
        "because": form.cleaned_data["because"],
        "withdraws": [one for one in versions if one.effective_from > at and one.effective_from >= (begin or at)],
        "counts": counts(preview(actor, policy)),
        "previewed": digest(policy, begin, newest.number),
        "typed": _typed(request),
        "now": at,
    }
    return render(request, "cases/policy_preview.html", context)


def _confirm(request: HttpRequest, form: PolicyForm, versions: list[PolicyVersion]) -> HttpResponse:
    values = form.cleaned_data
    try:
        actions.change_policy(
            actor=request.actor,  # type: ignore[attr-defined]
            policy=form.policy,
            effective_from=values["effective_from"],
            because=values["because"],
            previewed=request.POST.get("previewed", ""),
            key=values["key"],
        )
    except Invalid as refused:
        form.add_error(form.place(refused.field), refused.message)
        return _edit(request, form, versions, status=422)
    messages.success(request, _("The new version is kept."))
    return redirect("policy")


def _typed(request: HttpRequest) -> list[tuple[str, Any]]:
    """Everything that was typed, as it was typed."""
    return [(name, value) for name, given in request.POST.lists() if name not in OURS for value in given]
