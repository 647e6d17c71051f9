"""Forms of terms, returns and the staffing policy: they parse and hold what was typed; doors decide what is allowed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wellbeing.access.actor import Actor
from wellbeing.action_page import ActionForm, Meanwhile, ReplacingForm, retype
from wellbeing.people.actions import Overwrites
from wellbeing.people.actions._lines import Filing
from wellbeing.people.centre_items import ITEM_TEXT, YES_OR_NO, CentreItem
from wellbeing.people.models import School, StaffingPolicyVersion, StaffingReturn
from wellbeing.people.returned import Line, Qualification
from wellbeing.people.roster import LIMITS
from wellbeing.people.staffing import StageKind
from wellbeing.people.staffing_policy import NUMBERS, SWITCHES, StaffingPolicy
from wellbeing.people.words import FIELD_TEXT, TABLES
from wellbeing.sheets import TROUBLE_TEXT, Trouble
from wellbeing.workdays import now

EMPTY_LINES = 3  # offered beneath those that are filled in; saving offers three more
MOST_LINES = 60
# One cell of the table per tuple: what belongs together stands together.
CELLS = (
    ("number",),
    ("full_time", "fte"),
    ("qualification", "valid_until"),
    ("weekly_hours",),
    ("leave_from", "leave_to"),
    ("supervision_hours", "training_hours"),
)
DECIMALS = ("fte", "weekly_hours", "supervision_hours", "training_hours")


def day_field(label: Any, **more: Any) -> forms.DateField:
    """A day, as the browser's own picker gives it."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


def _choices(table: str) -> list[tuple[str, str]]:
    return [(code, _(text)) for code, text in TABLES[table].items()]


class ReturnForm(ReplacingForm):
    """What a school reports: itself, and a line per teacher."""

    stage = forms.ChoiceField(label=gettext_lazy("Stage"))
    enrolment = forms.IntegerField(label=gettext_lazy("Pupils"), min_value=0)
    boarding = forms.BooleanField(label=gettext_lazy("Boarding school"), required=False)
    merged_into = forms.ChoiceField(
        label=gettext_lazy("Merged into"),
        required=False,
        help_text=gettext_lazy("Only for a school that was merged: its pupils and teachers are reported there."),
    )
    submit_label = gettext_lazy("Save")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        one: StaffingReturn = self.target
        self.offer("stage", _choices("stage"))
        others = School.objects.filter(organisation__division_id=one.division_id).exclude(pk=one.school_id)
        names = [(str(school.pk), str(school)) for school in others.select_related("organisation")]
        self.offer("merged_into", [("", _("not merged")), *names])
        filled = sum(1 for name in self.data or self.initial if str(name).startswith("number_"))
        self.count = min(MOST_LINES, filled if self.is_bound else filled + EMPTY_LINES)
        for line in range(1, self.count + 1):
            self.fields |= _line_fields(line)
        self._places: list[int] = []

    def lines(self) -> list[tuple[int, list[list[BoundField]]]]:
        """The lines as the page draws them: per line its cells with their fields."""
        return [
            (line, [[self[f"{name}_{line}"] for name in cell] for cell in CELLS]) for line in range(1, self.count + 1)
        ]

    def clean(self) -> dict[str, Any]:
        """A line has a staff number and says full-time or part-time; a line without anything is left out."""
        values = super().clean() or {}
        for line in range(1, self.count + 1):
            typed = any(values.get(f"{name}_{line}") for name in ("full_time", "valid_until", "leave_from", "leave_to"))
            if values.get(f"number_{line}"):
                self._places.append(line)
                if not values.get(f"full_time_{line}"):
                    self.add_error(f"full_time_{line}", _("Full-time or part-time?"))
            elif typed and f"number_{line}" not in self.errors:
                self.add_error(f"number_{line}", _("Give the staff number."))
        return values

    def filing(self) -> Filing:
        """The whole return as plain values."""
        values = self.cleaned_data
        merged = values["merged_into"]
        return Filing(
            stage=StageKind(values["stage"]),
            enrolment=values["enrolment"],
            boarding=values["boarding"],
            merged_into=School.objects.get(pk=merged) if merged else None,
            teachers=tuple(self._line(line) for line in self._places),
        )

    def place(self, field: str) -> str:
        """The field on the page of a fault in the n-th teacher."""
        name, _bar, line = field.rpartition("_")
        return f"{name}_{self._places[int(line) - 1]}" if line.isdigit() else field

    def _line(self, line: int) -> Line:
        values = {name: self.cleaned_data[f"{name}_{line}"] for name in Line.__dataclass_fields__}
        values["full_time"] = values["full_time"] == "full"
        values["qualification"] = Qualification(values["qualification"] or Qualification.NONE)
        given = {name: value for name, value in values.items() if value not in ("", None)}
        return Line(**given)


def _line_fields(line: int) -> dict[str, forms.Field]:
    made: dict[str, forms.Field] = {
        "number": forms.CharField(max_length=32),
        "full_time": forms.ChoiceField(choices=[("", "–"), *_choices("full_time")]),
        "qualification": forms.ChoiceField(choices=[("", "–"), *_choices("qualification")]),
        **{name: day_field("") for name in ("valid_until", "leave_from", "leave_to")},
        **{name: forms.DecimalField(max_digits=6, decimal_places=2, min_value=0) for name in DECIMALS},
    }
    for name, field in made.items():
        field.required = False
        field.label = f"{_(FIELD_TEXT[name])} ({line})"
    return {f"{name}_{line}": field for name, field in made.items()}


