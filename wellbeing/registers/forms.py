"""Forms of the registers: they parse and hold what was typed; the actions decide what may stand there."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wellbeing.action_page import ActionForm, ReplacingForm, moment_field
from wellbeing.registers.access import schools_of
from wellbeing.registers.kinds import (
    ABOUT_TEXT,
    ACTIVITY_TEXT,
    LINE_TEXT,
    STAFF_CELLS,
    TOLD_WHOM,
    WRITABLE,
    About,
)
from wellbeing.registers.year_access import staff_label

NO_NAMES = gettext_lazy("No names: say “a student of grade 8”, “the form teacher”. No telephone or identity numbers.")


def _text(label: Any, rows: int = 4, help_text: Any = NO_NAMES) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=4000, widget=forms.Textarea(attrs={"rows": rows}), help_text=help_text
    )


class ReportForm(ActionForm):
    """A new incident: where, about whom, when, what."""

    school = forms.ChoiceField(label=gettext_lazy("School"))
    about = forms.ChoiceField(label=gettext_lazy("Concerns"), widget=forms.RadioSelect)
    happened_at = moment_field(gettext_lazy("When it happened or was noticed"))
    text = _text(gettext_lazy("What happened"))
    submit_label = gettext_lazy("Report the incident")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        schools = [(str(one.pk), str(one)) for one in schools_of(self.actor)]
        self.offer("school", schools if len(schools) == 1 else [("", "–"), *schools])
        self.offer("about", [(code.value, _(text)) for code, text in ABOUT_TEXT.items()])
        self.fields["about"].initial = About.STUDENT.value


class WriteForm(ActionForm):
    """One more line."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), widget=forms.RadioSelect)
    whom = forms.ChoiceField(
        label=gettext_lazy("Whom"), required=False, help_text=gettext_lazy("Only where somebody was told.")
    )
    at = moment_field(gettext_lazy("At"))
    text = _text(gettext_lazy("What"))
    submit_label = gettext_lazy("Add")
    from_address = ("kind",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("kind", [(code.value, _(LINE_TEXT[code])) for code in WRITABLE])
        self.offer("whom", [("", "–"), *((code, _(text)) for code, text in TOLD_WHOM.items())])


class ReviewForm(ActionForm):
    """The review meeting and its lessons."""

    held_at = moment_field(gettext_lazy("When the meeting was held"))
    review = _text(gettext_lazy("What the meeting found"), 5, gettext_lazy("Functions that took part, no names."))
    lessons = _text(gettext_lazy("Lessons: what will be done differently"), 4)
    submit_label = gettext_lazy("Record the review")


class ReopenForm(ActionForm):
    """What makes a closed incident one that is under way again."""

    text = _text(gettext_lazy("What has come to light"), 4, gettext_lazy("It stands in the time line. No names."))
    submit_label = gettext_lazy("Open again")


class ActivityForm(ActionForm):
    """An activity that was held."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"))
    title = forms.CharField(
        label=gettext_lazy("Subject"), max_length=80, help_text=gettext_lazy("No names of persons.")
    )
    held_on = forms.DateField(
        label=gettext_lazy("Held on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    hours = forms.DecimalField(label=gettext_lazy("Length (hours)"), max_digits=4, decimal_places=1)
    reached = forms.IntegerField(label=gettext_lazy("People who took part"))
    submit_label = gettext_lazy("Note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("kind", [(code.value, _(text)) for code, text in ACTIVITY_TEXT.items()])


class YearForm(ReplacingForm):
    """The hotline's yearly return; a field of the staff that is left empty is nobody."""

    seats = forms.IntegerField(
        label=gettext_lazy("Seats"), help_text=gettext_lazy("Places at which calls are taken; the guide asks for two.")
    )
    hours = forms.DecimalField(
        label=gettext_lazy("Hours of service a day"),
        max_digits=3,
        decimal_places=1,
        help_text=gettext_lazy("On an ordinary day; 24 without a break."),
    )
    submit_label = gettext_lazy("Send to the bureau")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for cell in STAFF_CELLS:
            self.fields[cell] = forms.IntegerField(label=staff_label(cell), required=False)

    def staff(self) -> dict[str, int]:
        """Numbers by cell."""
        return {cell: self.cleaned_data.get(cell) or 0 for cell in STAFF_CELLS}


class SendBackForm(ActionForm):
    """Why a return goes back."""

    because = forms.CharField(label=gettext_lazy("What is to be mended"), max_length=200)
    submit_label = gettext_lazy("Send back")
