"""The page of one action: a form, one call of the door, and the answer next to its cause.

Case and referral pages share it: fetch the target through its access door, show the form, on sending call the
action under the form's idempotency key, and put an Invalid beside its field with everything typed still there.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.routes import requires
from wellbeing.action import was_done
from wellbeing.errors import Forbidden, Invalid, Newer, WrongState


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """Who was quicker with the same thing, when, and where it differs from what was typed: label, what stands now, what
    was typed."""

    who: str
    at: datetime | None
    rows: list[tuple[Any, str, str]]


class ActionForm(forms.Form):
    """The base of every form that acts: it carries the idempotency key."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    submit_label: Any = ""
    from_address: tuple[str, ...] = ()  # codes that a link may fill in, e.g. `?whom=guardian`
    meanwhile: Meanwhile | None = None  # set where somebody else was quicker
    of_the_change: tuple[str, ...] = ()  # what is said of a change itself and sealed with it: no form is filled with it

    def __init__(self, *args: Any, actor: Actor, target: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.target = actor, target

    @property
    def status(self) -> int:
        """The answer's status when the form was sent and is refused."""
        return 409 if self.meanwhile else 422

    def offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        """Set the choices of a field that depend on who asks about what."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


class ReplacingForm(ActionForm):
    """The base of every form that replaces what stands. `filled_from` is the mark of what it was filled from: the
    page's `first` gives it, and the action asks whether it still stands (errors.Written)."""

    filled_from = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)


def moment_field(label: Any, **more: Any) -> forms.DateTimeField:
    """A day and a time, to the minute, as the browser's own picker gives it; `more` goes to the field."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget, **more)


def typed(form: forms.Form) -> list[tuple[Any, str]]:
    """What somebody typed, as label and text, to give it back where it cannot be kept in its form."""
    return [(bound.label, text) for bound in form.visible_fields() if (text := _said(bound))]


def _said(bound: forms.BoundField) -> str:
    """What a field holds, in words; empty for nothing."""
    value = bound.value()
    if isinstance(value, bool):
        return _("Yes") if value else ""
    shown = bound.field.widget.format_value(value)
    texts = [str(one).strip() for one in (shown if isinstance(shown, list | tuple) else [shown]) if one]
    if getattr(bound.field.widget, "input_type", "") == "datetime-local":  # as the browser's picker sends it
        texts = [text.replace("T", " ") for text in texts]
    choices = {str(code): str(text) for code, text in getattr(bound.field, "choices", ())}
    return "、".join(choices.get(text, text) for text in texts if text)


def overtaken(sent: ActionForm, now: ActionForm, newer: Newer) -> None:
    """Somebody was quicker: put what stands `now` beside what was sent. The form keeps what was typed and counts as
    filled from what stands now, so that sending it again, having seen that, replaces it."""
    rows = []
    for name in dict.fromkeys((*now.fields, *sent.fields)):
        theirs, mine = (now[name] if name in now.fields else None), (sent[name] if name in sent.fields else None)
        shown = theirs or mine
        assert shown is not None
        alike = theirs and mine and not mine.field.has_changed(theirs.initial, mine.data)
        texts = (_said(theirs) if theirs else "", _said(mine) if mine else "")
        if not shown.is_hidden and not alike and any(texts) and name not in sent.of_the_change:
            rows.append((shown.label, *texts))
    sent.meanwhile = Meanwhile(newer.written.who, newer.written.at, rows)
    sent.submit_label = _("Replace it with mine")
    retype(sent, "filled_from", [newer.written.mark])


def retype(form: forms.Form, name: str, values: list[str]) -> None:
    """Put other values of one field into a form that was sent: what the page shows, and sends again."""
    data = QueryDict(mutable=True)
    data.update(form.data)
    data.setlist(name, values)
    form.data = data


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
    `undo` the way back; `done` what is said then, or how that follows from the answer. Sent again: the same or 409."""

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
            try:
                seen = made(look or perform, actor, target, bound)
            except Newer as newer:
                target = opener(actor, reference, permission)
                overtaken(bound, form(actor=actor, target=target, initial=first(actor, target) if first else {}), newer)
            if not look and not bound.meanwhile and bound.is_valid():
                say(request, done(seen) if callable(done) else done, undo(seen, bound) if undo else None)
                return redirect(gone or address(seen if isinstance(seen, type(target)) else target))
        context = {
            **{"title": title, "lead": lead, "danger": danger, "form": bound, "preview": seen},
            **{"target": target, type(target).__name__.lower(): target, "back": (back or address)(target)},
            "faults": faults(actor, target) if faults else [],
            "submit_label": bound.submit_label or title,
            "shown": shown(actor, target) if shown else None,
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
