"""Pages of attachments: to keep a file with a case, and to get it out again."""

from urllib.parse import quote
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from cases import actions
from cases.access import Purpose, open_case
from cases.action_views import page
from cases.attachment import ATTACHED_TEXT, Attached
from cases.attachments import open_attachment
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.routes import requires
from wellbeing.content import Kind
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
            desk_id=actor.desks[0],
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
