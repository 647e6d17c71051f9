"""The forms of the green channel."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cases.actions import OnPaper
from cases.forms import paper_field
from cases.leave_forms import PlanForm
from referrals.crossing import CROSSING, PORT_TEXT, STEP_TEXT, VESSEL_TEXT, Move
from referrals.models import Why
from referrals.packet import ASKABLE, REPORTS, TEMPLATES
from referrals.queues import last_crossing
from wellbeing.access.actor import Actor
from wellbeing.action_page import ActionForm, moment_field
from wellbeing.people.desks import counsellor_posts
from wellbeing.people.models import Role


def lines(label: Any, rows: int = 3, required: bool = False, **more: Any) -> forms.CharField:
    """A few lines of text."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=required, widget=widget, max_length=4000, **more)


class OnPaperForm(forms.Form):
    """What may have been written on a numbered sheet while the system was down."""

    paper = paper_field()
    occurred_at = moment_field(_("When it happened, as the sheet says"), required=False)

    def on_paper(self) -> OnPaper:
        return OnPaper(self.cleaned_data["paper"], self.cleaned_data["occurred_at"])


class RequestForm(ActionForm):
    """A school's request: what was noticed, what was done, what the school's own review found."""

    summary = lines(_("What was noticed, in three lines"), required=True)
    measures = lines(_("What was done so far"))
    review = lines(_("Who met at school to judge it, and what they found"))
    question = lines(_("What we ask of you"), rows=2)
    submit_label = _("Ask the county centre")

    def words(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("summary", "measures", "review", "question")}


class AskingForm(OnPaperForm, RequestForm):
    """A first request, perhaps from a sheet of paper."""

    from_address = ("paper",)

    def plain_fields(self) -> list[forms.BoundField]:
        """What is asked apart from the sheet, for the page."""
        return [field for field in self.visible_fields() if field.name not in OnPaperForm.base_fields]


class AskForm(ActionForm):
    """Which fields are missing, by name, and a line to the school."""

    fields_wanted = forms.MultipleChoiceField(label=_("What is missing"), widget=forms.CheckboxSelectMultiple)
    note = lines(_("To the school"), rows=2)
    submit_label = _("Ask for it")

    def __init__(self, *args: Any, actor: Actor, target: Any, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, target=target, **kwargs)
        wanted = self.fields["fields_wanted"]
        assert isinstance(wanted, forms.MultipleChoiceField)
        wanted.choices = [(code, _now(label)) for code, label in ASKABLE.items()]


class WhyForm(ActionForm):
    """A reason by name, and words where it needs them."""

    why = forms.ChoiceField(label=_("Reason"), choices=Why.choices, widget=forms.RadioSelect)
    note = lines(_("Words to go with it"))


class CrossingForm(ActionForm):
    """From where to where, when, on what, and who goes along."""

    from_port = forms.ChoiceField(label=_("From port"))
    to_port = forms.ChoiceField(label=_("To port"))
    vessel = forms.ChoiceField(label=_("Vessel"), widget=forms.RadioSelect)
    departs_at = moment_field(_("Leaves at"))
    arrives_at = moment_field(_("Arrives at"))
    escort_one = forms.CharField(label=_("Who goes along (name, telephone)"), max_length=80)
    escort_two = forms.CharField(label=_("Second person (at red two go along)"), required=False, max_length=80)
    contact = forms.CharField(label=_("How to reach them on the way"), required=False, max_length=80)
    note = lines(_("What to watch for"), rows=2)
    submit_label = _("Plan the crossing")

    def __init__(self, *args: Any, actor: Actor, target: Any, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, target=target, **kwargs)
        ports = [("", _("Choose a port")), *((code, _now(text)) for code, text in PORT_TEXT.items())]
        self.offer("from_port", ports)
        self.offer("to_port", ports)
        self.offer("vessel", [(code, _now(text)) for code, text in VESSEL_TEXT.items()])


class CrossingMoveForm(ActionForm):
    """What has become of the crossing; going again needs the new arrival."""

    step = forms.ChoiceField(label=_("How it goes"), widget=forms.RadioSelect)
    arrives_at = moment_field(_("New arrival, when it goes again"), required=False)
    submit_label = _("Record")

    def __init__(self, *args: Any, actor: Actor, target: Any, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, target=target, **kwargs)
        crossing = last_crossing(target)
        possible = CROSSING.actions(crossing.state) if crossing else ()
        self.offer("step", [(code, _now(STEP_TEXT[Move(code)])) for code in possible])


class ContactForm(ActionForm):
    """Whether those on the way answered."""

    reached = forms.ChoiceField(
        label=_("Those on the way"),
        choices=[("yes", _("Are safe")), ("no", _("Do not answer"))],
        widget=forms.RadioSelect,
    )
    submit_label = _("Record")


class FeedbackForm(ActionForm):
    """The report of whoever saw the person. A hospital's conclusion is written here and nowhere else; the city centre
    writes none."""

    attended = forms.ChoiceField(
        label=_("Seen"), choices=[("yes", _("Came and was seen")), ("no", _("Did not come"))], widget=forms.RadioSelect
    )
    risk = lines(_("Risk as seen by the hospital"), rows=2)
    conclusion = lines(_("Conclusion of the hospital"), rows=2)
    advice = lines(_("Advice for the school"))
    next_visit = forms.CharField(label=_("Next visit"), required=False, max_length=200)
    submit_label = _("Send the report")

    def __init__(self, *args: Any, actor: Actor, target: Any, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, target=target, **kwargs)
        self.carried = {field.code: field.label for field in TEMPLATES[REPORTS[Role(target.to_desk.role)]]}
        if "conclusion" not in self.carried:
            del self.fields["conclusion"]
        self.fields["risk"].label = _now(self.carried["risk"])

    def words(self) -> dict[str, Any]:
        values = {"seen": self.cleaned_data["attended"], **self.cleaned_data}
        return {code: values[code] for code in self.carried}


class ReturnForm(PlanForm):
    """The plan for the school, the counsellor who gets it, and what the person is called there."""

    manager = forms.ChoiceField(label=_("School counsellor"))
    name = forms.CharField(label=_("Name or what to call her or him"), required=False, max_length=80)
    submit_label = _("Send the plan to the school")

    def __init__(self, *args: Any, actor: Actor, target: Any, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, target=target, **kwargs)
        self.posts = {str(post.pk): post for post in counsellor_posts(target.division_id)}
        self.offer(
            "manager",
            [
                ("", _("Choose a counsellor")),
                *((pk, f"{p.user} · {p.desk.organisation}") for pk, p in self.posts.items()),
            ],
        )

    def words(self) -> dict[str, Any]:
        return {"name": self.cleaned_data["name"], **super().words()}
