"""The form that prints sheets of paper."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.paper_access import MOST, my_kinds
from cases.paper_number import KIND_TEXT
from wellbeing.access.actor import Actor
from wellbeing.action_page import ActionForm


class PrintForm(ActionForm):
    """Which sheets, and how many."""

    kind = forms.ChoiceField(label=_("Which sheet"), widget=forms.RadioSelect)
    count = forms.IntegerField(label=_("How many"), min_value=1, max_value=MOST, initial=10)

    def __init__(self, *args: Any, actor: Actor, target: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, target=target, **kwargs)
        kinds = my_kinds(actor)
        self.offer("kind", [(kind.value, _(KIND_TEXT[kind])) for kind in kinds])
        self.fields["kind"].initial = kinds[0].value if kinds else None
