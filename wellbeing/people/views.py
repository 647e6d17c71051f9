"""Pages of terms and returns: the list of a term, one return, the import of a roster."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.access.routes import requires
from wellbeing.errors import Forbidden, Invalid
from wellbeing.people import access, actions
from wellbeing.people.display import own_returns, return_list, return_page
from wellbeing.people.findings import current_term
from wellbeing.people.flow import ReturnState
from wellbeing.people.forms import RosterForm, TermForm
from wellbeing.people.models import Term
from wellbeing.people.terms import every_term
from wellbeing.people.words import FIELD_TEXT
from wellbeing.upload import takes_file
from wellbeing.workdays import now


@requires(P.RETURN_SEE)
@require_safe
def returns(request: HttpRequest) -> HttpResponse:
    """The returns of a term (`?term=`), those of one division or state; a school goes straight to its own."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    term = _term(request)
    context: dict[str, Any] = {"terms": every_term(), "term": term, "may_open": may(actor, P.TERM_OPEN), "now": now()}
    if term is not None:
        own = own_returns(term, access.schools_of(actor))
        if len(own) == 1 and len(actor.posts) == 1:
            return redirect("staffing_return", own[0].pk)
        division, state = request.GET.get("division", ""), request.GET.get("state", "")
        state = state if state in list(ReturnState) else ""
        context |= return_list(actor, term, division=division, state=state, page=page_number(request))
        context |= {"division": division, "state": state}
        context |= {"may_lock": may(actor, P.TERM_LOCK), "may_import": may(actor, P.ROSTER_IMPORT)}
    return render(request, "people/returns.html", context)


@requires(P.RETURN_SEE)
@require_safe
def staffing_return(request: HttpRequest, reference: str) -> HttpResponse:
    """One return, what the rule says of it, and the steps that are mine."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    one = access.open_return(actor, reference)
    context = {**return_page(actor, one), "now": now()}
    return render(request, "people/return.html", context)


@requires(P.TERM_OPEN)
@require_http_methods(["GET", "POST"])
def open_term(request: HttpRequest) -> HttpResponse:
    """Open a term: every school gets its return."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    form = TermForm(request.POST or None, actor=actor, target=None)
    if form.is_bound and form.is_valid():
        try:
            term = actions.open_term(actor=actor, **form.cleaned_data)
        except Invalid as refused:
            form.add_error(refused.field, refused.message)
        else:
            messages.success(request, _("The term is open; every school finds its return."))
            return redirect(f"{reverse('returns')}?term={term.pk}")
    context = {"form": form, "title": _("Open a term"), "back": reverse("returns"), "submit_label": form.submit_label}
    return render(request, "people/open_term.html", context, status=422 if form.is_bound else 200)


@takes_file
@requires(P.ROSTER_IMPORT)
@require_http_methods(["GET", "POST"])
def import_roster(request: HttpRequest, reference: str) -> HttpResponse:
    """Take over a roster into the drafts of a term: all of it, or nothing."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    term = access.open_term(actor, reference, P.ROSTER_IMPORT)
    form = RosterForm(request.POST or None, request.FILES or None, actor=actor, target=term)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        content = file.read()
        try:
            done = actions.import_roster(
                actor=actor,
                term=term,
                content=content,
                name=file.name,
                filled_from=form.cleaned_data["filled_from"],
                key=form.cleaned_data["key"],
            )
        except actions.Overwrites as found:
            form.overwrites(found)
        except Invalid as refused:
            form.add_error(refused.field, refused.message)
        else:
            if done:
                numbers = {"schools": done.schools, "teachers": done.teachers}
                messages.success(request, _("%(schools)s returns filled in, %(teachers)s teachers.") % numbers)
                if done.unread:
                    left = "、".join(done.unread[:20])
                    messages.warning(request, _("Nothing was read from these columns: %(left)s") % {"left": left})
            return redirect(f"{reverse('returns')}?term={term.pk}")
    context = {"form": form, "term": term, "headings": [_(text) for text in FIELD_TEXT.values()]}
    return render(
        request, "people/import_roster.html", context, status=form.status if request.method == "POST" else 200
    )


def page_number(request: HttpRequest) -> int:
    """The page of an address; the first for none."""
    wanted = request.GET.get("page", "")
    return max(1, int(wanted)) if wanted.isdecimal() and len(wanted) < 6 else 1


def _term(request: HttpRequest) -> Term | None:
    wanted = request.GET.get("term", "")
    if wanted:
        try:
            return access.open_term(request.actor, wanted)  # type: ignore[attr-defined]
        except Forbidden:
            return None
    return current_term(now().date())
