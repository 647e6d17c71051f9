"""The forms of leave and return, made from cases/leave_asks.py: parse and hold what was typed."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cases import return_plan
from cases.forms import TIERS
from cases.leave_asks import ASKS, Ask, Shape
from cases.tiers import Tier
from wellbeing.access.actor import Actor
from wellbeing.action_page import ActionForm, ReplacingForm
from wellbeing.people.desks import counsellor_posts, desks
from wellbeing.people.models import Role


def ask_field(ask: Ask) -> forms.Field:
    """The form field of one ask. None is required here: the action says what is missing, and why it is needed."""
    common: dict[str, Any] = {"label": _now(ask.label), "required": False}
    choices = [(code, _now(text)) for code, text in (ask.choices or {}).items()]
    if ask.shape == Shape.MANY:
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **common)
    if ask.shape == Shape.ONE:
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **common)
    if ask.shape == Shape.DAY:
        return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **common)
    if ask.shape == Shape.LINE:
        return forms.CharField(max_length=200, **common)
    return forms.CharField(max_length=4000, widget=forms.Textarea(attrs={"rows": 3}), **common)


class LeaveForm(ActionForm):
    """The fields of some steps, each code once; a form that decides offers those of both outcomes."""

    steps: tuple[str, ...] = ()

    def __init__(self, *args: Any, actor: Actor, target: Any, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, target=target, **kwargs)
        for ask in (ask for step in self.steps for ask in ASKS[step]):
            self.fields.setdefault(ask.code, ask_field(ask))

    def words(self, step: str) -> dict[str, Any]:
        """What was filled in of one step, by field code."""
        return {ask.code: self.cleaned_data.get(ask.code) for ask in ASKS[step]}


def form_of(step: str) -> type[LeaveForm]:
    """The form of one step."""
    return type(f"{step.title().replace('_', '')}Form", (LeaveForm,), {"steps": (step,)})


class BeginForm(LeaveForm):
    """Which school's desk keeps the leave, and what was noticed."""

    steps = ("begin",)
    desk = forms.ChoiceField(label=_("School"))
    submit_label = _("Begin")

    def __init__(self, *args: Any, actor: Actor, target: Any, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, target=target, **kwargs)
        if actor.post_as(Role.COUNTY_TRIAGE, Role.CITY_DUTY):
            self.desks = {str(post.desk_id): post.desk for post in counsellor_posts(target.division_id)}
        else:
            own = [post.desk_id for post in actor.posts if post.role == Role.SCHOOL_COUNSELLOR]
            self.desks = {str(desk.pk): desk for desk in desks(own)}
        self.offer("desk", [(pk, str(desk.organisation)) for pk, desk in self.desks.items()])


class DecideForm(LeaveForm):
    """Passed or not; what is missing and when to look again, where not."""

    steps = ("pass", "refuse")
    outcome = forms.ChoiceField(
        label=_("Decision"),
        choices=[("pass", _("Passed")), ("refuse", _("Not passed"))],
        widget=forms.RadioSelect,
        help_text=_("Who is not passed learns what is missing and when it is looked at again, and may appeal."),
    )
    submit_label = _("Decide")


class AppealDecisionForm(LeaveForm):
    """Upheld or dismissed, with the reason."""

    steps = ("uphold", "dismiss")
    upheld = forms.ChoiceField(
        label=_("Decision"),
        choices=[("uphold", _("Appeal upheld: may return")), ("dismiss", _("Appeal dismissed"))],
        widget=forms.RadioSelect,
    )
    submit_label = _("Decide")


class FollowForm(LeaveForm):
    """Whether somebody was reached, who talked, and how it goes."""

    steps = ("follow",)
    reached = forms.ChoiceField(
        label=_("What came of it"),
        choices=[("yes", _("Reached")), ("no", _("Not reached"))],
        widget=forms.RadioSelect,
    )
    submit_label = _("Record")


class PlanForm(ActionForm):
    """The parts of a plan: who receives the person, and how the first weeks go."""

    submit_label = _("Save the plan")

    def __init__(self, *args: Any, actor: Actor, target: Any, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, target=target, **kwargs)
        for part in return_plan.PARTS:
            widget = forms.Textarea(attrs={"rows": part.lines}) if part.lines > 1 else forms.TextInput()
            length = 4000 if part.lines > 1 else 200
            self.fields[part.code] = forms.CharField(
                label=_now(part.label), required=False, max_length=length, widget=widget
            )

    def words(self) -> dict[str, Any]:
        return {code: self.cleaned_data[code] for code in return_plan.CODES}


class ReturnPlanForm(PlanForm, ReplacingForm):
    """The plan of the case; the newest counts."""


class ReopenForm(ActionForm):
    """The tier now, and why."""

    to = forms.ChoiceField(
        label=_("New tier"), choices=[one for one in TIERS if one[0] != Tier.GREEN], widget=forms.RadioSelect
    )
    because = forms.CharField(
        label=_("Why it is opened again"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    submit_label = _("Open the case again")
