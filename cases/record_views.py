"""Pages of requests for records: receive, check, examine, decide as the second person, hand over."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from cases import actions
from cases.models import RecordRequest
from cases.record_forms import CheckForm, DecideForm, HandOutForm, ProposeForm, ReceiveForm, TakeUpForm
from cases.record_requests import ASKER_TEXT, CHECKED_TEXT, HANDED_TEXT, STATE_TEXT
from cases.record_sheets import going_lines, packet_sheet, reply_sheet
from cases.records_access import (
    answer_of,
    open_request,
    record_requests,
    releasable,
    reveal_answer,
    reveal_extract,
    reveal_note,
    reveal_request,
    sent_back,
)
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.access.routes import requires
from wellbeing.action_page import action_page, beside
from wellbeing.errors import Forbidden, Invalid
from wellbeing.pdf.engine import pdf_answer
from wellbeing.pdf.sheet import Sheet
from wellbeing.people.desks import division_names
from wellbeing.workdays import now

# What may come next, by state: permission, route, label; open_request says once more whose it is.
NEXT: dict[str, tuple[tuple[P, str, Any], ...]] = {
    "received": ((P.RECORDS_CHECK, "check_asker", gettext_lazy("Check who asks")),),
    "checked": (
        (P.RECORDS_TAKE_UP, "take_up_record", gettext_lazy("Look for the file")),
        (P.RECORDS_PROPOSE, "propose_answer", gettext_lazy("No file, or none that may go: propose it")),
    ),
    "proposed": ((P.RECORDS_DECIDE, "decide_answer", gettext_lazy("Decide as the second person")),),
    "decided": (
        (P.RECORDS_HAND_OUT, "record_reply", gettext_lazy("Print the answer")),
        (P.RECORDS_HAND_OUT, "hand_out_records", gettext_lazy("Hand it over")),
    ),
}
ASKED = (
    ("asker_name", gettext_lazy("Who asks")),
    ("document", gettext_lazy("Document or number of the order")),
    ("reach", gettext_lazy("How to reach whoever asks")),
    ("about_name", gettext_lazy("About whom")),
    ("about_number", gettext_lazy("Student number or date of birth")),
    ("basis", gettext_lazy("On what legal basis")),
    ("wanted", gettext_lazy("What is asked for")),
)


@requires(P.RECORDS_SEE)
@require_safe
def requests_page(request: HttpRequest) -> HttpResponse:
    """The requests of one's desks; who asks about whom stands on the page of each."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    names, found = division_names(), record_requests(actor, request.GET.get("before", ""))
    rows = [
        {
            "row": row,
            "asker": _(ASKER_TEXT[row.asker]),  # type: ignore[index]
            "state": _(STATE_TEXT[row.state]),
            "division": names[row.division],
            "late": row.level > 0 and row.state in ("received", "checked", "proposed"),
        }
        for row in found
    ]
    context = {"rows": rows, "next_cursor": found.next, "receives": may(actor, P.RECORDS_RECEIVE), "now": now()}
    return render(request, "cases/record_requests.html", context)


@requires(P.RECORDS_RECEIVE)
@require_http_methods(["GET", "POST"])
def receive_request(request: HttpRequest) -> HttpResponse:
    """Receive a request: sealed at once, and nobody looks for a file here."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    form = ReceiveForm(request.POST or None, actor=actor, target=None)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        words = {code: given[code] for code in form.WORDS}
        with beside(form):
            made = actions.receive_record_request(
                actor=actor, asker=given["asker"], division=given["division"], words=words, key=given["key"]
            )
            return redirect("record_request", made.reference)
    return render(request, "cases/receive_request.html", {"form": form}, status=422 if form.is_bound else 200)


@requires(P.RECORDS_SEE)
@require_safe
def request_page(request: HttpRequest, reference: str) -> HttpResponse:
    """One request: who asks about whom, how far it is, and what the reader may do next. The reading is recorded."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    row = open_request(actor, reference)
    words, back = reveal_request(actor, row), sent_back(row)
    answer = answer_of(row) if row.state in ("proposed", "decided", "answered") else None
    early = row.state == "decided" and not row.gives and now() < row.due_at
    context = {
        "row": row,
        "state": _(STATE_TEXT[row.state]),
        "asker": _(ASKER_TEXT[row.asker]),  # type: ignore[index]
        "checked": _(CHECKED_TEXT[row.checked]) if row.checked else "",  # type: ignore[index]
        "handed": _(HANDED_TEXT[row.handed]) if row.handed else "",  # type: ignore[index]
        "division": division_names()[row.division],
        "fields": [{"label": label, "value": words[code]} for code, label in ASKED if code in words],
        "answer": answer,
        "back": {"answer": back, "note": reveal_note(back)} if back and row.state == "checked" else None,
        "early": early,
        "actions": [
            {"name": name, "label": label, "url": reverse(name, args=[reference]), "kind": "primary" if not n else ""}
            for n, (permission, name, label) in enumerate(NEXT.get(row.state, ()))
            if not early and _may(actor, reference, permission)
        ],
        "now": now(),
    }
    return render(request, "cases/record_request.html", context)


def _may(actor: Actor, reference: str, permission: P) -> bool:
    try:
        return open_request(actor, reference, permission) is not None
    except Forbidden:
        return False


def _address(row: RecordRequest) -> str:
    return reverse("record_request", args=[row.reference])


def _page(permission: P, form: Any, perform: Any, title: Any, **more: Any) -> Any:
    shared = {"opener": open_request, "address": _address, "template": "cases/record_action.html"}
    return action_page(permission=permission, form=form, perform=perform, title=title, **{**shared, **more})


