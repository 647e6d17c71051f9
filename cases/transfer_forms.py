"""The forms of a transfer: asking a county to take a file over, and sending it back."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.handover import RECEIVING_SCHOOL, WRITTEN, default_scope
from cases.models import Leave
from cases.transfer import BASIS_TEXT, SCOPE_TEXT, Basis, Scope, enough
from wellbeing.access.actor import Actor
from wellbeing.action_page import ActionForm
from wellbeing.people.desks import counties

LINES = {"rows": 3}


class TransferForm(ActionForm):
    """Where the file goes, how much of it, on what basis and why; with the minimum, exactly the fields that go."""

    submit_label = gettext_lazy("Ask the county to take it over")

    division = forms.ChoiceField(label=gettext_lazy("County or district that takes the file over"))
    new_school = forms.CharField(label=gettext_lazy("New school, if known"), required=False, max_length=80)
    scope = forms.ChoiceField(label=gettext_lazy("What goes"), widget=forms.RadioSelect)
    basis = forms.ChoiceField(label=gettext_lazy("On what basis"), widget=forms.RadioSelect)
    who = forms.CharField(label=gettext_lazy("Who agreed, and when"), required=False, max_length=120)
    because = forms.CharField(label=gettext_lazy("Why the file moves"), widget=forms.Textarea(attrs=LINES))
    note = forms.CharField(
        label=gettext_lazy("What the next desk must know before it has read the file"),
        required=False,
        widget=forms.Textarea(attrs=LINES),
    )

    def __init__(self, *args: Any, actor: Actor, target: Any, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, target=target, **kwargs)
        self.offer("division", [("", _("Choose a county or district")), *((d.code, str(d)) for d in counties())])
        on_leave = Leave.current(target) is not None
        self.offer("scope", [(one, _(SCOPE_TEXT[one])) for one in Scope if one == Scope.WHOLE or not on_leave])
        self.fields["scope"].initial = default_scope(target.tier, on_leave=on_leave)
        for field in RECEIVING_SCHOOL:
            if not field.copied:
                self.fields[field.code] = forms.CharField(
                    label=_(field.label), required=False, max_length=1000, widget=forms.Textarea(attrs=LINES)
                )
        self.offer("basis", [(basis, _(BASIS_TEXT[basis])) for basis in Basis if enough(basis, target.tier)])

    def words(self) -> dict[str, Any]:
        """What goes into the sealed entry."""
        return {code: self.cleaned_data[code] for code in ("new_school", "who", "because", "note", *WRITTEN)}

    @property
    def chosen(self) -> Scope:
        """What goes, of a valid form."""
        return Scope(self.cleaned_data["scope"])

    def minimum_fields(self) -> list[forms.BoundField]:
        """The inputs of the template, for the page."""
        return [self[code] for code in WRITTEN]


class RefuseForm(ActionForm):
    """Why the file is not taken over."""

    because = forms.CharField(label=gettext_lazy("Reason"), widget=forms.Textarea(attrs=LINES))
