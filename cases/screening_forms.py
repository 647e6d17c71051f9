"""The form that brings a screening file."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from cases.campaign_access import campaigns_of
from cases.display import worded
from cases.instruments import INSTRUMENTS, PAPERS
from cases.screening_access import brings_by, schools_of
from wellbeing.action_page import ActionForm
from wellbeing.people.models import Organisation
from wellbeing.upload import LIMIT
from wellbeing.workdays import now

EVERY = "every"  # each row names its school
TOO_LARGE = _("Choose a file; one of more than 20 MB is not taken.")

FROM_ONE = _("The answers count from 1")
FROM_ONE_HELP = _("For exports that write 1 to 4 where the PHQ and GAD have 0 to 3. One is taken off every answer.")


def not_too_large(file: UploadedFile) -> None:
    """Of a larger file nothing was kept but its size (wellbeing.upload)."""
    if (file.size or 0) > LIMIT:
        raise ValidationError(TOO_LARGE)


class ScreeningForm(ActionForm):
    """A file, what it holds, and of which school it is."""

    school = forms.ChoiceField(label=_("School"))
    file = forms.FileField(
        label=_("File to import"),
        help_text=_("CSV or XLSX, 20 MB at most: one line for each student, with the student number."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
        error_messages={"required": TOO_LARGE},
        validators=[not_too_large],
    )
    codes = forms.MultipleChoiceField(
        label=_("Instruments in the file"), widget=forms.CheckboxSelectMultiple, initial=["phq9", "gad7"]
    )
    campaign = forms.ChoiceField(
        label=_("Campaign"), required=False, help_text=_("Whoever opted out of it is left out.")
    )
    day = forms.DateField(
        label=_("Day of answering"),
        help_text=_("For lines that have no date of their own."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        initial=lambda: now().date(),
    )
    mapping = forms.CharField(
        label=_("Columns of the items (may be left empty)"),
        help_text=_(
            "Such as phq9=q1-q9,gad7=A1-A7. Left empty, the columns that the school used last are taken, or found;"
            " where they are not plain, you choose them on the next page."
        ),
        required=False,
        max_length=200,
    )
    pick = forms.BooleanField(
        label=_("I choose the columns myself"),
        help_text=_("For files whose columns are named by the text of the question."),
        required=False,
    )
    from_one = forms.BooleanField(label=FROM_ONE, help_text=FROM_ONE_HELP, required=False)
    submit_label = _("Read the file")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.schools = {str(desk.organisation_id): desk.organisation for desk in schools_of(self.actor)}
        several = (
            [(EVERY, _("Several schools: each line names its own"))]
            if len(self.schools) > 1 and brings_by(self.actor, None)
            else []
        )
        self.offer("school", [*several, *((pk, str(school)) for pk, school in self.schools.items())])
        self.offer("codes", [(code, worded(PAPERS[code].title)) for code in INSTRUMENTS])

        self.campaigns = {str(one.pk): one for one in campaigns_of(self.actor) if one.ended_at is None}
        self.offer("campaign", [("", _("None")), *((pk, one.title) for pk, one in self.campaigns.items())])

    @property
    def chosen(self) -> Organisation | None:
        """The school of the file; none where each line names its own."""
        return self.schools.get(self.cleaned_data["school"])