check_asker = _page(
    P.RECORDS_CHECK,
    CheckForm,
    lambda actor, row, form: actions.check_asker(
        actor=actor, reference=row.reference, how=form.cleaned_data["how"], key=form.cleaned_data["key"]
    ),
    gettext_lazy("Check who asks"),
    lead=gettext_lazy(
        "See the originals. A call, a copy or somebody who knows the child's name is no proof: whoever hurts a child"
        " may be the one who asks."
    ),
)
hand_out_records = _page(
    P.RECORDS_HAND_OUT,
    HandOutForm,
    lambda actor, row, form: actions.hand_out_records(
        actor=actor, reference=row.reference, how=form.cleaned_data["how"], key=form.cleaned_data["key"]
    ),
    gettext_lazy("Hand it over"),
    lead=gettext_lazy("To the very person who was checked, against a signature. Nothing is sent to an address."),
    fresh=True,
)


@requires(P.RECORDS_TAKE_UP)
@require_http_methods(["GET", "POST"])
def take_up_record(request: HttpRequest, reference: str) -> HttpResponse:
    """Look for the file in the request's division; found or not, the next page is the proposal."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    row = open_request(actor, reference, P.RECORDS_TAKE_UP)
    form = TakeUpForm(request.POST or None, actor=actor, target=row)
    if form.is_bound and form.is_valid():
        with beside(form):
            found = actions.take_up_record(
                actor=actor,
                reference=reference,
                words=form.cleaned_data["words"],
                school=UUID(form.cleaned_data["school"]) if form.cleaned_data["school"] else None,
                key=form.cleaned_data["key"],
            )
            if found is not None:
                return redirect(reverse("propose_answer", args=[reference]) + f"?about={found.reference}")
            messages.info(request, _("Nothing was found. The search was recorded."))
            return redirect(_address(row))
    context = {
        "title": _("Look for the file"),
        "lead": _("Open or closed, in this county alone. The desk that holds it is told that somebody asks."),
        "form": form,
        "target": row,
        "back": _address(row),
        "submit_label": form.submit_label,
    }
    return render(request, "cases/record_action.html", context, status=422 if form.is_bound else 200)


@requires(P.RECORDS_PROPOSE)
@require_http_methods(["GET", "POST"])
def propose_answer(request: HttpRequest, reference: str) -> HttpResponse:
    """Say field by field what goes of the case `?about=`, or that nothing does."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    row = open_request(actor, reference, P.RECORDS_PROPOSE)
    about = (request.POST.get("about") or request.GET.get("about") or "").strip()
    entries = releasable(actor, about)[1] if about else []
    form = ProposeForm(request.POST or None, actor=actor, target=row, entries=entries, initial={"about": about})
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        with beside(form):
            actions.propose_answer(
                actor=actor,
                reference=reference,
                about=about,
                picks=form.picks(),
                because=given["because"],
                key=given["key"],
            )
            return redirect(_address(row))
    context = {"form": form, "target": row, "about": about, "back": _address(row)}
    return render(request, "cases/propose_answer.html", context, status=422 if form.is_bound else 200)


@requires(P.RECORDS_DECIDE, fresh=True)
@require_http_methods(["GET", "POST"])
def decide_answer(request: HttpRequest, reference: str) -> HttpResponse:
    """Read exactly what would go, and why, and decide."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    row = open_request(actor, reference, P.RECORDS_DECIDE)
    form = DecideForm(request.POST or None, actor=actor, target=row)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        with beside(form):
            actions.decide_answer(
                actor=actor,
                reference=reference,
                agree=given["agree"] == "yes",
                note=given["note"],
                key=given["key"],
            )
            return redirect(_address(row))
    answer = answer_of(row)
    going = reveal_answer(actor, answer) if answer else None
    context = {
        "title": _("Decide as the second person"),
        "form": form,
        "target": row,
        "asker": _(ASKER_TEXT[row.asker]),  # type: ignore[index]
        "checked": _(CHECKED_TEXT[row.checked]),  # type: ignore[index]
        "answer": answer,
        "lines": going_lines(going, inside=True) if going else (),
        "because": going.because if going else "",
        "back": _address(row),
        "submit_label": form.submit_label,
    }
    return render(request, "cases/decide_answer.html", context, status=422 if form.is_bound else 200)


@requires(P.RECORDS_HAND_OUT, fresh=True)
@require_safe
def record_reply(request: HttpRequest, reference: str) -> HttpResponse:
    """The answer as it is printed; one of "nothing" is the same for everybody."""
    sheet = _sheet(request, reference)
    context = {"sheet": sheet, "reference": reference, "pdf": reverse("record_reply_pdf", args=[reference])}
    return render(request, "cases/record_reply.html", context)


@requires(P.RECORDS_HAND_OUT, fresh=True)
@require_safe
def record_reply_pdf(request: HttpRequest, reference: str) -> HttpResponse:
    """The same sheet as PDF."""
    return pdf_answer(_sheet(request, reference), reference)


def _sheet(request: HttpRequest, reference: str) -> Sheet:
    """Invalid before there is a decision, before the day of a reply of "nothing", and for a home that must not be
    reached."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    row = open_request(actor, reference, P.RECORDS_HAND_OUT)
    if row.state not in ("decided", "answered"):
        raise Invalid("how", _("Nothing is decided yet."))
    if row.gives:
        return packet_sheet(row, reveal_extract(actor, row))
    if now() < row.due_at:
        raise Invalid("how", actions.TOO_SOON)
    return reply_sheet(row)
