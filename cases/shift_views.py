"""The end of a shift: the open reds and oranges, what the last shifts left, and the note to the next."""

from __future__ import annotations

from uuid import UUID, uuid4

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from cases import actions
from cases.action_views import address
from cases.draft_access import open_drafts, own_note, reveal_notes
from cases.forms import ConfirmForm
from cases.shift import last_notes, note_owed, open_danger, unsaid
from cases.supervision import debriefings, hard_calls, my_reviews
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.routes import requires
from wellbeing.action_page import Undo, action_page, by, say
from wellbeing.errors import Invalid
from wellbeing.exchange.seats import mine
from wellbeing.workdays import now


class NoteForm(forms.Form):
    """What the next shift must know."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    text = forms.CharField(
        label=gettext_lazy("To the next shift"), max_length=8000, widget=forms.Textarea(attrs={"rows": 6})
    )


@requires(P.SHIFT_HAND_OVER)
@require_http_methods(["GET", "POST"])
def shift(request: HttpRequest) -> HttpResponse:
    """Leave a note; read the last ones, which is recorded."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    form = NoteForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            note = actions.hand_over_shift(actor=actor, text=form.cleaned_data["text"], key=form.cleaned_data["key"])
            say(request, _("The next shift will read your note."), Undo(reverse("withdraw_note", args=[note.pk])))
            return redirect("shift")
        except Invalid as refused:
            form.add_error("text", refused.message)
    drafts = open_drafts(actor)
    page = {
        "form": form,
        "danger": [{"case": case, "url": address(case)} for case in open_danger(actor)],
        "drafts": drafts,
        "going": next((one for one in drafts if one.flagged_at and one.owner_id == actor.person), None),
        "hard": hard_calls(actor),
        "mine": reveal_notes(actor, debriefings(actor, own=True)),
        "unlogged": mine(actor),
        "owed": note_owed(actor),
        "unsaid": unsaid(actor),
        "reviews": my_reviews(actor),
        "notes": reveal_notes(actor, last_notes(actor)),
        "now": now(),
    }
    return render(request, "cases/shift.html", page, status=422 if form.is_bound else 200)


withdraw_note = action_page(
    permission=P.SHIFT_HAND_OVER,
    form=ConfirmForm,
    opener=by(UUID, own_note),
    perform=lambda actor, note, form: actions.withdraw_note(actor=actor, note_id=note.pk, key=form.cleaned_data["key"]),
    address=lambda _note: reverse("shift"),
    template="cases/withdraw_note.html",
    title=gettext_lazy("Take the note back"),
    lead=gettext_lazy("Nobody is shown it any more. Where a red or an orange is open, another one is owed."),
    done=gettext_lazy("Undone: the note is taken back."),
)
