"""The form of the policy: one control per value, made from the shape of each field; faults stand beside their cause."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.policy import TIERS, Policy
from cases.policy_display import TIER_TEXT, UNIT_TEXT, code_text, label
from cases.policy_faults import faults
from cases.policy_fields import (
    NAMES,
    PERIOD_PARTS,
    PERIOD_ROWS,
    SERIES_ROWS,
    SERIES_UNITS,
    UNITS,
    Shape,
    choices,
    full,
    groups,
    shape,
)
from wellbeing.action_page import moment_field
from wellbeing.workdays import now

PART_TEXT = {
    "name": gettext_lazy("Name"),
    "name_en": gettext_lazy("Name in English"),
    "first": gettext_lazy("First day"),
    "last": gettext_lazy("Last day"),
}


class SpanWidget(forms.MultiWidget):
    """A number and its unit."""

    def __init__(self, words: str, units: list[tuple[str, str]]) -> None:
        number = forms.NumberInput(
            attrs={"aria-label": words, "min": 0, "inputmode": "numeric", "class": "form-control"}
        )
        unit = forms.Select(attrs={"aria-label": f"{words}: {_('Unit')}", "class": "form-select"}, choices=units)
        super().__init__([number, unit])

    def decompress(self, value: Mapping[str, int] | None) -> list[Any]:
        if not value:
            return [None, None]
        unit, number = next(iter(value.items()))
        return [number, unit]


class SpanField(forms.MultiValueField):
    """A time as policy keeps it, {"hours": 2}; empty is None."""

    def __init__(self, *, words: str, units: tuple[str, ...]) -> None:
        offered = [(unit, _(UNIT_TEXT[unit])) for unit in units]
        parts = (forms.IntegerField(required=False), forms.ChoiceField(choices=offered, required=False))
        super().__init__(fields=parts, required=False, label=words, widget=SpanWidget(words, offered))

    def compress(self, values: list[Any]) -> dict[str, int] | None:
        if not values or values[0] is None:
            return None
        return {values[1] or "": values[0]}


class PolicyForm(forms.Form):
    """Every value of a policy, when it begins, and why. `base` is what the fields show at first.

    A list keeps the rows that were filled in, in their order; `slots` remembers which those were, so that a fault in
    the second filled row stands beside the row in which it was typed.
    """

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    effective_from = moment_field(
        gettext_lazy("Takes effect"),
        help_text=gettext_lazy("Empty: at once, when you confirm. Clocks that run keep the policy they started under."),
        required=False,
    )
    because = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Everybody who works by the policy reads it: no word about a person or a case."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, base: Policy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.base = base
        self.slots: dict[str, list[int]] = {}
        for name in NAMES:
            _ADD[shape(name)](self, name, getattr(base, name))

    def add(self, name: str, field: forms.Field, value: Any) -> None:
        self.fields[name] = field
        self.initial.setdefault(name, value)

    def clean(self) -> dict[str, Any]:
        """Put every fault of the policy beside its field; a field that could not be read has said so already."""
        cleaned: dict[str, Any] = super().clean() or {}
        self.policy = Policy(**{name: self._value(name) for name in NAMES})
        for fault in faults(self.policy, effective_from=cleaned.get("effective_from"), at=now()):
            place = self.place(fault.where)
            if place is None or place not in self.errors:
                self.add_error(place, _(fault.text) % fault.values)
        return cleaned

    def place(self, where: str) -> str | None:
        """The form's field of a fault's place; None is the head of the form."""
        name, _dash, rest = where.partition("-")
        row, dash, part = rest.partition("-")
        if name in self.slots and row.isdigit() and int(row) < len(self.slots[name]):
            where = f"{name}-{self.slots[name][int(row)]}{dash}{part}"
        if where in self.fields:
            return where
        return next((field for field in self.fields if field.startswith(f"{where}-")), None)

    def _value(self, name: str) -> Any:
        """The value of a policy's field as typed; where a part could not be read, what it was before."""
        form, before = shape(name), getattr(self.base, name)
        get = self.cleaned_data.get
        if form in (Shape.SPANS, Shape.HOURS):
            cells = {tier: self._cell(f"{name}-{tier}", before.get(tier)) for tier in TIERS}
            return {tier: value for tier, value in cells.items() if value is not None}
        if form in (Shape.SERIES, Shape.ORDER):
            rows = [(slot, get(f"{name}-{slot}")) for slot in range(_rows(name))]
            self.slots[name] = [slot for slot, value in rows if value]
            return tuple(value for _slot, value in rows if value)
        if form == Shape.PERIODS:
            periods = [
                (slot, {part: get(f"{name}-{slot}-{part}") or "" for part in PERIOD_PARTS})
                for slot in range(PERIOD_ROWS)
            ]
            self.slots[name] = [slot for slot, period in periods if any(period.values())]
            return tuple(period for _slot, period in periods if any(period.values()))
        if form == Shape.CHOICE:
            return tuple(get(name) or ())
        return self._cell(name, before)

    def _cell(self, field: str, before: Any) -> Any:
        return before if field in self.errors else self.cleaned_data.get(field)

    def layout(self) -> list[dict[str, Any]]:
        """The controls, group by group, as the page draws them: single numbers side by side after the others."""
        plain = Shape.NUMBER
        return [
            {
                "title": _(title),
                "parts": [self._part(name) for name in names if shape(name) != plain],
                "numbers": [self[name] for name in names if shape(name) == plain],
            }
            for title, names in groups()
        ]

    def _part(self, name: str) -> dict[str, Any]:
        form = shape(name)
        part: dict[str, Any] = {"name": name, "shape": form.value, "label": label(name)}
        if form in (Shape.SPANS, Shape.HOURS):
            part["cells"] = [{"tier": tier, "field": self[f"{name}-{tier}"]} for tier in TIERS]
            part["full"] = form == Shape.HOURS or full(name)
        elif form in (Shape.SERIES, Shape.ORDER):
            part["fields"] = [self[f"{name}-{slot}"] for slot in range(_rows(name))]
        elif form == Shape.PERIODS:
            part["rows"] = [[self[f"{name}-{slot}-{each}"] for each in PERIOD_PARTS] for slot in range(PERIOD_ROWS)]
        else:
            part["field"] = self[name]
        return part


