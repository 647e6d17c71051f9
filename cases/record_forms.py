"""Forms of a request for records. The form of a proposal is made of the entries that it is about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import sheet
from cases.access import Opened
from cases.display import field_label, field_rows, section_title
from cases.models import EntryKind, Section
from cases.record_requests import (
    ASKER_TEXT,
    CHECKED_TEXT,
    CHECKS_OF,
    HANDED_TEXT,
    ORDERS,
    REDACTION_TEXT,
    Asker,
    Handed,
    Pick,
    Redaction,
)
from cases.records_access import schools_near
from wellbeing.action_page import ActionForm
from wellbeing.people.desks import counties


def _line(label: Any, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=200,
        help_text=help_text,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


def _text(label: Any, rows: int = 3) -> forms.CharField:
    return forms.CharField(label=label, max_length=2000, widget=forms.Textarea(attrs={"rows": rows}))


class ReceiveForm(ActionForm):
    """Who asks, about whom, on what basis."""

    asker = forms.ChoiceField(label=gettext_lazy("Who asks"), widget=forms.RadioSelect)
    asker_name = _line(gettext_lazy("Name of whoever asks, or the office and its officer"))
    document = _line(
        gettext_lazy("Identity document, or number of the order or letter"),
        required=False,
        help_text=gettext_lazy("For a court and the police the number must stand here."),
    )
    reach = _line(gettext_lazy("How to reach whoever asks"), required=False)
    division = forms.ChoiceField(label=gettext_lazy("Where the person lives or learns"))
    about_name = _line(gettext_lazy("About whom: name"))
    about_number = _line(gettext_lazy("About whom: student number or date of birth"), required=False)
    basis = _line(gettext_lazy("On what legal basis"))
    wanted = _text(gettext_lazy("What is asked for, in their words"))
    submit_label = gettext_lazy("Receive the request")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("asker", [(code.value, _(text)) for code, text in ASKER_TEXT.items()])
        self.offer("division", [("", "—"), *((one.code, str(one)) for one in counties())])

    WORDS = ("asker_name", "document", "reach", "about_name", "about_number", "basis", "wanted")


class CheckForm(ActionForm):
    """How it was checked who asks."""

    how = forms.ChoiceField(label=gettext_lazy("What you have seen"), widget=forms.RadioSelect)
    submit_label = gettext_lazy("The identity is proven")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = CHECKS_OF[Asker(self.target.asker)]
        self.offer("how", [(way.value, _(CHECKED_TEXT[way])) for way in ways])


class TakeUpForm(ActionForm):
    """Which case: its reference, or the student's number; the words travel in the body only."""

    words = _line(gettext_lazy("Reference of the case, or student number"))
    school = forms.ChoiceField(
        label=gettext_lazy("School of the student"),
        required=False,
        help_text=gettext_lazy("Needed with a number that is a school's own."),
    )
    submit_label = gettext_lazy("Look for the file")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("school", [("", "—"), *((str(one.pk), str(one)) for one in schools_near(self.target))])


class DecideForm(ActionForm):
    """What the second person says."""

    agree = forms.ChoiceField(
        label=gettext_lazy("Your decision"),
        choices=(("yes", gettext_lazy("Agree: so it is answered")), ("no", gettext_lazy("Send it back"))),
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=gettext_lazy("What is to be changed, or what you considered"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    submit_label = gettext_lazy("Record it")


class HandOutForm(ActionForm):
    """How the answer was handed over."""

    how = forms.ChoiceField(label=gettext_lazy("How you handed it over"), widget=forms.RadioSelect)
    submit_label = gettext_lazy("It was handed over")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = [Handed.IN_PERSON, *([Handed.OFFICER] if self.target.asker in ORDERS else [])]
        self.offer("how", [(way.value, _(HANDED_TEXT[way])) for way in ways])


class ProposeForm(ActionForm):
    """What goes: for each field that may go at all, left out unless something is chosen."""

    about = forms.CharField(widget=forms.HiddenInput, required=False)
    because = _text(gettext_lazy("Why: what speaks for it, and what against"))
    submit_label = gettext_lazy("Propose this answer")

    def __init__(self, *args: Any, entries: Sequence[tuple[Opened, tuple[str, ...]]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entries = entries
        for entry, codes in entries:
            for code in codes:
                self._offer(entry, code)

    def _offer(self, entry: Opened, code: str) -> None:
        ways = list(Redaction) if _is_text(entry, code) else [Redaction.WHOLE]
        choices = [("", _("Leave out")), *((way.value, _(REDACTION_TEXT[way])) for way in ways)]
        label, key = field_label(code), f"{entry.id}:{code}"
        self.fields[f"how:{key}"] = forms.ChoiceField(label=label, choices=choices, required=False)
        if len(ways) > 1:
            area = forms.Textarea(attrs={"rows": 3, "data-blacken": "yes"})
            text = forms.CharField(label=_("Text"), required=False, initial=entry.words[code], widget=area)
            self.fields[f"text:{key}"] = text

    def rows(self) -> Iterator[dict[str, Any]]:
        """The entries with their fields, for the page."""
        for entry, codes in self.entries:
            fields = [
                {
                    "how": self[f"how:{entry.id}:{code}"],
                    "text": self[name] if (name := f"text:{entry.id}:{code}") in self.fields else None,
                    "value": field_rows({code: entry.words[code]})[0]["value"],
                }
                for code in codes
            ]
            title = f"{section_title(entry.section)} · {EntryKind(entry.kind).label}"
            yield {"title": title, "at": entry.at, "fields": fields}

    def picks(self) -> list[Pick]:
        """What was chosen."""
        given = self.cleaned_data
        return [
            Pick(str(entry.id), code, Redaction(how), given.get(f"text:{entry.id}:{code}") or "")
            for entry, codes in self.entries
            for code in codes
            if (how := given.get(f"how:{entry.id}:{code}"))
        ]


def _is_text(entry: Opened, code: str) -> bool:
    """Whether it is a text of several words, not chosen and no name."""
    known = sheet.BY_CODE.get(code)
    words = isinstance(entry.words[code], str) and not (known and known.choices)
    return words and entry.section != Section.IDENTITY
