"""A referral that was written on a numbered sheet while the system was down: find its case, then enter it there."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from cases.forms import paper_field
from cases.models import Case
from cases.paper_access import roles_for, waiting_sheet
from cases.paper_number import PaperKind
from cases.search import find
from referrals.queues import open_referral_of
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.access.routes import requires
from wellbeing.errors import Forbidden, Invalid


class FromPaperForm(forms.Form):
    """The number of the sheet, and whom it is about; these words stand in no address."""

    paper = paper_field()
    words = forms.CharField(
        label=_("Whose case"),
        max_length=80,
        help_text=_("Its reference, as the sheet says; or name, sound or student number."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["paper"].required = True


@requires(P.PAPER_PRINT)
@require_http_methods(["GET", "POST"])
def enter_referral(request: HttpRequest) -> HttpResponse:
    """Find the case of a sheet; a reference leads on at once, a name shows whom it may be. Forbidden for desks that
    refer nobody."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.post_as(*roles_for(PaperKind.REFERRAL)) is None:
        raise Forbidden
    form, rows = FromPaperForm(request.POST or None, initial={"paper": request.GET.get("paper", "")}), None
    if form.is_bound and form.is_valid() and _waits(form):
        words, number = form.cleaned_data["words"], form.cleaned_data["paper"]
        rows = [_row(actor, case, name, number) for case, name in find(actor, words)]
        if len(rows) == 1 and rows[0]["url"] and rows[0]["case"].reference.casefold() == words.strip().casefold():
            return redirect(rows[0]["url"])
    status = 422 if form.is_bound and rows is None else 200
    return render(request, "referrals/from_paper.html", {"form": form, "rows": rows}, status=status)


def _waits(form: FromPaperForm) -> bool:
    """Whether the number may be entered; why not stands beside it."""
    try:
        waiting_sheet(form.cleaned_data["paper"], PaperKind.REFERRAL)
    except Invalid as refused:
        form.add_error("paper", refused.message)
        return False
    return True


def _row(actor: Actor, case: Case, name: str, number: str) -> dict[str, Any]:
    route = _way(actor, case)
    return {"case": case, "name": name, "url": f"{route}?paper={number}" if route else ""}


def _way(actor: Actor, case: Case) -> str:
    """Where the actor may refer this case now: by asking the county, by sending what is under way, or by itself."""
    if may(actor, P.REFERRAL_SUBMIT, case):
        return reverse("submit_referral", args=[case.reference])
    if not may(actor, P.CHANNEL_OPEN, case):
        return ""
    under_way = open_referral_of(case)
    if under_way and may(actor, P.REFERRAL_SEND, under_way):
        return reverse("send_referral", args=[under_way.reference])
    return reverse("open_channel", args=[case.reference])