def _rows(name: str) -> int:
    return SERIES_ROWS if shape(name) == Shape.SERIES else len(choices(name))


def _spans(form: PolicyForm, name: str, value: Mapping[str, Any]) -> None:
    for tier in TIERS:
        words = f"{label(name)}, {_(TIER_TEXT[tier])}"
        form.add(f"{name}-{tier}", SpanField(words=words, units=UNITS), value.get(tier))


def _hours(form: PolicyForm, name: str, value: Mapping[str, int]) -> None:
    for tier in TIERS:
        words = f"{label(name)}, {_(TIER_TEXT[tier])}"
        form.add(f"{name}-{tier}", _number_field(words), value.get(tier))


def _series(form: PolicyForm, name: str, value: tuple[Any, ...]) -> None:
    for slot in range(_rows(name)):
        words = f"{label(name)} {slot + 1}"
        given = value[slot] if slot < len(value) else None
        form.add(f"{name}-{slot}", SpanField(words=words, units=SERIES_UNITS), given)


def _order(form: PolicyForm, name: str, value: tuple[str, ...]) -> None:
    offered = [("", "–"), *((code, code_text(code)) for code in choices(name))]
    for slot in range(_rows(name)):
        words = f"{label(name)} {slot + 1}"
        widget = forms.Select(attrs={"aria-label": words})
        field = forms.ChoiceField(label=words, choices=offered, required=False, widget=widget)
        form.add(f"{name}-{slot}", field, value[slot] if slot < len(value) else "")


def _choice(form: PolicyForm, name: str, value: tuple[str, ...]) -> None:
    offered = [(code, code_text(code)) for code in choices(name)]
    field = forms.MultipleChoiceField(
        label=label(name), choices=offered, required=False, widget=forms.CheckboxSelectMultiple
    )
    form.add(name, field, list(value))


def _periods(form: PolicyForm, name: str, value: tuple[Mapping[str, str], ...]) -> None:
    for slot in range(PERIOD_ROWS):
        given = value[slot] if slot < len(value) else {}
        for part in PERIOD_PARTS:
            attrs = {"placeholder": "02-15", "size": 6} if part in ("first", "last") else {}
            words = f"{label(name)} {slot + 1}: {PART_TEXT[part]}"
            widget = forms.TextInput(attrs={"aria-label": words, **attrs})
            field = forms.CharField(label=words, required=False, widget=widget)
            form.add(f"{name}-{slot}-{part}", field, given.get(part, ""))


def _number(form: PolicyForm, name: str, value: int) -> None:
    form.add(name, _number_field(label(name)), value)


def _switch(form: PolicyForm, name: str, value: bool) -> None:
    form.add(name, forms.BooleanField(label=label(name), required=False), value)


def _number_field(words: str) -> forms.IntegerField:
    return forms.IntegerField(label=words, required=False, widget=forms.NumberInput(attrs={"aria-label": words}))


_ADD: dict[Shape, Callable[[PolicyForm, str, Any], None]] = {
    Shape.SPANS: _spans,
    Shape.HOURS: _hours,
    Shape.SERIES: _series,
    Shape.ORDER: _order,
    Shape.CHOICE: _choice,
    Shape.PERIODS: _periods,
    Shape.NUMBER: _number,
    Shape.SWITCH: _switch,
}
