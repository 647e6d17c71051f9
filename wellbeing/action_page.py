"""The page of one action: a form, one call of the door, and the answer next to its cause.

Case and referral pages share it: fetch the target through its access door, show the form, on sending call the
action under the form's idempotency key, and put an Invalid beside its field with everything typed still there.
"""

from collections.abc import Callable
from typing import Any, Protocol
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.routes import requires
from wellbeing.errors import Invalid


class ActionForm(forms.Form):
    """The base of every form that acts: it carries the idempotency key."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    submit_label: Any = ""
    from_address: tuple[str, ...] = ()  # codes that a link may fill in, e.g. `?whom=guardian`

    def __init__(self, *args: Any, actor: Actor, target: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.target = actor, target

    def offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        """Set the choices of a field that depend on who asks about what."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


def moment_field(label: Any, **more: Any) -> forms.DateTimeField:
    """A day and a time, to the minute, as the browser's own picker gives it; `more` goes to the field."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget, **more)


class Page(Protocol):
    """What a page must be told: see `action_page`."""

    def __call__(self, request: HttpRequest, reference: str) -> HttpResponse: ...


def action_page(
    *,
    permission: P,
    form: type[ActionForm],
    opener: Callable[[Actor, str, P], Any],
    perform: Callable[[Actor, Any, Any], Any],
    address: Callable[[Any], str],
    template: str,
    title: Any,
    lead: Any = "",
    done: Any = "",
    gone: str = "",
    back: Callable[[Any], str] | None = None,
    danger: bool = False,
    faults: Callable[[Actor, Any], list[Any]] | None = None,
    first: Callable[[Actor, Any], dict[str, Any]] | None = None,
) -> Page:
    """Build the view of one action.

    `perform` gets the actor, the target and the valid form; `address` says where to go after it, or the route `gone`
    when the action ends the actor's own sight of the target; `back` where the page is reached from, if not there;
    `faults` lists what forbids the action at present; `first` gives the values that the empty form begins with.
    """

    @requires(permission)
    def view(request: HttpRequest, reference: str) -> HttpResponse:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        target = opener(actor, reference, permission)
        given = {name: request.GET[name] for name in form.from_address if name in request.GET}
        if first and request.method != "POST":
            given = {**first(actor, target), **given}
        posted = request.POST if request.method == "POST" else None
        bound = form(posted, actor=actor, target=target, initial=given)
        if request.method == "POST" and bound.is_valid():
            try:
                perform(actor, target, bound)
            except Invalid as refused:
                bound.add_error(refused.field if refused.field in bound.fields else None, refused.message)
            else:
                if done:
                    messages.success(request, done)
                return redirect(gone or address(target))
        context = {
            "title": title,
            "lead": lead,
            "form": bound,
            "target": target,
            type(target).__name__.lower(): target,
            "faults": faults(actor, target) if faults else [],
            "submit_label": form.submit_label or title,
            "danger": danger,
            "back": (back or address)(target),
        }
        return render(request, template, context, status=422 if bound.is_bound else 200)

    return view
