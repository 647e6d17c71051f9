"""The forms of who may open a case: giving access, and ending it."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.sharing import holder_of, key_of, openable_to, people_at
from wellbeing.access.grants import FULL
from wellbeing.access.holders import holders
from wellbeing.access.models import Hold, Origin
from wellbeing.action import was_done
from wellbeing.action_page import ActionForm
from wellbeing.people.models import Desk, User
from wellbeing.workdays import TIMEZONE, now

DAYS = timedelta(days=30)  # policy default of an access that was given
REASON = {"rows": 3}


class GrantForm(ActionForm):
    """To whom, to do what, until when, and why."""

    to = forms.ChoiceField(label=gettext_lazy("Desk or person"))
    hold = forms.ChoiceField(label=gettext_lazy("What they may do"), widget=forms.RadioSelect, initial=Hold.READ)
    until = forms.DateField(
        label=gettext_lazy("Until the end of"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    because = forms.CharField(label=gettext_lazy("Reason"), max_length=2000, widget=forms.Textarea(attrs=REASON))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        desks = openable_to(self.target)
        people: dict[int, list[tuple[str, str]]] = {}
        for desk, user in people_at(desks):
            people.setdefault(desk.pk, []).append((key_of(user), f"{user} · {desk.organisation}"))
        whole = _("the whole desk")
        groups = [(str(desk), [(key_of(desk), f"{desk} · {whole}"), *people.get(desk.pk, [])]) for desk in desks]
        self.offer("to", [("", _("Choose a desk or a person")), *groups])
        self.offer("hold", [(hold.value, hold.label) for hold in FULL])
        self.fields["until"].initial = (now() + DAYS).date()

    def chosen(self) -> dict[str, Any]:
        """What the action is given, of a valid form."""
        ends = datetime.combine(self.cleaned_data["until"], time(23, 59), TIMEZONE)
        to = holder_of(self.cleaned_data["to"])
        assert isinstance(to, Desk | User)  # one of the choices
        return {
            "to": to,
            "hold": Hold(self.cleaned_data["hold"]),
            "until": ends,
            "because": self.cleaned_data["because"],
        }


class RevokeForm(ActionForm):
    """Whose access ends, and why."""

    from_address = ("holder",)
    holder = forms.ChoiceField(
        label=gettext_lazy("Whose access ends"),
        error_messages={"invalid_choice": gettext_lazy("It has ended already.")},
    )
    because = forms.CharField(label=gettext_lazy("Reason"), max_length=2000, widget=forms.Textarea(attrs=REASON))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = [(one.key, one.name) for one in holders(self.target) if one.origin == Origin.GIVEN]
        if was_done(self.actor, self.data.get("key", "")):  # sent again: whose access ended with the first sending
            mine.append((self.data.get("holder", ""),) * 2)
        self.offer("holder", [("", _("Choose a desk or a person")), *mine])
