"""The forms of campaigns and of interviews."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.display import worded
from cases.instruments import INSTRUMENTS, PAPERS
from cases.models import Consenting, Interviewed
from cases.screening_access import schools_of
from cases.screening_forms import not_too_large
from cases.triage import DECISION_TEXT, Decision
from wellbeing.action_page import ActionForm
from wellbeing.workdays import now


def _day(label: Any, **more: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **more)


class CampaignForm(ActionForm):
    """A campaign of one's own schools."""

    title = forms.CharField(label=_("Name of the campaign"), max_length=60)
    codes = forms.MultipleChoiceField(
        label=_("Instruments"), widget=forms.CheckboxSelectMultiple, initial=["phqa", "gad7"]
    )
    schools = forms.MultipleChoiceField(label=_("Schools"), widget=forms.CheckboxSelectMultiple)
    grades = forms.CharField(
        label=_("Grades (all where empty)"), required=False, max_length=120, help_text=_("Separated by commas.")
    )
    first = _day(_("First day"), initial=lambda: now().date())
    last = _day(_("Last day"))
    consent = forms.ChoiceField(
        label=_("How guardians are asked"),
        choices=Consenting.choices,
        widget=forms.RadioSelect,
        initial=Consenting.TOLD,
    )
    submit_label = _("Plan the campaign")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        schools = [desk.organisation for desk in schools_of(self.actor)]
        self.by_key = {str(school.pk): school.pk for school in schools}
        self.offer("codes", [(code, worded(PAPERS[code].title)) for code in INSTRUMENTS])
        self.offer("schools", [(str(school.pk), str(school)) for school in schools])
        if len(schools) == 1:
            self.fields["schools"].initial = list(self.by_key)


class RollForm(ActionForm):
    """The roll of a school as a file."""

    file = forms.FileField(
        label=_("Roll of the students"),
        help_text=_("CSV or XLSX with the columns student number, name, grade and class."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
        validators=[not_too_large],
    )
    submit_label = _("Make codes")


class InterviewPlanForm(ActionForm):
    """How many interviews a day, from when on."""

    first = _day(_("First day of the interviews"), initial=lambda: now().date())
    per_day = forms.IntegerField(label=_("Interviews a day"), min_value=1, max_value=40, initial=6)
    submit_label = _("Spread over the days")


class DecideForm(ActionForm):
    """One decision for the students that were chosen on the list."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[(code.value, _(DECISION_TEXT[code])) for code in Decision],
        widget=forms.RadioSelect,
        initial=Decision.PLAN,
    )
    first = _day(_("First day of the interviews"), required=False, initial=lambda: now().date())
    per_day = forms.IntegerField(label=_("Interviews a day"), min_value=1, max_value=40, initial=6, required=False)
    because = forms.CharField(
        label=_("Reason (not needed for a plan)"), required=False, max_length=400, widget=forms.Textarea({"rows": 2})
    )
    submit_label = _("Show what would happen")

    def given(self) -> dict[str, Any]:
        """What the action is told, without the key."""
        return {name: self.cleaned_data[name] for name in ("because", "first", "per_day")}


class InterviewForm(ActionForm):
    """The ASQ, asked face to face and alone, and what comes of it."""

    outcome = forms.ChoiceField(
        label=_("What came of the interview"),
        choices=[
            (Interviewed.CONCERN, _("A concern: the case goes on")),
            (Interviewed.NO_CONCERN, _("No concern")),
            (Interviewed.NOT_MET, _("Not met yet")),
        ],
        widget=forms.RadioSelect,
    )
    because = forms.CharField(
        label=_("Reason (not needed for a concern)"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    submit_label = _("Keep the interview")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = {}
        for question in PAPERS["asq"].questions:
            choices = [(str(code), worded(text)) for code, text in question.choices]
            asked[question.code] = forms.ChoiceField(
                label=worded(question.text), choices=choices, required=False, widget=forms.RadioSelect
            )
        self.fields = {"key": self.fields.pop("key"), **asked, **self.fields}

    def answers(self) -> dict[str, str]:
        """The answers of the ASQ that were given."""
        given = {question.code: self.cleaned_data.get(question.code) for question in PAPERS["asq"].questions}
        return {code: value for code, value in given.items() if value}
