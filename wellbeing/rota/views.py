"""Pages of the rota: who is on duty, and one page per change of it."""

from datetime import date, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.rights import TRIAGE
from wellbeing.access.routes import requires
from wellbeing.action_page import Undo, action_page, by
from wellbeing.errors import Forbidden
from wellbeing.people.desks import desks
from wellbeing.people.models import Desk
from wellbeing.rota import access, actions, forms
from wellbeing.rota.display import DAYS, asked_of, days, next_gap, on_duty_now
from wellbeing.rota.models import Shift, Swap
from wellbeing.rota.planning import plannable
from wellbeing.workdays import now

FAR = timedelta(days=3_660)


@requires(P.ROTA_SEE)
@require_safe
def rota(request: HttpRequest) -> HttpResponse:
    """Two weeks of one desk (`?desk=`, `?first=`), what waits for my answer, and who is on duty everywhere."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    planned = {desk.pk for desk in plannable(actor)}
    mine = desks(planned | set(actor.desks))
    wanted = request.GET.get("desk", "")
    desk = next((one for one in mine if str(one.pk) == wanted), next(iter(mine), None))
    if desk is None:
        raise Forbidden
    at = now()
    first = _day(request.GET.get("first", ""), at.date())
    context = {
        "desk": desk,
        "choice": mine,
        "days": days(actor, desk, first, at),
        "may_plan": desk.pk in planned,
        "rises": desk.role in TRIAGE,
        "gap": next_gap(desk, at),
        "asked": asked_of(actor),
        "on_duty": on_duty_now(),
        "earlier": (first - timedelta(days=DAYS)).isoformat(),
        "later": (first + timedelta(days=DAYS)).isoformat(),
        "now": at,
    }
    return render(request, "rota/rota.html", context)


def _day(text: str, today: date) -> date:
    """The day of an address; today for none, and for one that is years away."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return today
    return found if abs(found - today) < FAR else today


def _page(desk_id: int) -> str:
    return f"{reverse('rota')}?desk={desk_id}"


def _of_desk(desk: Desk) -> str:
    return _page(desk.pk)


def _of_shift(shift: Shift) -> str:
    return _page(shift.desk_id)


def _of_swap(swap: Swap) -> str:
    return _page(swap.shift.desk_id)


TEMPLATE = "rota/action.html"

plan_shift = action_page(
    permission=P.ROTA_PLAN,
    form=forms.ShiftForm,
    opener=by(int, access.open_desk),
    perform=lambda actor, desk, form: actions.plan_shift(
        actor=actor,
        desk=desk,
        user_id=int(form.cleaned_data["user_id"]),
        starts_at=form.cleaned_data["starts_at"],
        ends_at=form.cleaned_data["ends_at"],
        key=form.cleaned_data["key"],
    ),
    address=_of_desk,
    template=TEMPLATE,
    title=_("Plan a shift"),
    done=_("The shift is planned."),
    undo=lambda made, _form: Undo(reverse("drop_shift", args=[made.pk])) if made else None,
)
plan_week = action_page(
    permission=P.ROTA_PLAN,
    form=forms.WeekForm,
    opener=by(int, access.open_desk),
    perform=lambda actor, desk, form: actions.plan_week(
        actor=actor, desk=desk, pattern=form.pattern(), key=form.cleaned_data["key"]
    ),
    address=_of_desk,
    template="rota/week.html",
    title=_("Plan by the week"),
    lead=_(
        "The same hours on the same weekdays; the persons take turns from shift to shift. "
        "An end that is not later than its beginning lies on the next day. All of it is planned, or nothing."
    ),
    done=_("The shifts are planned."),
    undo=lambda made, _form: Undo(reverse("drop_shift", args=[made[0].pk]), {"whole": "yes"}) if made else None,
)
drop_shift = action_page(
    permission=P.ROTA_PLAN,
    form=forms.DropForm,
    opener=by(UUID, access.open_shift),
    perform=lambda actor, shift, form: actions.drop_shift(
        actor=actor, shift_id=shift.pk, whole=form.cleaned_data["whole"], key=form.cleaned_data["key"]
    ),
    address=_of_shift,
    template=TEMPLATE,
    title=_("Take a shift out of the rota"),
    lead=_("One that runs ends now; who was on duty until then stays on record."),
    done=_("It is out of the rota."),
    danger=True,
)
ask_swap = action_page(
    permission=P.ROTA_SWAP,
    form=forms.SwapForm,
    opener=by(UUID, access.open_own_shift),
    perform=lambda actor, shift, form: actions.ask_swap(
        actor=actor,
        shift_id=shift.pk,
        to_user_id=int(form.cleaned_data["to_user_id"]),
        key=form.cleaned_data["key"],
    ),
    address=_of_shift,
    template=TEMPLATE,
    title=_("Ask a colleague to take over"),
    lead=_("Until she says yes, you are on duty."),
    done=_("Your colleague was asked. Until she says yes, you are on duty."),
)
answer_swap = action_page(
    permission=P.ROTA_SWAP,
    form=forms.AnswerForm,
    opener=by(UUID, access.open_swap),
    perform=lambda actor, swap, form: actions.answer_swap(
        actor=actor, swap_id=swap.pk, accept=form.cleaned_data["accept"] == "yes", key=form.cleaned_data["key"]
    ),
    address=_of_swap,
    template=TEMPLATE,
    title=_("Answer a colleague"),
    done=_("Your answer is on its way."),
)
