"""The forms of a letter and of a hand-over: where to, what the sender writes, which fields are added and why."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cases.display import field_label
from cases.telling import RESCUE, WHOM_TEXT
from referrals.forms import OnPaperForm, lines
from referrals.models import SENDABLE, Purpose
from referrals.packet import EXTRAS, LETTERS, letter_to
from referrals.queues import by_duty, places_this_week
from wellbeing.access.actor import Actor
from wellbeing.action_page import ActionForm, ReplacingForm, moment_field
from wellbeing.people.desks import receiving_desks
from wellbeing.people.models import Desk, Role

WRITTEN = ("summary", "measures", "question")


class ExtrasForm(ActionForm):
    """Fields beyond the template: each has a line for its reason, and goes along where one is written."""

    purposes: tuple[str, ...] = tuple(LETTERS.values())

    def __init__(self, *args: Any, actor: Actor, target: Any, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, target=target, **kwargs)
        self.addable = list(dict.fromkeys(code for purpose in self.purposes_here() for code in EXTRAS[purpose]))
        for code in self.addable:
            self.fields[f"extra_{code}"] = forms.CharField(label=field_label(code), required=False, max_length=200)

    def purposes_here(self) -> tuple[str, ...]:
        """The purposes whose extra fields are offered."""
        return self.purposes

    def extra_fields(self) -> list[forms.BoundField]:
        """The reasons' inputs, for the page."""
        return [self[f"extra_{code}"] for code in self.addable]

    def plain_fields(self) -> list[forms.BoundField]:
        """The other inputs, for the page."""
        return [field for field in self.visible_fields() if not field.name.startswith("extra_")]

    @property
    def adding(self) -> bool:
        """Whether a field is added, or a reason is at fault: the fold then stands open."""
        return any(field.value() or field.errors for field in self.extra_fields())

    def extras(self) -> dict[str, str]:
        """The chosen fields by code, with their reasons."""
        given = {code: self.cleaned_data.get(f"extra_{code}", "").strip() for code in self.addable}
        return {code: reason for code, reason in given.items() if reason}


class ChannelForm(OnPaperForm, ExtrasForm):
    """Where to, with which consent, and the three texts that the sender writes; the rest is copied by the template."""

    destination = forms.ChoiceField(label=_("Where to"))
    consent = forms.ChoiceField(
        label=_("Guardian's consent"),
        choices=[(one.value, one.label) for one in SENDABLE],
        widget=forms.RadioSelect,
    )
    emergency = forms.BooleanField(label=_("Emergency: the person is on the way, paper follows"), required=False)
    summary = lines(_("What was noticed, in three lines"), required=True)
    measures = lines(_("What was done so far"))
    question = lines(_("What we ask of you"), rows=2)
    submit_label = _("Send the letter")

    def __init__(self, *args: Any, actor: Actor, target: Any, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, target=target, **kwargs)
        places = places_this_week()
        self.desks = {str(desk.pk): desk for desk in receiving_desks() if desk.pk not in actor.desks}
        self.offer(
            "destination",
            [
                ("", _("Choose where to")),  # never preselected by itself: a letter must not go to the wrong house
                *((pk, self._named(desk, places)) for pk, desk in self.desks.items()),
            ],
        )
        asked = self.initial.pop("to", None)  # a link may name it: "ask the city centre"
        if pk := next((pk for pk, desk in self.desks.items() if desk.organisation.code == asked), None):
            self.initial["destination"] = pk

    def _named(self, desk: Desk, places: Mapping[int, tuple[int, int]]) -> Any:
        """A destination with its free places of the coming seven days, where it publishes any."""
        if desk.pk not in places:
            return str(desk.organisation)
        return _("%(place)s · free within a week: %(n)s") % {"place": desk.organisation, "n": places[desk.pk][0]}

    def words(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in WRITTEN}


class LetterForm(ExtrasForm, ReplacingForm):
    """The three texts of a letter that the sender writes, and the added fields."""

    summary = lines(_("What was noticed, in three lines"), required=True)
    measures = lines(_("What was done so far"))
    question = lines(_("What we ask of you"), rows=2)
    submit_label = _("Send the new version")

    def purposes_here(self) -> tuple[str, ...]:
        return (letter_to(self.target.to_desk),) if self.target.to_desk.role in LETTERS else ()

    def words(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in WRITTEN}


class EmergencyForm(ActionForm):
    """The hospital on duty is chosen already; one line is enough, and none is needed."""

    destination = forms.ChoiceField(label=_("Hospital"), widget=forms.RadioSelect)
    summary = lines(_("One line for the hospital (the letter follows)"), rows=2)
    submit_label = _("Send now")

    def __init__(self, *args: Any, actor: Actor, target: Any, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, target=target, **kwargs)
        found = [one for one in by_duty(target.division_id) if one.desk.role == Role.HOSPITAL_LIAISON]
        self.desks = {str(one.desk.pk): one.desk for one in found}
        self.offer(
            "destination",
            [
                (
                    str(one.desk.pk),
                    _("%(place)s · on duty now") % {"place": one.desk.organisation}
                    if one.on_duty
                    else one.desk.organisation,
                )
                for one in found
            ],
        )
        self.fields["destination"].initial = next(iter(self.desks), None)


class RescueForm(ExtrasForm):
    """To whom, when, under which number; and for a welfare check what helps to find and protect the person."""

    purposes = (Purpose.WELFARE_CHECK,)
    whom = forms.ChoiceField(label=_("Handed over to"), widget=forms.RadioSelect)
    at = moment_field(_("When (now when empty)"), required=False)
    number = forms.CharField(label=_("Their incident number"), required=False, max_length=40)
    taker = forms.CharField(label=_("Taken by"), required=False, max_length=80)
    check = forms.BooleanField(label=_("Give them what they need to find the person"), required=False)
    where = forms.CharField(label=_("Where she or he may be"), required=False, max_length=200)
    danger = forms.CharField(label=_("The danger, in one line"), required=False, max_length=200)
    looks = forms.CharField(label=_("What she or he looks like, what she or he wears"), required=False, max_length=200)
    call_back = forms.CharField(label=_("Whom to call back"), required=False, max_length=120)
    guardian = forms.BooleanField(
        label=_("Give the guardian's contact: it does not endanger her or him"), required=False
    )
    submit_label = _("Record the hand-over")

    def __init__(self, *args: Any, actor: Actor, target: Any, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, target=target, **kwargs)
        self.offer("whom", [(code, _now(WHOM_TEXT[code])) for code in RESCUE])

    def words(self) -> dict[str, Any]:
        names = ("number", "taker", "where", "danger", "looks", "call_back")
        return {name: self.cleaned_data[name] for name in names}
