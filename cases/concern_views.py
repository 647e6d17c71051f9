"""Pages of a concern: the teacher's thirty seconds, the poster with its QR code, and the counsellor's merging."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from cases import actions
from cases.access import open_case, reveal_covers
from cases.action_views import address, unfinished
from cases.concern import Level, Sign
from cases.models import Case
from cases.search import find
from cases.session_forms import ConcernForm, MergeForm
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.routes import open_to_all, requires
from wellbeing.action_page import action_page, beside, retype
from wellbeing.errors import Forbidden, Invalid
from wellbeing.pdf.sheet import address_code


@open_to_all
@require_safe
def concern_door(request: HttpRequest) -> HttpResponse:
    """The short address on the poster: to the form, by way of signing in."""
    form = reverse("report_concern")
    return redirect(form if request.user.is_authenticated else f"{reverse('sign_in')}?next={form}")


@requires(P.CONCERN_REPORT)
@require_http_methods(["GET", "POST"])
def report_concern(request: HttpRequest) -> HttpResponse:
    """The form; what is answered is "received", whatever was reported."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    first = {"paper": request.GET.get("paper", "")}
    form = ConcernForm(request.POST or None, actor=actor, target=None, initial=first)
    if form.is_bound and form.is_valid() and _reported(actor, form):
        return redirect("concern_received")
    return render(request, "cases/concern.html", {"form": form}, status=422 if form.is_bound else 200)


def reported(actor: Actor, form: ConcernForm) -> None:
    """Report what a valid form says. Nothing of what comes of it is told."""
    given = form.cleaned_data
    actions.report_concern(
        actor=actor,
        name=given["name"],
        grade=given["grade"],
        number=given["number"],
        signs=[Sign(code) for code in given["signs"]],
        level=Level(given["level"]) if given["level"] else None,
        seen=given["account"],
        paper=given["paper"],
        occurred_at=given["occurred_at"],
        school=UUID(given["school"]) if form.several else None,
        key=given["key"],
    )


def _reported(actor: Actor, form: ConcernForm) -> bool:
    with beside(form):
        if form.unticked():
            retype(form, "asked", ["on"])
            text = gettext("Your words speak of danger: tick which of the first five signs it is. If none, send again.")
            raise Invalid("signs", text)
        reported(actor, form)
        return True
    return False


@requires(P.CONCERN_REPORT)
@require_safe
def concern_received(request: HttpRequest) -> HttpResponse:
    """Received, and what to do where a life is in danger now."""
    return render(request, "cases/concern_received.html")


@requires(P.CONCERN_REPORT)
@require_safe
def concern_poster(request: HttpRequest) -> HttpResponse:
    """A sheet for the staff room: the address, as a QR code too. It opens only after signing in."""
    link = request.build_absolute_uri(reverse("concern_door"))
    return render(request, "cases/concern_poster.html", {"link": link, "drawn": mark_safe(address_code(link))})  # noqa: S308


class _Merge(MergeForm):
    """With the cases of a like name to choose from; they are opened by a search, which is recorded."""

    def __init__(self, *args: Any, actor: Actor, target: Case, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, target=target, **kwargs)
        name = reveal_covers(actor, [target]).get(target.pk, "")
        alike = [(case, said) for case, said in self._like(name) if case.pk != target.pk] if name else []
        self.offer("into", [(case.reference, f"{said} · {case.reference}") for case, said in alike])
        if len(alike) == 1:
            self.fields["into"].initial = alike[0][0].reference
        if not alike:
            del self.fields["into"]

    def _like(self, name: str) -> list[tuple[Case, str]]:
        """None where it would be one search too many: the reference can still be typed."""
        try:
            return find(self.actor, name, 10)
        except Invalid:
            return []


def _merge(actor: Actor, case: Case, form: MergeForm) -> Any:
    _check_who(actor, form)
    try:
        return actions.merge_concern(actor=actor, case=case, into=form.chosen(), key=form.cleaned_data["key"])
    except Invalid as refused:
        raise Invalid("reference" if refused.field == "into" else refused.field, refused.message) from None


def _check_who(actor: Actor, form: MergeForm) -> None:
    """A merge is not undone, and a reference is easily mistyped: it is sent once more when its case was named. Invalid
    until then."""
    typed = form.cleaned_data["reference"].strip().upper()
    if not typed or typed == form.cleaned_data["sure"] or not isinstance(form.data, QueryDict):
        return
    try:
        found = open_case(actor, typed, P.CONCERN_MERGE)
    except Forbidden:
        return  # the action says so
    form.data = form.data.copy()
    form.data["sure"] = typed
    name = reveal_covers(actor, [found]).get(found.pk) or "–"
    text = gettext("%(reference)s is the case of %(name)s. If it is the same student, merge once more.")
    raise Invalid("reference", text % {"reference": typed, "name": name})


merge_concern = action_page(
    permission=P.CONCERN_MERGE,
    form=_Merge,
    opener=open_case,
    perform=_merge,
    address=address,
    template="cases/action.html",
    faults=unfinished,
    title=gettext_lazy("Merge the concern"),
    lead=gettext_lazy("It goes into the case that the student has already; this one closes as a duplicate."),
    done=gettext_lazy("The concern was merged."),
)
