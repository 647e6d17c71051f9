"""The page on which somebody says which column of a file holds what: selects, with a suggestion in each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.display import worded
from cases.instruments import INSTRUMENTS, PAPERS
from cases.models import ScreeningBatch
from cases.screening_access import reveal_lines
from cases.screening_columns import codes_of
from cases.screening_forms import FROM_ONE, FROM_ONE_HELP
from cases.screening_from_one import can_be
from cases.screening_titles import SAMPLES, header_line, mapping_of, suggest
from wellbeing.access.actor import Actor
from wellbeing.action_page import ActionForm
from wellbeing.sheets import column_name

NAMED_TEXT = {
    "number": gettext_lazy("Student number"),
    "name": gettext_lazy("Name of the student"),
    "grade": gettext_lazy("Grade"),
    "class": gettext_lazy("Class"),
    "day": gettext_lazy("Day of answering"),
    "school": gettext_lazy("School"),
}
SEEN = 20  # lines that are looked at for samples


class PickForm(ActionForm):
    """One select per item of each instrument, and for the number and the like."""

    submit_label = gettext_lazy("Read the file by these columns")

    def __init__(
        self,
        *args: Any,
        header: Sequence[str],
        samples: Sequence[str],
        codes: Sequence[str],
        several: bool,
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.codes, found = codes, suggest(header, codes)
        self.groups: dict[str, list[str]] = {}
        columns = [(str(n), _titled(n, title, samples[n])) for n, title in enumerate(header) if title]
        for what, label in NAMED_TEXT.items():
            if what != "school" or several:
                self._ask("", what, label, columns, found[what][0], required=what in ("number", "school"))
        for code in codes:
            texts = {question.code: question.text for question in PAPERS[code].questions}
            for place, item in enumerate(INSTRUMENTS[code].items):
                asked = f"{place + 1}. {worded(texts[item])}"
                self._ask(code, f"{code}_{item}", asked, columns, found[code][place], required=True)
        self.fields["from_one"] = forms.BooleanField(label=FROM_ONE, help_text=FROM_ONE_HELP, required=False)
        self.unsure = sum(1 for code in codes for place in found[code] if place is None)

    def _ask(
        self,
        group: str,
        name: str,
        label: Any,
        columns: Sequence[tuple[str, str]],
        place: int | None,
        *,
        required: bool,
    ) -> None:
        choices = [("", _("Choose a column") if required else _("not in this file")), *columns]
        first = None if place is None else str(place)
        self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=required, initial=first)
        self.groups.setdefault(group, []).append(name)

    def clean(self) -> dict[str, Any]:
        """No column holds two things."""
        given: dict[str, Any] = super().clean() or {}
        seen: dict[str, str] = {}
        for names in self.groups.values():
            for name in names:
                place = given.get(name)
                if place and place in seen:
                    self.add_error(name, _("This column is chosen twice."))
                elif place:
                    seen[place] = name
        return given

    @property
    def counts(self) -> bool:
        """Whether an instrument of the file counts from 0, so that a file may count from 1 instead."""
        return any(can_be(code) for code in self.codes)

    @property
    def mapping(self) -> str:
        """What was picked, as a mapping."""
        picked: dict[str, list[int | None]] = {}
        for group, names in self.groups.items():
            places = [int(self.cleaned_data[name]) if self.cleaned_data[name] else None for name in names]
            picked |= {group: places} if group else {name: [place] for name, place in zip(names, places, strict=True)}
        return mapping_of(picked)

    @property
    def parts(self) -> list[dict[str, Any]]:
        """The selects by instrument, for the page."""
        return [
            {
                "title": worded(PAPERS[group].title) if group else _("Of whom the answers are"),
                "fields": [self[name] for name in names],
            }
            for group, names in self.groups.items()
        ]


def picker(actor: Actor, batch: ScreeningBatch, given: QueryDict | None = None) -> dict[str, Any]:
    """What the page needs: the form, and the header with the first rows below it."""
    lines = reveal_lines(actor, batch, SEEN)
    line, header = header_line(lines) or (0, ())
    below = [cells for number, cells in lines if number > line]
    samples = [_sample([cells[n] for cells in below if n < len(cells)]) for n in range(len(header))]
    form = PickForm(
        *(given,), actor=actor, target=None, header=header, samples=samples, codes=codes_of(batch.instruments),
        several=batch.school is None,
    )  # fmt: skip
    titled = [(column_name(n), title) for n, title in enumerate(header)]
    return {"pick": form, "header": titled, "below": below[:SAMPLES]}


def _sample(cells: Sequence[str]) -> str:
    """The first values of a column, each once."""
    return "、".join(list(dict.fromkeys(cell for cell in cells if cell))[:SAMPLES])


def _titled(place: int, title: str, sample: str) -> str:
    text = f"{column_name(place)} · {Truncator(title).chars(60)}"
    return _("{title} (such as {sample})").format(title=text, sample=Truncator(sample).chars(24)) if sample else text
