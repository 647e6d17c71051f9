"""The forms of meetings, groups and concerns: parse and hold what was typed, made from the tables of pure modules."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cases.concern import DANGER, LEVEL_TEXT, SIGN_TEXT, named
from cases.forms import paper_field
from cases.groups import GROUP_TEXT, Group
from cases.models import Case
from cases.session import NOTES, Meeting, Note
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.rights import RIGHTS
from wellbeing.action_page import ActionForm, ReplacingForm, moment_field
from wellbeing.people.models import Organisation

LONG = 8000


def note_field(note: Note) -> forms.Field:
    """The form field of one field of a note. None is required: half a note is a note."""
    common: dict[str, Any] = {"label": _now(note.label), "required": False}
    if note.choices:
        choices = [(code, _now(text)) for code, text in note.choices]
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **common)
    if note.lines == 1:
        return forms.CharField(max_length=200, **common)
    return forms.CharField(max_length=LONG, widget=forms.Textarea(attrs={"rows": note.lines}), **common)


class SessionForm(ActionForm):
    """A note of one kind of meeting; `?kind=` chooses it."""

    from_address = ("kind",)
    kind = forms.CharField(widget=forms.HiddenInput, required=False)
    held_at = moment_field(_("When (now when empty)"), required=False)
    submit_label = _("Keep the note")

    def __init__(self, *args: Any, actor: Actor, target: Any, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, target=target, **kwargs)
        asked = self.data.get("kind") or self.initial.get("kind")
        self.meeting = Meeting(asked) if asked in tuple(Meeting) and asked != Meeting.GROUP else Meeting.SESSION
        self.initial["kind"] = self.meeting.value
        for note in NOTES[self.meeting]:
            self.fields[note.code] = note_field(note)
        self.fields["next_at"] = moment_field(_("Next meeting (by policy when empty)"), required=False)

    def words(self) -> dict[str, Any]:
        return {note.code: self.cleaned_data.get(note.code) for note in NOTES[self.meeting]}


class GroupForm(ActionForm):
    """Who took part, the shared note, and a line of each one's own. Students are looked up by name, in the body."""

    find = forms.CharField(label=_("Add students by name, pinyin or reference"), required=False, max_length=60)
    cases = forms.MultipleChoiceField(label=_("Who took part"), required=False)
    held_at = moment_field(_("When (now when empty)"), required=False)

    def __init__(self, *args: Any, actor: Actor, named: Iterable[tuple[Case, str]], **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, target=None, **kwargs)
        self.named = [(case.reference, name) for case, name in named]
        self.offer("cases", self.named)
        for reference, name in self.named:
            self.fields[f"own_{reference}"] = forms.CharField(
                label=gettext("Only of {name}").format(name=name or reference), required=False, max_length=LONG
            )
        for note in NOTES[Meeting.GROUP]:
            self.fields[note.code] = note_field(note)

    def words(self) -> dict[str, Any]:
        return {note.code: self.cleaned_data.get(note.code) for note in NOTES[Meeting.GROUP]}

    def own(self) -> dict[str, str]:
        """What is said of each one alone, by reference."""
        return {ref: self.cleaned_data.get(f"own_{ref}", "") for ref in self.cleaned_data["cases"]}

    def students(self) -> list[dict[str, Any]]:
        """Each student with her box and her own line."""
        chosen = set(self["cases"].value() or ())
        return [
            {"reference": ref, "name": name, "chosen": ref in chosen, "own": self[f"own_{ref}"]}
            for ref, name in self.named
        ]

    def notes(self) -> list[forms.BoundField]:
        return [self[note.code] for note in NOTES[Meeting.GROUP]]


class FlagsForm(ReplacingForm):
    """The special groups as they stand now; all of them at once."""

    groups = forms.MultipleChoiceField(
        label=_("Special groups"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(one.value, _(GROUP_TEXT[one])) for one in Group],
        help_text=_("Tick only what help depends on. A flag alone makes no tier."),
    )
    life_event = forms.BooleanField(label=_("A hard event lately"), required=False)
    note = forms.CharField(
        label=_("What it means for her or him"), required=False, max_length=LONG, widget=forms.Textarea({"rows": 2})
    )
    submit_label = _("Record")


class ConcernForm(ActionForm):
    """Thirty seconds: who, what was noticed, a word."""

    name = forms.CharField(label=_("Who it is about"), max_length=80, required=False)
    grade = forms.CharField(label=_("Grade and class"), max_length=40, required=False)
    number = forms.CharField(label=_("Student number, if you have it"), max_length=40, required=False)
    signs = forms.MultipleChoiceField(
        label=_("What did you notice?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(code.value, _(text)) for code, text in SIGN_TEXT.items()],
    )
    level = forms.ChoiceField(
        label=_("Where was it seen?"),
        required=False,
        widget=forms.RadioSelect,
        choices=[(code.value, _(text)) for code, text in LEVEL_TEXT.items()],
    )
    account = forms.CharField(
        label=_("In a word or two"), required=False, max_length=LONG, widget=forms.Textarea({"rows": 3})
    )
    paper = paper_field()
    occurred_at = moment_field(_("When it happened, as the sheet says"), required=False)
    asked = forms.BooleanField(required=False, widget=forms.HiddenInput)  # once: what the words mean
    danger = tuple(DANGER)
    several = False  # whether its reporter serves at more than one school, and says which it is

    def __init__(self, *args: Any, actor: Actor, target: Any, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, target=target, **kwargs)
        hers = actor.houses(RIGHTS[P.CONCERN_REPORT].roles)
        schools = Organisation.objects.filter(pk__in=hers).order_by("code") if len(hers) > 1 else ()
        if schools:
            self.several = True
            self.fields["school"] = forms.ChoiceField(label=_now("School of the student"), widget=forms.RadioSelect)
            self.offer("school", [(str(school.pk), str(school)) for school in schools])

    def unticked(self) -> bool:
        """Whether the words name danger, no sign of it is ticked, and nobody has asked about it yet."""
        given = self.cleaned_data
        return bool(named(given["account"])) and not (given["asked"] or set(given["signs"]) & set(DANGER))


class MergeForm(ActionForm):
    """The case that the student has already: one of those of the same name, or by its reference."""

    into = forms.ChoiceField(label=_("Perhaps the same student"), required=False, widget=forms.RadioSelect)
    reference = forms.CharField(label=_("The other case, by its reference"), required=False, max_length=20)
    sure = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)
    submit_label = _("Merge")

    def chosen(self) -> str:
        return self.cleaned_data.get("reference") or self.cleaned_data.get("into") or ""