class PlainForm(ActionForm):
    """Nothing but the click."""


class BecauseForm(ActionForm):
    """A step that needs a reason."""

    because = forms.CharField(label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=400)


class TermForm(ActionForm):
    """A term to come."""

    name = forms.CharField(label=gettext_lazy("Name of the term"), max_length=40)
    first_day = day_field(gettext_lazy("First day"))
    last_day = day_field(gettext_lazy("Last day"))
    submit_label = gettext_lazy("Open the term")


class LockForm(ActionForm):
    """The lock, with the number of returns that lapse as the administrator saw it."""

    unconfirmed = forms.IntegerField(widget=forms.HiddenInput)
    submit_label = gettext_lazy("Lock the term")


def _counts(pupils: int, teachers: int) -> str:
    return _("%(pupils)s students, %(teachers)s teachers") % {"pupils": pupils, "teachers": teachers}


class RosterForm(ReplacingForm):
    """A file; it is filled from what stood when the page was opened."""

    file = forms.FileField(label=gettext_lazy("CSV or XLSX file"), allow_empty_file=True)
    submit_label: Any = gettext_lazy("Import")

    def __init__(self, *args: Any, actor: Actor, target: Any, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, target=target, **kwargs)
        self.fields["filled_from"].initial = now().isoformat()

    def overwrites(self, found: Overwrites) -> None:
        """Put what others wrote meanwhile beside what the file says; sent again, it counts as seen."""
        rows = [(school, _counts(*stands), _counts(*mine)) for school, stands, mine in found.schools]
        self.meanwhile = Meanwhile(found.written.who, found.written.at, rows)
        self.submit_label = _("Replace it with mine")
        retype(self, "filled_from", [found.written.mark])

    def clean_file(self) -> Any:
        """Of a file that is too large nothing was kept but its size (wellbeing/upload.py)."""
        file = self.cleaned_data["file"]
        if file.size > LIMITS.size:
            raise forms.ValidationError(_(TROUBLE_TEXT[Trouble.TOO_LARGE]) % {"most": LIMITS.size // 2**20})
        return file


class StaffingPolicyForm(ReplacingForm):
    """The switches, the numbers and the targets of the centres."""

    plan_since = day_field(gettext_lazy("The pace is counted from"))
    because = forms.CharField(label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 2}), max_length=400)
    submit_label = gettext_lazy("Change")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        version: StaffingPolicyVersion = self.target
        policy = version.policy()
        made: dict[str, forms.Field] = {}
        for name, label in SWITCHES.items():
            made[name] = forms.BooleanField(label=_(label), required=False, initial=getattr(policy, name))
        for name, (label, least, most) in NUMBERS.items():
            made[name] = forms.IntegerField(
                label=_(label), min_value=least, max_value=most, initial=getattr(policy, name)
            )
        for item in CentreItem:
            made[item.value] = target_field(item, policy.targets[item])
        self.fields["plan_since"].initial = policy.plan_since
        self.fields = {**made, **self.fields}

    def policy(self) -> StaffingPolicy:
        """The policy as typed."""
        values = self.cleaned_data
        return StaffingPolicy(
            **{name: values[name] for name in (*SWITCHES, *NUMBERS)},
            plan_since=values["plan_since"].isoformat(),
            targets={item.value: int(values[item.value]) for item in CentreItem},
        )


def target_field(item: CentreItem, target: int) -> forms.Field:
    """What the city asks of one item: a number, or yes and no."""
    label = _("Centre: %(item)s") % {"item": _(ITEM_TEXT[item])}
    if item in YES_OR_NO:
        return forms.BooleanField(label=label, required=False, initial=bool(target))
    return forms.IntegerField(label=label, min_value=0, max_value=10_000, initial=target)


class CentreForm(ReplacingForm):
    """What there is of each item, and by what it can be seen."""

    submit_label = gettext_lazy("Save")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for item in CentreItem:
            label = _(ITEM_TEXT[item])
            if item in YES_OR_NO:
                answers = [("", "–"), ("1", _("Yes")), ("0", _("No"))]
                self.fields[item.value] = forms.TypedChoiceField(
                    label=label, required=False, choices=answers, coerce=int, empty_value=None
                )
            else:
                self.fields[item.value] = forms.IntegerField(label=label, required=False, min_value=0)
            evidence = _("Evidence: %(item)s") % {"item": label}
            self.fields[f"{item}_evidence"] = forms.CharField(label=evidence, required=False, max_length=200)

    def given(self) -> dict[CentreItem, tuple[int | None, str]]:
        """Number and evidence per item."""
        values = self.cleaned_data
        return {item: (values[item.value], values[f"{item}_evidence"]) for item in CentreItem}

    def lines(self) -> list[tuple[BoundField, BoundField]]:
        """The items as the page draws them."""
        return [(self[item.value], self[f"{item}_evidence"]) for item in CentreItem]


class InspectForm(ReplacingForm):
    """What the city saw, and when."""

    inspected_on = day_field(gettext_lazy("Day of the inspection"))
    seen = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Seen and found as reported"),
        coerce=CentreItem,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    submit_label = gettext_lazy("Note the inspection")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("seen", [(item.value, _(ITEM_TEXT[item])) for item in CentreItem])
