"""Pages of a crossing: plan it, say how it goes, ask whether those on the way are safe."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from referrals import actions
from referrals.action_views import page
from referrals.crossing import Move, Port, Vessel
from referrals.forms import ContactForm, CrossingForm, CrossingMoveForm
from referrals.models import Referral
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P


def _plan(actor: Actor, referral: Referral, form: CrossingForm) -> Any:
    values = form.cleaned_data
    return actions.plan_crossing(
        actor=actor,
        referral=referral,
        key=values["key"],
        from_port=Port(values["from_port"]),
        to_port=Port(values["to_port"]),
        vessel=Vessel(values["vessel"]),
        departs_at=values["departs_at"],
        arrives_at=values["arrives_at"],
        escorts=[values["escort_one"], values["escort_two"]],
        words={"contact": values["contact"], "note": values["note"]},
    )


plan_crossing = page(
    P.CROSSING_KEEP,
    CrossingForm,
    _plan,
    _("Plan a crossing"),
    lead=_("The destination reads who goes along. Every two hours somebody asks whether they are safe."),
)
move_crossing = page(
    P.CROSSING_KEEP,
    CrossingMoveForm,
    lambda actor, referral, form: actions.move_crossing(
        actor=actor,
        referral=referral,
        step=Move(form.cleaned_data["step"]),
        arrives_at=form.cleaned_data["arrives_at"],
        key=form.cleaned_data["key"],
    ),
    _("How the crossing goes"),
    lead=_("Held up by weather: the arrival clock stands still, the safety contact does not."),
)
contact_crossing = page(
    P.CROSSING_KEEP,
    ContactForm,
    lambda actor, referral, form: actions.contact_crossing(
        actor=actor,
        referral=referral,
        reached=form.cleaned_data["reached"] == "yes",
        key=form.cleaned_data["key"],
    ),
    _("Safety contact"),
    lead=_("Nobody answers? Call sea rescue 12395 at once; the clock goes up a level by itself."),
)
