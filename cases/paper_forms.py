"""The form of one instrument, built from its paper."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.display import worded
from cases.instruments import Paper
from cases.instruments.paper import Question
from wellbeing.action_page import ActionForm


def _field(question: Question) -> forms.Field:
    """Nothing is required: what may not be missing is decided behind the door."""
    label = worded(question.text)
    if question.choices:
        choices = [(str(code), worded(text)) for code, text in question.choices]
        by_text = {str(code): code for code, _text in question.choices}
        return forms.TypedChoiceField(
            label=label,
            choices=choices,
            coerce=by_text.__getitem__,
            empty_value=None,
            required=False,
            widget=forms.RadioSelect,
        )
    if question.whole:
        least, most = int(question.least), int(question.most)
        return forms.IntegerField(label=label, required=False, min_value=least, max_value=most)
    return forms.FloatField(
        label=label, required=False, min_value=question.least, max_value=question.most, step_size=0.01
    )


class PaperForm(ActionForm):
    """The questions in the order of the paper, by their codes."""

    submit_label = _("Keep the paper")

    def __init__(self, *args: Any, paper: Paper, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.paper = paper
        for question in paper.questions:
            self.fields[question.code] = _field(question)

    def answers(self) -> dict[str, Any]:
        """What was answered and can be read, by question code."""
        values = {question.code: self.cleaned_data.get(question.code) for question in self.paper.questions}
        return {code: value for code, value in values.items() if value is not None}

    def lines(self) -> Iterator[dict[str, Any]]:
        """The questions as the page draws them: number, field, and the key of each choice."""
        for number, question in enumerate(self.paper.questions, 1):
            codes = [code for code, _text in question.choices]
            keys = [str(code if isinstance(code, int) else place) for place, code in enumerate(codes, 1)]
            field = self[question.code]
            options = list(zip(keys, field, strict=True)) if question.choices else []
            yield {"number": number, "field": field, "options": options, "critical": question.critical}
