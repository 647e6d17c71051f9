"""The forms of case work: parse and hold what was typed; what is allowed is decided behind the doors."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases import sheet
from cases.actions import closing_ways
from cases.call_number import LINES
from cases.closing import WAY_TEXT
from cases.covering import standing_manager
from cases.models import CloseReason
from cases.tiers import Tier
from wellbeing.access.actor import Actor
from wellbeing.action_page import ActionForm, ReplacingForm, moment_field
from wellbeing.people.desks import counsellor_posts
from wellbeing.people.models import Division

TIERS = [
    (tier.value, text)
    for tier, text in zip(
        (Tier.RED, Tier.ORANGE, Tier.YELLOW, Tier.BLUE, Tier.GREEN),
        (_("Red"), _("Orange"), _("Yellow"), _("Blue"), _("Green")),
        strict=True,
    )
]
MANY_LINES = {"narrative", "protective", "done", "reason"}
SCALES = {code for code in sheet.BY_CODE if code.endswith(("_before", "_after"))}
NUMBERS = {"age": (3, 120), **dict.fromkeys(SCALES, (0, 100))}


def sheet_field(field: sheet.Field) -> forms.Field:
    """The form field of one field of the sheet. Nothing is required: a half-filled sheet is saved too."""
    common: dict[str, Any] = {"label": _(field.label), "required": False}
    if field.many:
        choices = [(code, _(text)) for code, text in field.choices]
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **common)
    if field.code == "main_topic":
        choices = [("", _("The only one that is ticked")), *((code, _(text)) for code, text in field.choices)]
        return forms.ChoiceField(choices=choices, **common)
    if field.choices:
        choices = [("", _("Not asked")), *((code, _(text)) for code, text in field.choices)]
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **common)
    if field.code in NUMBERS:
        low, high = NUMBERS[field.code]
        return forms.IntegerField(min_value=low, max_value=high, **common)
    if field.code == "callback_when":
        common["help_text"] = _("A day in it, such as 11-30, tomorrow or Friday, is the day on the list of call-backs.")
    widget = forms.Textarea(attrs={"rows": 3}) if field.code in MANY_LINES else forms.TextInput()
    return forms.CharField(max_length=8000 if field.code in MANY_LINES else 200, widget=widget, **common)


def paper_field() -> forms.CharField:
    """The number of the sheet of paper that a form is filled in from; its page asks at once whether it is one."""
    return forms.CharField(
        label=_("Number of the sheet"),
        required=False,
        max_length=20,
        help_text=_("Eight digits, at its top."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )


class SheetForm(ActionForm):
    """A form with some fields of the call sheet, put in by their codes."""

    codes: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code in self.codes:
            self.fields[code] = sheet_field(sheet.BY_CODE[code])

    def words(self) -> dict[str, Any]:
        """What was filled in, by field code."""
        return {code: self.cleaned_data.get(code) for code in self.codes}


class CallForm(SheetForm):
    """The call sheet. Minimum to save: nothing but the click."""

    codes = tuple(sheet.BY_CODE)
    line = forms.ChoiceField(
        label=_("Line"),
        choices=[(code, _(text)) for code, text in LINES],
        required=False,
    )
    ring = forms.UUIDField(required=False, widget=forms.HiddenInput)  # the exchange's call that this sheet logs
    started_at = moment_field(_("Began at"), required=False)
    answered_after_s = forms.IntegerField(
        label=_("Answered after (seconds)"), required=False, min_value=0, max_value=3600
    )
    length_min = forms.IntegerField(label=_("Length (minutes)"), required=False, min_value=0, max_value=600)
    division = forms.ChoiceField(label=_("County or district"), required=False)
    tier = forms.ChoiceField(label=_("Tier"), required=False, choices=[("", _("As proposed")), *TIERS])
    paper = paper_field()

    def __init__(self, *args: Any, actor: Actor, target: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, target=target, **kwargs)
        self.offer("division", [("", _("Not told")), *((d.code, str(d)) for d in Division.objects.all())])


class ConfirmForm(ActionForm):
    """An action that needs nothing but the click."""

    confirm = forms.BooleanField(required=False, widget=forms.HiddenInput)
    close = forms.BooleanField(required=False, widget=forms.HiddenInput)


class SignForm(ConfirmForm):
    """The click, and the proposal that stood before whoever signs."""

    seen = forms.UUIDField(required=False, widget=forms.HiddenInput)


class AcknowledgeForm(ConfirmForm):
    """The click, and the tier that stood before whoever clicks."""

    seen = forms.ChoiceField(required=False, choices=TIERS, widget=forms.HiddenInput)


class RaiseForm(ActionForm):
    """Any tier above the present one; the reason may follow."""

    to = forms.ChoiceField(label=_("New tier"), widget=forms.RadioSelect)
    because = forms.CharField(
        label=_("Reason (may follow later)"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, actor: Actor, target: Any, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, target=target, **kwargs)
        self.offer("to", [(code, text) for code, text in TIERS if Tier(code).rank < Tier(target.tier).rank])


class LowerForm(ActionForm):
    """One step down, with a reason."""

    to = forms.ChoiceField(label=_("New tier"), widget=forms.RadioSelect)
    because = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, actor: Actor, target: Any, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, target=target, **kwargs)
        below = [(code, text) for code, text in TIERS if Tier(code).rank == Tier(target.tier).rank + 1]
        self.offer("to", below)
        self.fields["to"].initial = below[0][0] if below else None


class AssessForm(SheetForm):
    """The risk questions anew."""

    codes = (
        "thoughts",
        "plan",
        "when",
        "means",
        "act_now",
        "farewell",
        "attempt",
        "self_harm",
        "psychotic",
        "weapon",
        "alone",
        "protective",
        "reason",
    )
    face_to_face = forms.BooleanField(label=_("Face to face"), required=False)

    def clean(self) -> dict[str, Any]:
        """An empty form would meet the clocks of the first meeting and of reassessing, and count as fresh for lowering:
        one answer is enough, or a word on why there is none."""
        given = super().clean() or self.cleaned_data
        if not any(given.get(code) for code in self.codes) and not self.errors:
            text = gettext("Nothing is answered yet: say in a word why, if nothing could be asked.")
            self.add_error("thoughts", text)
        return given


class FollowUpForm(ActionForm):
    """How it goes, and when next."""

    how = forms.ChoiceField(
        label=_("How"),
        choices=[
            ("met", _("Met")),
            ("phone", _("By telephone")),
            ("home_visit", _("Home visit")),
            ("unreached", _("Not reached")),
        ],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("How it goes"), widget=forms.Textarea(attrs={"rows": 4}), required=False)
    next_at = moment_field(_("Next follow-up (by policy when empty)"), required=False)


class ManagerForm(ReplacingForm):
    """Who manages the case, at which desk."""

    of_the_change = ("because",)
    manager = forms.ChoiceField(label=_("Case manager"))
    because = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, actor: Actor, target: Any, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, target=target, **kwargs)
        self.posts = {str(post.pk): post for post in counsellor_posts(target.division_id)}
        self.fields["filled_from"].initial = standing_manager(target).mark
        self.fields["manager"].initial = next(
            (pk for pk, post in self.posts.items() if post.user_id == target.manager_id), ""
        )
        self.offer(
            "manager",
            [
                ("", _("Choose a counsellor")),
                *((pk, f"{post.user} · {post.desk.organisation}") for pk, post in self.posts.items()),
            ],
        )


class CloseForm(ActionForm):
    """Why the case ends; in danger each reason says beforehand what it takes."""

    reason = forms.ChoiceField(label=_("Reason"), choices=CloseReason.choices, widget=forms.RadioSelect)
    note = forms.CharField(label=_("Closing note"), required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, actor: Actor, target: Any, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, target=target, **kwargs)
        takes = {reason: WAY_TEXT.get(way) for reason, way in closing_ways(target).items()}
        if any(takes.values()):
            self.offer(
                "reason",
                [
                    (code, f"{label} · {gettext(text)}" if (text := takes[code]) else label)
                    for code, label in CloseReason.choices
                ],
            )
            self.fields["reason"].help_text = _(
                "This case is in danger. What the record does not show, a second person signs: at red the county's"
                " triage or the city's duty, on whose board it stands until then."
            )


class SearchForm(forms.Form):
    """A name or its sound, a number, or a reference, within the searcher's own cases. Sent in the body: typed words
    never stand in an address."""

    words = forms.CharField(
        label=_("Name, student number, telephone or reference"),
        max_length=60,
        help_text=_("A name also by pinyin or initials: zxy, zengxy, xiaoyu."),
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off", "spellcheck": "false"}),
    )
