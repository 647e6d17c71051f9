"""Pages of "do not contact": one sets it, two lift it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases import actions
from cases.action_views import page
from cases.contact_access import stop_of
from cases.models import Case
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import acts_at
from wellbeing.action_page import ActionForm


class StopForm(ActionForm):
    """Why nobody may reach the home."""

    because = forms.CharField(
        label=_("Why, and what is known of the home"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    submit_label = _("Do not contact")


class AskForm(ActionForm):
    """Why it may be reached again."""

    because = forms.CharField(
        label=_("Why contact is safe again"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    submit_label = _("Ask a second person")


class AllowForm(ActionForm):
    """What the second person says."""

    allow = forms.ChoiceField(
        label=_("Your decision"),
        choices=(("yes", _("Contact is allowed again")), ("no", _("It stays: do not contact"))),
        widget=forms.RadioSelect,
    )
    submit_label = _("Record it")


def _settled(actor: Actor, case: Case) -> list[Any]:
    """Why nothing is to be decided here now, or not by the actor."""
    stop = stop_of(case.person_id)
    if stop is None or stop.case_id != case.pk or stop.asked_at is None:
        return [_("Nobody has asked for contact to be allowed again.")]
    return [_("You asked yourself: somebody else decides.")] if stop.asked_by_id == actor.id else []


stop_contact = page(
    P.CONTACT_STOP,
    StopForm,
    lambda actor, case, form: actions.stop_contact(
        actor=actor,
        case=case,
        because=form.cleaned_data["because"],
        desk_id=acts_at(actor, P.CONTACT_STOP, case),
        key=form.cleaned_data["key"],
    ),
    _("Do not contact"),
    lead=_(
        "Where a call or a letter would put the person in danger. From now on no letter, paper or call of this case"
        " goes to the home, also not to the person there, and no clock presses anybody to make one."
    ),
    done=_("Set. Nobody reaches the home from now on."),
    danger=True,
)
ask_contact = page(
    P.CONTACT_ALLOW,
    AskForm,
    lambda actor, case, form: actions.ask_contact(
        actor=actor,
        case=case,
        because=form.cleaned_data["because"],
        desk_id=acts_at(actor, P.CONTACT_ALLOW, case),
        key=form.cleaned_data["key"],
    ),
    _("Ask for contact to be allowed again"),
    lead=_("A second person who works on the case decides. Until then it stays as it is."),
    done=_("Asked. Until somebody else has decided, nobody reaches the home."),
)
allow_contact = page(
    P.CONTACT_ALLOW,
    AllowForm,
    lambda actor, case, form: actions.allow_contact(
        actor=actor, case=case, allow=form.cleaned_data["allow"] == "yes", key=form.cleaned_data["key"]
    ),
    _("Decide on contact as the second person"),
    lead=_("Why it was set and why it is to end stand in the file, under “Guardian and home”. Read both first."),
    done=_("Your decision is recorded."),
    faults=_settled,
)
