"""Tags and filters of every page: tier badge, clock, moment, form control, names of codes, idempotency key."""

import json
from datetime import datetime
from functools import cache
from typing import Any
from uuid import uuid4

from django import template
from django.forms import BoundField, CheckboxInput, FileInput, HiddenInput
from django.forms.boundfield import BoundWidget
from django.forms.widgets import Input
from django.template.loader import render_to_string
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from wellbeing import moments, workdays
from wellbeing.web.names import TIERS
from wellbeing.web.names import called as name_of

register = template.Library()

CONTROL_CLASS = {"select": "form-select", "checkbox": "form-check-input", "hidden": ""}
NOT_TYPED = (CheckboxInput, FileInput, HiddenInput)


@cache
def _badge(code: str, size: str, language: str | None) -> SafeString:
    """A badge is the same every time: drawn once per tier, size and language, as a long list shows it often."""
    colour, meaning = TIERS[code]
    return render_to_string(
        "components/_tier.html", {"code": code, "colour": _(colour), "meaning": _(meaning), "size": size}
    )


@register.simple_tag
def tier(code: str, size: str = "") -> str:
    """The badge of a tier: colour, word and shape. `size` is "", "large" or "short" (without the meaning)."""
    return _badge(str(code), size, get_language()) if code in TIERS else ""


@register.filter
def undo(message: Any) -> Any:
    """The way back that a message offers (action_page.say); None where it offers none."""
    return json.loads(message.extra_tags) if message.extra_tags else None


@register.simple_tag(takes_context=True)
def clock(context: template.Context, due_at: datetime) -> str:
    """A running clock: what is left or how late, ticking in the page; the absolute time on hover."""
    now, local = _now(context), moments.local(due_at)
    return SafeString(
        f'<time class="clock{" is-late" if due_at < now else ""}" datetime="{local.isoformat(timespec="seconds")}"'
        f' data-due="{int(due_at.timestamp())}" title="{moments.absolute(local)}">'
        f"{escape(moments.standing(due_at, now))}</time>"
    )


@register.simple_tag(takes_context=True)
def moment(context: template.Context, at: datetime | None) -> str:
    """When something was, briefly; the whole of it on hover."""
    if at is None:
        return ""
    local = moments.local(at)
    return SafeString(
        f'<time datetime="{local.isoformat(timespec="minutes")}" title="{moments.absolute(local)}">'
        f"{escape(moments.brief(local, _now(context)))}</time>"
    )


@register.simple_tag(takes_context=True)
def since(context: template.Context, at: datetime) -> str:
    """How long something has gone on; since when on hover."""
    lasted = moments.span(max(0, int((_now(context) - at).total_seconds())))
    return format_html('<time datetime="{}" title="{}">{}</time>', at.isoformat(), moments.absolute(at), lasted)


@register.simple_tag
def moment_text(at: datetime) -> str:
    """A moment where no element may stand, as in a drawing."""
    return moments.absolute(at)


@register.filter
def said(text: str) -> str:
    """A text of a pure module, which is only marked there, in the language of the page."""
    return _(text)


@register.simple_tag(takes_context=True)
def server_time(context: template.Context) -> int:
    """The page's moment in milliseconds: the script counts from here, whatever the visitor's own clock says."""
    return int(_now(context).timestamp() * 1000)


@register.simple_tag
def clock_words() -> str:
    """The patterns the script fills."""
    return json.dumps(moments.words(), ensure_ascii=False)


@register.filter
def lasting(seconds: int | None) -> str:
    """A length of time in words; a dash where nothing is known."""
    return "–" if seconds is None else moments.span(seconds)


@register.filter
def called(code: object, kind: str) -> str:
    """What a code is called: `{{ case.status|called:"status" }}`."""
    return name_of(code, kind)


@register.simple_tag
def control(field: BoundField) -> str:
    """The input of a form field in our dress; Django has already tied hint and error to it. What is typed into a line
    the browser does not keep, unless the field says so: it would offer names and numbers to whoever sits there next.
    """
    dress = CONTROL_CLASS.get(field.widget_type, "form-control")
    attrs: dict[str, Any] = {"class": f"{dress} is-invalid" if field.errors else dress} if dress else {}
    if field.widget_type == "number":
        attrs["inputmode"] = "numeric"
    if isinstance(field.field.widget, Input) and not isinstance(field.field.widget, NOT_TYPED):
        attrs["autocomplete"] = field.field.widget.attrs.get("autocomplete", "off")
    return field.as_widget(attrs=attrs)


_EMPTY: dict[tuple[object, ...], SafeString] = {}


@register.simple_tag
def asked(field: BoundField, *, broad: bool = False) -> SafeString:
    """A field of a sheet (components/_field.html). One that nobody has filled in yet is the same every time, and a
    sheet has dozens: drawn once for each form and language. What somebody filled in is never kept."""
    form: Any = field.form
    given = {"field": field, "broad": broad}
    if form.is_bound or field.name not in form.codes or field.value():
        return render_to_string("components/_field.html", given)
    place = type(form), form.prefix, field.name, broad, get_language()
    if place not in _EMPTY:
        _EMPTY[place] = render_to_string("components/_field.html", given)
    return _EMPTY[place]


@register.simple_tag
def mark(option: BoundWidget) -> SafeString:
    """The button of one choice, as Django draws it; without a template of its own for each of a sheet's hundreds, and
    without `flatatt`, which escapes the names of attributes as well."""
    data = option.data
    given = {"type": data["type"], "name": data["name"], "value": str(data["value"]), **data["attrs"]}
    said = ((name, value) for name, value in given.items() if value is not None and value is not False)
    drawn = (f" {name}" if value is True else f' {name}="{escape(value)}"' for name, value in said)
    return SafeString(f"<input{''.join(drawn)}>")


@register.simple_tag
def idempotency_key() -> str:
    """A fresh key for a form that is only a button."""
    return str(uuid4())


@register.filter
def is_tier(code: object) -> bool:
    """Whether a choice is a tier, which is shown as its badge."""
    return str(code) in TIERS


def _now(context: template.Context) -> datetime:
    """The view's own moment, which comes from the database; pages without clocks may do without."""
    given = context.get("now")
    return given if isinstance(given, datetime) else workdays.now()
