"""The forms of the rota: parse and hold what was typed; what is allowed is decided behind the doors."""

from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wellbeing.action_page import ActionForm, moment_field
from wellbeing.rota.pattern import MOST_WEEKS, Pattern, Slot
from wellbeing.rota.planning import colleagues
from wellbeing.rota.spoken import WEEKDAYS
from wellbeing.workdays import now

SLOTS = (1, 2, 3)
PERSONS = (1, 2, 3, 4, 5, 6, 7)
DAY_AND_NIGHT = {1: (time(8), time(20)), 2: (time(20), time(8))}


def _nobody(people: list[tuple[int, str]], none: Any) -> list[tuple[str, Any]]:
    return [("", none), *((str(pk), name) for pk, name in people)]


def _hour(label: str, initial: time | None) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, required=False, widget=widget, initial=initial)


class ShiftForm(ActionForm):
    """One shift of one person."""

    user_id = forms.ChoiceField(label=_("Person on duty"))
    starts_at = moment_field(_("On duty from"))
    ends_at = moment_field(_("On duty until"))
    submit_label = _("Plan")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("user_id", _nobody(colleagues(self.target.pk), _("Choose")))


class WeekForm(ActionForm):
    """Weekdays × hours, and the persons who take turns."""

    first_day = forms.DateField(
        label=_("First day of the plan"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        initial=lambda: now().date(),
    )
    weeks = forms.IntegerField(label=_("For how many weeks"), min_value=1, max_value=MOST_WEEKS, initial=4)
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Weekdays"),
        choices=list(enumerate(WEEKDAYS)),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        initial=list(range(7)),
    )
    submit_label = _("Plan")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = _nobody(colleagues(self.target.pk), _("nobody"))
        for number in SLOTS:
            starts, ends = DAY_AND_NIGHT.get(number, (None, None))
            self.fields[f"starts_{number}"] = _hour(_("Shift %s begins") % number, starts)
            self.fields[f"ends_{number}"] = _hour(_("Shift %s ends") % number, ends)
        for number in PERSONS[: len(people) - 1]:
            self.fields[f"person_{number}"] = forms.ChoiceField(
                label=_("Turn %s") % number, required=False, choices=people
            )

    def clean(self) -> dict[str, Any]:
        """A shift has both its ends; who was chosen stands in the order of the turns."""
        values = super().clean() or {}
        for number in SLOTS:
            names = (f"starts_{number}", f"ends_{number}")
            typed = [name for name in names if values.get(name) is not None]
            if len(typed) == 1 and not set(names) & set(self.errors):
                self.add_error(next(name for name in names if name not in typed), _("Give both ends of the shift."))
        return values

    def pattern(self) -> Pattern:
        """The pattern as typed."""
        values = self.cleaned_data
        slots = [(values[f"starts_{number}"], values[f"ends_{number}"]) for number in SLOTS]
        return Pattern(
            first_day=values["first_day"],
            weeks=values["weeks"],
            weekdays=tuple(values["weekdays"]),
            slots=tuple(Slot(begin, end) for begin, end in slots if begin is not None),
            persons=tuple(int(values[f"person_{number}"]) for number in PERSONS if values.get(f"person_{number}")),
        )


class DropForm(ActionForm):
    """Nothing but the click; whoever takes a plan back takes all of it."""

    whole = forms.BooleanField(required=False, widget=forms.HiddenInput)
    submit_label = _("Take it out")


class SwapForm(ActionForm):
    """Which colleague is asked."""

    to_user_id = forms.ChoiceField(label=_("Colleague"))
    submit_label = _("Ask")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = [(pk, name) for pk, name in colleagues(self.target.desk_id) if pk != self.actor.id]
        self.offer("to_user_id", _nobody(others, _("Choose")))


class AnswerForm(ActionForm):
    """Yes or no."""

    accept = forms.ChoiceField(
        label=_("Your answer"),
        choices=[("yes", _("I take it over")), ("no", _("I cannot"))],
        widget=forms.RadioSelect,
    )
    submit_label = _("Answer")
