"""Forms of accounts and posts: they parse and hold what was typed; doors decide what is allowed."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wellbeing.action_page import ActionForm
from wellbeing.people.accounts import every_desk
from wellbeing.people.forms import BecauseForm, day_field
from wellbeing.people.models import Desk, PostKind


class AccountForm(BecauseForm):
    """A new account."""

    username = forms.CharField(
        label=gettext_lazy("Account name"), max_length=40, help_text=gettext_lazy("Letters and digits; never changed.")
    )
    name = forms.CharField(label=gettext_lazy("Full name"), max_length=40)
    mobile = forms.CharField(label=gettext_lazy("Mobile on duty"), max_length=20, required=False)
    submit_label = gettext_lazy("Open the account")
    field_order = ("username", "name", "mobile", "because")


class AppointForm(ActionForm):
    """Which post, from when to when, and why."""

    desk = forms.ChoiceField(label=gettext_lazy("Post"))
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=PostKind.choices, widget=forms.RadioSelect)
    starts_on = day_field(gettext_lazy("First day"))
    ends_on = day_field(
        gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("A secondment and a cover must have one; the post then ends by itself."),
    )
    because = forms.CharField(label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 2}), max_length=400)
    submit_label = gettext_lazy("Propose the post")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.desks = {str(desk.pk): desk for desk in every_desk()}
        groups = groupby(self.desks.values(), key=lambda desk: str(desk.organisation.division))
        named = [(division, [(str(desk.pk), str(desk)) for desk in desks]) for division, desks in groups]
        self.offer("desk", [("", _("Choose a post")), *named])  # type: ignore[list-item]

    def given(self) -> dict[str, Any]:
        """What the action takes."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "key"}
        desk: Desk = self.desks[values.pop("desk")]
        return {**values, "desk": desk, "kind": PostKind(values["kind"])}


class EndPostForm(BecauseForm):
    """The last day, or at once."""

    last_day = day_field(
        gettext_lazy("Last day"), required=False, help_text=gettext_lazy("Empty: the post ends at once.")
    )
    submit_label = gettext_lazy("End the post")
    field_order = ("last_day", "because")


class SearchForm(forms.Form):
    """Words of a name, an account or an organisation."""

    words = forms.CharField(label=gettext_lazy("Name, account or organisation"), required=False, max_length=60)
