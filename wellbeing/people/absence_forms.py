"""The forms of a leave: its days, and, where somebody else writes it down, why."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from wellbeing.action_page import ActionForm
from wellbeing.people.forms import BecauseForm, day_field


class AbsenceForm(ActionForm):
    """From a day to a day. Whether a desk may be left with nobody is asked once it is known that one would be."""

    first_day = day_field(gettext_lazy("First day"))
    last_day = day_field(
        gettext_lazy("Last day"), help_text=gettext_lazy("Both days are included. After it the posts run again.")
    )
    known = forms.BooleanField(
        label=gettext_lazy("I know that nobody else is there, and it is agreed with whoever watches over the desk."),
        required=False,
    )
    submit_label = gettext_lazy("Enter the leave")

    def visible_fields(self) -> list[Any]:
        """`known` once it is asked for, or was ticked."""
        return [one for one in super().visible_fields() if one.name != "known" or one.errors or one.data]

    def given(self) -> dict[str, Any]:
        """What the actions take."""
        return {name: value for name, value in self.cleaned_data.items() if name != "key"}


class EnterAbsenceForm(BecauseForm, AbsenceForm):
    """The same for somebody else."""

    field_order = ("first_day", "last_day", "because", "known")


class EndAbsenceForm(ActionForm):
    """Nothing but the click."""

    submit_label = gettext_lazy("End the leave")
