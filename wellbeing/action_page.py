"""The page of one action: a form, one call of the door, and the answer next to its cause.

Case and referral pages share it: fetch the target through its access door, show the form, on sending call the
action under the form's idempotency key, and put an Invalid beside its field with everything typed still there.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.routes import requires
from wellbeing.action import was_done
from wellbeing.errors import Forbidden, Invalid, WrongState


class ActionForm(forms.Form):
    """The base of every form that acts: it carries the idempotency key."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    submit_label: Any = ""
    from_address: tuple[str, ...] = ()  # codes that a link may fill in, e.g. `?whom=guardian`

    def __init__(self, *args: Any, actor: Actor, target: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.target = actor, target

    @property
    def status(self) -> int:
        """The answer's status when the form was sent and is refused."""
        return 422

    def offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        """Set the choices of a field that depend on who asks about what."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


def moment_field(label: Any, **more: Any) -> forms.DateTimeField:
    """A day and a time, to the minute, as the browser's own picker gives it; `more` goes to the field."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget, **more)


def typed(form: forms.Form) -> list[tuple[Any, str]]:
    """What somebody typed, as label and text, to give it back where it cannot be kept in its form."""
    found = []
    for bound in form.visible_fields():
        value = bound.value()
        texts = [str(one).strip() for one in (value if isinstance(value, list | tuple) else [value]) if one]
        choices = {str(code): str(text) for code, text in getattr(bound.field, "choices", ())}
        if any(texts):
            found.append((bound.label, "、".join(choices.get(text, text) for text in texts if text)))
    return found


@contextmanager
def beside(form: forms.Form) -> Iterator[None]:
    """What is refused inside goes beside its field, or above the form where it has no such field, and the page goes on.
    Whoever was too late with this form gets back what was typed (see web.answers.conflict)."""
    try:
        yield
    except WrongState as passed:
        passed.typed = typed(form)
        raise
    except Invalid as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)


def by(parse: Callable[[str], Any], opener: Callable[[Actor, Any, P], Any]) -> Callable[[Actor, str, P], Any]:
    """An opener that takes its id (`UUID`, `int`) as an address gives it; Forbidden for what is none."""

    def opened(actor: Actor, reference: str, permission: P) -> Any:
        try:
            return opener(actor, parse(reference), permission)
        except ValueError:
            raise Forbidden from None

    return opened


First = Callable[[Actor, Any], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Offer:
    """What the page of an action and the API share: whose it is, its form, how its target is opened, the one call of
    the door. `fresh` asks a person for her second factor; `said` is its name."""

    permission: P
    form: Callable[..., ActionForm]
    opener: Callable[[Actor, str, P], Any]
    perform: Callable[[Actor, Any, Any], Any]
    fresh: bool = False
    said: Any = ""


class Page(Protocol):
    """What a page must be told: see `action_page`."""

    offer: Offer

    def __call__(self, request: HttpRequest, reference: str) -> HttpResponse: ...


@dataclass(frozen=True, slots=True)
class Undo:
    """The way back from what was done, where going back is safe: the inverse act's own form, sent to its own address.
    Both stand in the audit. It lies in a cookie until it is shown, so it holds ids and codes, never words of a record.
    """

    to: str
    fields: Mapping[str, str] = field(default_factory=dict)


def say(request: HttpRequest, text: Any, undo: Undo | None = None) -> None:
    """Say on the next page that something was done, with the way back; nothing for an empty text."""
    way = {"to": undo.to, "fields": {"key": str(uuid4()), **undo.fields}} if undo else None
    if text:
        messages.success(request, text, extra_tags=json.dumps(way) if way else "")


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
    first: First | None = None,
    shown: Callable[[Actor, Any], Any] | None = None,
    preview: Callable[[Actor, Any, Any], Any] | None = None,
    fresh: bool = False,
    undo: Callable[[Any, Any], Undo | None] | None = None,
) -> Page:
    """Build the view of one action: `perform` gets the actor, the target and the valid form; `address` says where to go
    after it, with the target that it answers with, or the route `gone` when it ends the actor's own sight; `back` where
    the page is reached from; `faults` what forbids it now; `first` what the empty form begins with; `shown` what is
    opened of the target besides; `preview` what a valid form whose button is "look" shows; `fresh` as in `requires`;
    `undo` the way back. Sent again: the same or 409.
    """

    @requires(permission, fresh=fresh)
    def view(request: HttpRequest, reference: str) -> HttpResponse:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        sent_before = request.method == "POST" and was_done(actor, request.POST.get("key", ""))
        try:
            target = opener(actor, reference, permission)
        except Forbidden:
            if sent_before:  # the first sending has ended the actor's own sight of it
                return redirect(gone or "home")
            raise
        bound = _bound(form, request, actor, target, first)
        if sent_before and not bound.is_valid():  # not what was sent before: that stands
            raise late(permission, target, bound)
        look, seen = preview if "look" in request.POST else None, None  # nothing is done by looking
        if request.method == "POST" and bound.is_valid():
            seen = made(look or perform, actor, target, bound)
            if not look and bound.is_valid():
                say(request, done, undo(seen, bound) if undo else None)
                return redirect(gone or address(seen if isinstance(seen, type(target)) else target))
        context = {
            **{"title": title, "lead": lead, "submit_label": form.submit_label or title, "danger": danger},
            "form": bound,
            "target": target,
            type(target).__name__.lower(): target,
            "faults": faults(actor, target) if faults else [],
            "shown": shown(actor, target) if shown else None,
            "preview": seen,
            "back": (back or address)(target),
        }
        return render(request, template, context, status=bound.status if bound.is_bound and seen is None else 200)

    return _offering(view, Offer(permission, form, opener, perform, fresh, title))


def _offering(view: Any, offer: Offer) -> Page:
    """The view, telling what it offers."""
    view.offer = offer
    page: Page = view
    return page


def _bound(form: type[ActionForm], request: HttpRequest, actor: Actor, target: Any, first: First | None) -> ActionForm:
    """The form with what was sent, or with what it begins with."""
    given = {name: request.GET[name] for name in form.from_address if name in request.GET}
    if request.method == "POST":
        return form(request.POST, request.FILES, actor=actor, target=target, initial=given)
    return form(actor=actor, target=target, initial={**(first(actor, target) if first else {}), **given})


def late(permission: P, target: Any, form: ActionForm) -> WrongState:
    """The answer to a form that was sent before with something else, with what was typed."""
    found = WrongState("done", permission)
    found.target, found.typed = target, typed(form)
    return found


def made(act: Callable[[Actor, Any, Any], Any], actor: Actor, target: Any, form: ActionForm) -> Any:
    """What the act gives for a valid form; None where it is refused, which then stands beside its field."""
    with beside(form):
        return act(actor, target, form)
