"""Pages of attachments: to keep a file with a case, to look at it, to get it out again, to withdraw it."""

from base64 import b64encode
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from cases import actions
from cases.access import Purpose, open_case
from cases.action_views import page
from cases.attachment import ATTACHED_TEXT, Attached
from cases.attachments import attached_entry, may_withdraw, open_attachment
from cases.models import Case
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import acts_at, may
from wellbeing.access.routes import requires
from wellbeing.action_page import ActionForm
from wellbeing.content import Kind
from wellbeing.errors import Forbidden
from wellbeing.scans import Busy, Unseen, draw_page
from wellbeing.upload import ContentField, UploadForm, takes_file

PICTURES = (Kind.PNG, Kind.JPEG)


class AttachForm(UploadForm):
    """What it is, the file, and a word about it."""

    what = forms.ChoiceField(
        label=gettext_lazy("What it is"),
        widget=forms.RadioSelect,
        choices=[(one.value, gettext_lazy(ATTACHED_TEXT[one])) for one in Attached],
    )
    note = forms.CharField(label=gettext_lazy("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    content = ContentField(
        label=gettext_lazy("File to attach"),
        help_text=gettext_lazy(
            "PDF, or a photograph as JPEG or PNG; 20 MB at most. Where and when a photograph was taken is removed;"
            " a PDF is kept as it was made, with what it says of its author."
        ),
    )
    submit_label = gettext_lazy("Keep the file")


attach = takes_file(
    page(
        P.ATTACH,
        AttachForm,
        lambda actor, case, form: actions.attach(
            actor=actor,
            case=case,
            what=Attached(form.cleaned_data["what"]),
            content=form.cleaned_data["content"],
            note=form.cleaned_data["note"],
            desk_id=acts_at(actor, P.ATTACH, case),
            key=form.cleaned_data["key"],
        ),
        gettext_lazy("Attach a paper"),
        lead=gettext_lazy("It is checked, sealed and kept with the file. Whoever may read its section may open it."),
        done=gettext_lazy("The file was sealed and kept."),
    )
)


@requires(P.FILE_READ)
@require_safe
def attachment(request: HttpRequest, reference: str, entry: UUID) -> HttpResponse:
    """One file, to be saved, or with `?show` a picture for the page it is opened on; the reading is recorded. A browser
    may neither guess its kind nor run anything of it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = open_case(actor, reference, P.FILE_READ)
    found = open_attachment(actor, case, entry, Purpose.CARE)
    response = HttpResponse(found.content, content_type=found.kind)
    way = "inline" if "show" in request.GET and found.kind in PICTURES else "attachment"
    response["Content-Disposition"] = f"{way}; filename*=UTF-8''{quote(found.name)}"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@requires(P.FILE_READ)
@require_safe
def attachment_page(request: HttpRequest, reference: str, entry: UUID, number: int) -> HttpResponse:
    """One page of a scan as a picture, drawn for this answer alone; the reading is recorded. One that cannot be drawn
    says so, and the file can be saved as it was kept."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = open_case(actor, reference, P.FILE_READ)
    found = open_attachment(actor, case, entry, Purpose.CARE)
    if found.kind != Kind.PDF:
        raise Forbidden
    context: dict[str, Any] = {"case": case, "entry": entry, "number": number}
    try:
        page = draw_page(found.content, number)
        context |= {"count": page.count, "picture": b64encode(page.picture).decode()}
    except Busy:
        context |= {"busy": True}
    except Unseen:
        pass
    template = "cases/_scan.html" if request.htmx else "cases/scan.html"  # type: ignore[attr-defined]
    return render(request, template, context)


class WithdrawForm(ActionForm):
    """Which file, why, and the reference typed by hand: what is withdrawn cannot be brought back."""

    from_address = ("entry",)
    entry = forms.UUIDField(widget=forms.HiddenInput)
    because = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Needed when somebody else attached it, or more than a day ago."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2000,
    )
    typed = forms.CharField(
        label=gettext_lazy("Type the reference of the case"),
        max_length=16,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    submit_label = gettext_lazy("Withdraw for good")

    def __init__(self, *args: Any, actor: Actor, target: Any, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, target=target, **kwargs)
        self.attached = attached_entry(target, str(self["entry"].value() or ""))


withdraw_attachment = page(
    P.ATTACHMENT_WITHDRAW,
    WithdrawForm,
    lambda actor, case, form: actions.withdraw_attachment(
        actor=actor,
        case=case,
        entry_id=form.cleaned_data["entry"],
        typed=form.cleaned_data["typed"],
        because=form.cleaned_data["because"],
        desk_id=acts_at(actor, P.ATTACHMENT_WITHDRAW, case),
        key=form.cleaned_data["key"],
    ),
    gettext_lazy("Withdraw an attachment"),
    lead=gettext_lazy(
        "For a file that was added to the wrong case. The file and what was said of it are gone for everybody and"
        " cannot be brought back; who withdrew it, when and why, stays in the file."
    ),
    template="cases/withdraw_attachment.html",
    done=gettext_lazy("The attachment is withdrawn."),
    danger=True,
)


def file_ways(actor: Actor, case: Case, opened: Any) -> dict[str, str]:
    """Where the file of an opened entry is saved, shown (`picture`, `scan`: its first page) and withdrawn, each where
    there is a way; nothing for other entries and for one that was withdrawn."""
    kind, at = opened.words.get("file_type", ""), [case.reference, opened.id]
    if not kind:
        return {}
    ways = {"attached": reverse("attachment", args=at)}
    if kind in PICTURES:
        ways["picture"] = f"{ways['attached']}?show"
    if kind == Kind.PDF:
        ways["scan"] = reverse("attachment_page", args=[*at, 1])
    withdraws = may(actor, P.ATTACHMENT_WITHDRAW, case) and may_withdraw(actor, case, opened.author_id, opened.at)
    if withdraws and case.status != "closed":
        ways["withdraw"] = f"{reverse('withdraw_attachment', args=[case.reference])}?entry={opened.id}"
    return ways
