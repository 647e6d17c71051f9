"""Pages of the API: tokens, and what developers read. The API itself stands behind gate.py."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.access.routes import requires
from wellbeing.action_page import Page, action_page, beside
from wellbeing.api import access, actions
from wellbeing.api.catalogue import DESCRIPTION, endpoints
from wellbeing.api.forms import TokenForm
from wellbeing.api.gate import view_of
from wellbeing.api.models import TokenState
from wellbeing.api.not_offered import NOT_OFFERED, WHY_TEXT, Why
from wellbeing.api.openapi import description
from wellbeing.api.scopes import scope_of
from wellbeing.people.forms import PlainForm
from wellbeing.workdays import now

STANDING = {
    **dict(TokenState.choices),
    "expired": _("expired"),
    "post": _("ended with its post"),
}


@requires(P.TOKEN_LIST)
@require_safe
def tokens(request: HttpRequest) -> HttpResponse:
    """My tokens; for the system and the security administrator everybody's, those that wait first."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    rows = [{"row": row, "standing": STANDING[row.standing]} for row in access.tokens_of(actor)]
    context = {"rows": rows, "all": access.oversees(actor), "may_ask": may(actor, P.TOKEN_ASK), "now": now()}
    return render(request, "api/tokens.html", context)


@requires(P.TOKEN_ASK, fresh=True)
@require_http_methods(["GET", "POST"])
def ask_token(request: HttpRequest) -> HttpResponse:
    """Ask for a token and see it, once."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    form = TokenForm(request.POST or None, actor=actor)
    if form.is_bound and form.is_valid():
        with beside(form):
            word = actions.ask_token(actor=actor, **form.given())
            if word is None:  # the form was sent before, and its token shown
                return redirect("tokens")
            return render(request, "api/token_made.html", {"word": word})
    context = {
        "form": form,
        "title": _("Ask for a token"),
        "lead": _("For a program of yours. You see the token once, on the next page; it counts once it is confirmed."),
        "back": reverse("tokens"),
        "submit_label": form.submit_label,
    }
    return render(request, "api/token_action.html", context, status=422 if form.is_bound else 200)


def _step(permission: P, perform: Any, **more: Any) -> Page:
    """The page of one step with a token: a click, after the second factor."""
    return action_page(
        permission=permission,
        form=PlainForm,
        opener=access.open_token,
        perform=perform,
        address=lambda _token: reverse("tokens"),
        template="api/token_action.html",
        fresh=True,
        **more,
    )


confirm_token = _step(
    P.TOKEN_DECIDE,
    lambda actor, token, form: actions.confirm_token(actor=actor, token=token, key=form.cleaned_data["key"]),
    title=_("Confirm the token"),
    lead=_("Confirm it when you know from its owner which program it is for, and that it needs no more than this."),
    done=_("The token counts from now on."),
)
decline_token = _step(
    P.TOKEN_DECIDE,
    lambda actor, token, form: actions.decline_token(actor=actor, token=token, key=form.cleaned_data["key"]),
    title=_("Decline the token"),
    done=_("The token is declined."),
    danger=True,
)
end_token = _step(
    P.TOKEN_END,
    lambda actor, token, form: actions.end_token(actor=actor, token_id=token.pk, key=form.cleaned_data["key"]),
    title=_("End the token"),
    lead=_("The program's next request is refused. This cannot be taken back; a new token can be asked for."),
    done=_("The token has ended."),
    danger=True,
)


@requires(P.API_READ)
@require_safe
def developers(request: HttpRequest) -> HttpResponse:
    """The addresses of the API for people: what each is, asks for and answers; and what is not offered, with why."""
    rows = [
        {
            **{"method": one.methods[0], "place": one.place.replace("<str:", "{").replace(">", "}"), "said": one.said},
            **{"permission": one.permission.value, "scope": scope_of(one.permission, writes=one.writes)},
            **{"group": one.group, "query": list(one.query)},
        }
        for one in endpoints()
    ]
    rows.sort(key=lambda row: (row["group"] == "actions", row["group"]))
    groups = [(group, list(found)) for group, found in groupby(rows, key=lambda row: row["group"])]
    reasons = [(_(WHY_TEXT[why]), sorted(n for n, w in NOT_OFFERED.items() if w == why)) for why in Why]
    return render(request, "api/developers.html", {"groups": groups, "reasons": reasons})


@requires(P.API_READ)
@require_safe
def _described(request: HttpRequest) -> HttpResponse:
    return JsonResponse(description(endpoints()))


_by_token = view_of(DESCRIPTION)


def api_description(request: HttpRequest) -> HttpResponse:
    """The description of the API as JSON, for whoever is signed in or shows a token."""
    return _by_token(request) if "Authorization" in request.headers else _described(request)


for name in ("permission", "quiet", "proof"):
    setattr(api_description, name, getattr(_described, name))
api_description.or_token = True  # type: ignore[attr-defined]
