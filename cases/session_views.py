"""Pages that note a meeting: one student, a whole group, special groups."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from cases import actions
from cases.access import open_case, reveal_covers, visible_cases
from cases.action_views import address, as_it_stands, before_reaching
from cases.groups import Group
from cases.models import Case, EntryKind
from cases.search import find
from cases.session_forms import FlagsForm, GroupForm, SessionForm
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import acts_at
from wellbeing.access.routes import requires
from wellbeing.action_page import action_page, beside, retype
from wellbeing.errors import Invalid
from wellbeing.people.terms import current_term
from wellbeing.workdays import now


def _keep(actor: Actor, case: Case, form: SessionForm) -> Any:
    return actions.log_session(
        actor=actor,
        case=case,
        kind=form.meeting,
        words=form.words(),
        held_at=form.cleaned_data["held_at"],
        next_at=form.cleaned_data["next_at"],
        desk_id=acts_at(actor, P.SESSION_LOG, case),
        key=form.cleaned_data["key"],
    )


log_session = action_page(
    permission=P.SESSION_LOG,
    form=SessionForm,
    opener=open_case,
    perform=_keep,
    address=address,
    template="cases/session.html",
    title=gettext_lazy("Note a meeting"),
    lead=gettext_lazy("First impressions, never a diagnosis. Nothing is required but a word."),
    shown=before_reaching,
    done=gettext_lazy("The note was sealed and kept; the follow-up clock has begun anew."),
)


def _flags_now(actor: Actor, case: Case) -> dict[str, Any]:
    """The groups as they stand; a box that is ticked by a word."""
    words = as_it_stands(EntryKind.GROUPS)(actor, case)
    return {**words, "life_event": words.get("life_event") == "yes"}


def _flag(actor: Actor, case: Case, form: FlagsForm) -> Any:
    term = current_term()
    return actions.flag_groups(
        actor=actor,
        case=case,
        groups=[Group(code) for code in form.cleaned_data["groups"]],
        filled_from=form.cleaned_data["filled_from"],
        life_event=form.cleaned_data["life_event"],
        note=form.cleaned_data["note"],
        confirm_by=term.last_day if term else None,
        desk_id=acts_at(actor, P.GROUPS_FLAG, case),
        key=form.cleaned_data["key"],
    )


flag_groups = action_page(
    permission=P.GROUPS_FLAG,
    form=FlagsForm,
    opener=open_case,
    perform=_flag,
    address=address,
    template="cases/action.html",
    title=gettext_lazy("Special groups"),
    lead=gettext_lazy("Sealed, for those who may read about the home; to be confirmed again each term."),
    first=_flags_now,
    done=gettext_lazy("The special groups were sealed and kept."),
)


@requires(P.GROUP_LOG)
@require_http_methods(["GET", "POST"])
def log_group(request: HttpRequest) -> HttpResponse:
    """A group session: students are added by a search, each gets the shared note and what is her own."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    sent = request.method == "POST"
    named = named_of(actor, request.POST.getlist("cases")) if sent else []
    looking = sent and "look" in request.POST
    hits, hurried = _looked(actor, request.POST.get("find", "")) if looking else ([], None)
    known = {case.pk for case, _name in named}
    new = [(case, name) for case, name in hits if case.pk not in known and case.status != "closed"]
    form = GroupForm(request.POST if sent else None, actor=actor, named=[*named, *new])
    if looking:  # the next name is typed where this one was
        form.fields["find"].widget.attrs["autofocus"] = True
    if hurried:
        form.add_error("find", hurried)
    if looking and len(new) == 1:  # the only one that is meant
        retype(form, "cases", [*request.POST.getlist("cases"), new[0][0].reference])
    if sent and not looking and form.is_valid() and _grouped(actor, form):
        messages.success(request, _("The group's note was sealed in every file."))
        return redirect("home")
    context = {"form": form, "looked": looking and not hurried, "found": len(hits), "now": now()}
    faulty = sent and (not looking or bool(hurried))
    return render(request, "cases/group.html", context, status=422 if faulty else 200)


def _looked(actor: Actor, words: str) -> tuple[list[tuple[Case, str]], Any]:
    """What a search gives, and what it says where it was one too many."""
    try:
        return find(actor, words), None
    except Invalid as refused:
        return [], refused.message


def named_of(actor: Actor, references: Sequence[str]) -> list[tuple[Case, str]]:
    """Those of a group that the actor sees, with their names, opened and recorded; 60 at most."""
    chosen = list(visible_cases(actor).filter(reference__in=references[:60]))
    covers = reveal_covers(actor, chosen)
    return [(case, covers.get(case.pk, "")) for case in chosen]


def grouped(actor: Actor, form: GroupForm) -> Any:
    """Keep the note of a valid form in every file."""
    return actions.log_group(
        actor=actor,
        references=form.cleaned_data["cases"],
        words=form.words(),
        own=form.own(),
        held_at=form.cleaned_data["held_at"],
        key=form.cleaned_data["key"],
    )


def _grouped(actor: Actor, form: GroupForm) -> bool:
    """Whether the note was kept; what is wrong stands beside its cause."""
    with beside(form):
        grouped(actor, form)
        return True
    return False
