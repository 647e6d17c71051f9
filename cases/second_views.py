"""The page on which a second person answers an asking (两人启封): of a caller's number, of the sealed section."""

from typing import Any

from django.urls import reverse

from cases.forms import ConfirmForm
from cases.second_person import OWED, owed
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action_page import Page, action_page


def owes(_actor: Actor, ask: Any) -> list[Any]:
    """What forbids to confirm an asking: whoever asks stood second for the actor lately."""
    return [OWED] if owed(ask.by_id) else []


def answer_page(
    permission: P, opener: Any, perform: Any, *, back: str, template: str, title: Any, lead: Any, done: Any, **more: Any
) -> Page:
    """One answer, after the second factor; `perform` is the action, `back` the route of the list it stands in."""
    return action_page(
        permission=permission,
        fresh=True,
        form=ConfirmForm,
        opener=opener,
        perform=lambda actor, ask, form: perform(actor=actor, ask_id=ask.pk, key=form.cleaned_data["key"]),
        address=lambda _ask: reverse(back),
        template=template,
        title=title,
        lead=lead,
        done=done,
        **more,
    )
