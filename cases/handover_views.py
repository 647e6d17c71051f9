"""Pages of a hand-over: who has whose cases, the form, the list for signature, and the way back."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases import actions
from cases.clocks import CLOCK_TEXT
from cases.covering import check_handing, count_of, handover, handovers, may_back, may_hand
from cases.display import tier_text
from cases.handover_forms import HandOverForm
from cases.models import Handover, HandoverCase
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.routes import requires
from wellbeing.action_page import Undo, beside, say
from wellbeing.errors import Forbidden
from wellbeing.moments import absolute
from wellbeing.pdf.sheet import Line, Sheet
from wellbeing.workdays import now


@requires(P.HANDOVER)
@require_safe
def handover_list(request: HttpRequest) -> HttpResponse:
    """The hand-overs from and to my desks."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = handovers(actor, request.GET.get("before", ""))
    rows = [{"it": one, "back": _may_back(actor, one)} for one in found]
    return render(request, "cases/handovers.html", {"rows": rows, "next_cursor": found.next, "now": now()})


@requires(P.HANDOVER)
@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest) -> HttpResponse:
    """Whose cases, to whom, until when; looked at before it is done: how many they are."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    form = HandOverForm(request.POST or None, actor=actor)
    count = None
    if form.is_bound and form.is_valid():
        if "look" in request.POST:
            count = _looked(actor, form)
        elif made := _handed(actor, form):
            text = _("The cases are handed over; {who} has been told.").format(who=made.to_user)
            say(request, text, Undo(reverse("hand_back", args=[made.pk])) if may_back(actor, made) else None)
            return redirect("handover", handover_id=made.pk)
    refused = form.is_bound and count is None
    return render(request, "cases/hand_over.html", {"form": form, "count": count}, status=422 if refused else 200)


def _looked(actor: Actor, form: HandOverForm) -> int | None:
    """How many would go; None where none can, which is said beside its cause."""
    whose, to = form.posts[form.cleaned_data["whose"]], form.posts[form.cleaned_data["to"]]
    with beside(form):
        check_handing(whose.desk, whose.user, to.desk, to.user, form.cleaned_data["until"])
        return count_of(whose.user, whose.desk) if may_hand(actor, whose.desk) else 0
    return None


def handed(actor: Actor, form: HandOverForm) -> Handover:
    """Hand over what a valid form says."""
    given = form.cleaned_data
    whose, to = form.posts[given["whose"]], form.posts[given["to"]]
    made: Handover = actions.hand_over(
        actor=actor,
        desk=whose.desk,
        from_user=whose.user,
        to_desk=to.desk,
        to_user=to.user,
        until=given["until"],
        key=given["key"],
    )
    return made


def _handed(actor: Actor, form: HandOverForm) -> Handover | None:
    with beside(form):
        return handed(actor, form)
    return None


@requires(P.HANDOVER_BACK)
@require_POST
def hand_back(request: HttpRequest, handover_id: UUID) -> HttpResponse:
    """Back to whoever was covered for."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    made: Handover = actions.hand_back(actor=actor, handover_id=handover_id)
    say(request, _("The cases are with {who} again, who has been told.").format(who=made.from_user))
    return redirect("handover", handover_id=handover_id)


@requires(P.HANDOVER)
@require_safe
def handover_page(request: HttpRequest, handover_id: UUID) -> HttpResponse:
    """The list for signature, to print: references and next steps, no name."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    one = open_handover(actor, handover_id)
    context = {
        "it": one,
        "sheet": _sheet(one),
        "back": _may_back(actor, one),
        "file": f"handover-{one.pk}",
        "now": now(),
    }
    return render(request, "cases/handover.html", context)


def open_handover(actor: Actor, handover_id: UUID) -> Handover:
    """A hand-over from or to one of the actor's desks. Raises Forbidden."""
    one = handover(actor, handover_id)
    if one is None:
        raise Forbidden
    return one


def _may_back(actor: Actor, one: Handover) -> bool:
    return one.ended_at is None and may_back(actor, one)


def _sheet(one: Handover) -> Sheet:
    rows: list[HandoverCase] = one.seen  # type: ignore[attr-defined]
    until = one.until.isoformat() if one.until else _("for good")
    head: list[Any] = [
        Line(pgettext("hand-over", "From"), f"{one.from_user} · {one.desk.organisation}"),
        Line(pgettext("hand-over", "To"), f"{one.to_user} · {one.to_desk.organisation}"),
        Line(
            pgettext("hand-over", "Until"),
            until if one.ended_at is None else _("ended {at}").format(at=absolute(one.ended_at)),
        ),
        Line(_("Cases"), str(len(rows))),
    ]
    return Sheet(
        title=_("List of cases handed over"),
        house=str(one.desk.organisation),
        reference=one.reference,
        printed=absolute(now()),
        lead=(_("The cases below were handed over with everything in their files. Names stay in the files."),),
        lines=(*head, *(_row(row) for row in rows)),
        signers=(_("Handed over by (signature)"), _("Taken over by (signature)"), _("Seen by the school (signature)")),
    )


def _row(row: HandoverCase) -> Line:
    clocks = row.case.running  # type: ignore[attr-defined]
    step = f"{_(CLOCK_TEXT[clocks[0].kind])} · {absolute(clocks[0].due_at)}" if clocks else _("No clock runs.")
    return Line(row.case.reference, tier_text(row.case.tier), step)
