"""Pages of exports: ask for rows as a file, confirm as the second person, fetch once as the receiver."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from cases import actions
from cases.export_access import asking_desk, exports, open_export, receivers, waits_for_second
from cases.export_rows import rows_of, school_of, source
from cases.forms import ConfirmForm
from cases.models import Export
from cases.models.export import ExportForm, ExportReason
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.routes import requires
from wellbeing.action_page import ActionForm, action_page, by
from wellbeing.workdays import now

TYPES = {
    ExportForm.CSV: "text/csv; charset=utf-8",
    ExportForm.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

SEALED = gettext_lazy("The file is sealed and waits for its receiver.")
ASKED = gettext_lazy("The file is sealed. A second person has been asked; once confirmed, its receiver can fetch it.")


class AskForm(ActionForm):
    """For whom, as what, why, and how long it waits."""

    receiver = forms.ChoiceField(
        label=gettext_lazy("Receiver"), help_text=gettext_lazy("Nobody else can fetch it, whoever asks.")
    )
    form = forms.ChoiceField(label=gettext_lazy("As"), choices=ExportForm.choices, initial=ExportForm.XLSX)
    why = forms.ChoiceField(
        label=gettext_lazy("Why it leaves the system"), choices=ExportReason.choices, widget=forms.RadioSelect
    )
    days = forms.IntegerField(label=gettext_lazy("Days until it is destroyed"), min_value=1, max_value=3, initial=1)
    submit_label = gettext_lazy("Seal the file")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = receivers(asking_desk(self.actor, school_of(self.actor, self.target)))
        self.offer("receiver", [(str(user.pk), str(user)) for user in named])
        self.fields["receiver"].initial = str(self.actor.person)


def _ask(actor: Actor, found: Any, form: Any) -> Export:
    given = form.cleaned_data
    made: Export = actions.ask_export(
        actor=actor,
        sort=found.sort,
        rows=rows_of(actor, found),
        receiver_id=int(given["receiver"]),
        **{name: given[name] for name in ("form", "why", "days", "key")},
    )
    return made


ask_export = action_page(
    permission=P.EXPORT_ASK,
    form=AskForm,
    opener=source,
    perform=_ask,
    address=lambda _found: reverse("exports"),
    back=lambda found: found.back,
    template="cases/ask_export.html",
    title=gettext_lazy("Take a list out as a file"),
    lead=gettext_lazy(
        "It is marked with your names and the time, and sealed for one receiver. Above fifty rows, also in several"
        " files of one day, a second person must confirm; then it is fetched once, and destroyed here."
    ),
    done=lambda export: ASKED if waits_for_second(export) else SEALED,
    danger=True,
    fresh=True,
)
confirm_export = action_page(
    permission=P.EXPORT_CONFIRM,
    form=ConfirmForm,
    opener=by(UUID, open_export),
    perform=lambda actor, export, form: actions.confirm_export(
        actor=actor, export_id=export.pk, key=form.cleaned_data["key"]
    ),
    address=lambda _export: reverse("exports"),
    template="cases/confirm_export.html",
    title=gettext_lazy("Confirm as the second person"),
    lead=gettext_lazy("Must these rows leave the system? You judge the asking; you do not see the file."),
    done=gettext_lazy("Confirmed. The receiver can now fetch the file once."),
    fresh=True,
)


@requires(P.EXPORT_SEE)
@require_safe
def export_list(request: HttpRequest) -> HttpResponse:
    """What I asked for or am to receive, and what waits for a second person; no row of any file stands here."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = exports(actor, request.GET.get("before", ""))
    rows = [
        {
            "it": one,
            "confirm": waits_for_second(one) and actor.id not in (one.by_id, one.receiver_id),
            "fetch": one.receiver_id == actor.id and one.waits and not waits_for_second(one),
            "second": waits_for_second(one),
        }
        for one in found
    ]
    return render(request, "cases/exports.html", {"rows": rows, "next_cursor": found.next, "now": now()})


@requires(P.EXPORT_FETCH, fresh=True)
@require_POST
def fetch_export(request: HttpRequest, export: UUID) -> HttpResponse:
    """The file, once."""
    found, content = actions.fetch_export(actor=request.actor, export_id=export)  # type: ignore[attr-defined]
    answer = HttpResponse(content, content_type=TYPES[ExportForm(found.form)])
    answer["Content-Disposition"] = f'attachment; filename="{found.reference}.{found.form}"'
    return answer
