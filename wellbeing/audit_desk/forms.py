"""What the audit administrator looks for. Sent in the body: nothing that was typed stands in an address."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wellbeing.access.permissions import P
from wellbeing.action_page import moment_field
from wellbeing.audit.tags import Tag
from wellbeing.audit_desk.trail import Wanted, people_of, streams_of
from wellbeing.audit_desk.words import ACTS


class TrailForm(forms.Form):
    """Everything may be left open; `after_at` and `after_id` go on behind a line."""

    person = forms.CharField(label=gettext_lazy("Person (account or name)"), required=False, max_length=60)
    reference = forms.CharField(label=gettext_lazy("Reference of a case or referral"), required=False, max_length=20)
    act = forms.ChoiceField(label=gettext_lazy("What was done"), required=False)
    since = moment_field(gettext_lazy("Since"), required=False)
    until = moment_field(gettext_lazy("Until"), required=False)
    after_at = forms.DateTimeField(
        required=False, widget=forms.HiddenInput, input_formats=["%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%dT%H:%M:%S%z"]
    )
    after_id = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["act"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Anything")), *sorted(((code, _(text)) for code, text in ACTS.items()), key=_text)]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if found.get("since") and found.get("until") and found["since"] > found["until"]:
            self.add_error("until", _("This is before the beginning."))
        return found

    def wanted(self) -> Wanted:
        """What to look for, of a valid form. A name or a reference that nobody has finds nothing."""
        given = self.cleaned_data
        act = given["act"]
        return Wanted(
            people=people_of(given["person"].strip()) if given["person"].strip() else None,
            streams=streams_of(given["reference"].strip()) if given["reference"].strip() else None,
            act=(P(act) if act in set(P) else Tag(act)) if act else None,
            since=given["since"],
            until=given["until"],
        )

    def after(self) -> tuple[datetime, UUID] | None:
        at, pk = self.cleaned_data["after_at"], self.cleaned_data["after_id"]
        return (at, pk) if at and pk else None


def _text(choice: tuple[str, str]) -> str:
    return choice[1]
