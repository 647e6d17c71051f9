"""The forms of the green channel."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from referrals.models import ConsentOutcome, Why
from referrals.packet import ASKABLE
from wellbeing.access.actor import Actor
from wellbeing.action_page import ActionForm, moment_field
from wellbeing.people.desks import counsellor_posts, hospital_desks


def _lines(label: Any, rows: int = 3, required: bool = False, **more: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=required, widget=widget, max_length=4000, **more)


class ChannelForm(ActionForm):
    """Where to, with which consent, and the three texts that the sender writes; the rest is copied by the template."""

    destination = forms.ChoiceField(label=_("Hospital"))
    consent = forms.ChoiceField(label=_("Guardian's consent"), choices=ConsentOutcome.choices, widget=forms.RadioSelect)
    emergency = forms.BooleanField(label=_("Emergency: the person is on the way, paper follows"), required=False)
    summary = _lines(_("What was noticed, in three lines"), required=True)
    measures = _lines(_("What was done so far"))
    question = _lines(_("What we ask of you"), rows=2)
    submit_label = _("Send to the hospital")

    def __init__(self, *args: Any, actor: Actor, target: Any, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, target=target, **kwargs)
        self.desks = {str(desk.pk): desk for desk in hospital_desks()}
        self.offer(
            "destination",
            [
                ("", _("Choose a hospital")),  # never preselected: a letter must not go to the wrong house
                *((pk, str(desk.organisation)) for pk, desk in self.desks.items()),
            ],
        )

    def words(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("summary", "measures", "question")}


class RequestForm(ActionForm):
    """A school's request: what was noticed, what was done, what the school's own review found."""

    summary = _lines(_("What was noticed, in three lines"), required=True)
    measures = _lines(_("What was done so far"))
    review = _lines(_("Who met at school to judge it, and what they found"))
    question = _lines(_("What we ask of you"), rows=2)
    submit_label = _("Ask the county centre")

    def words(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("summary", "measures", "review", "question")}


class AskForm(ActionForm):
    """Which fields are missing, by name, and a line to the school."""

    fields_wanted = forms.MultipleChoiceField(label=_("What is missing"), widget=forms.CheckboxSelectMultiple)
    note = _lines(_("To the school"), rows=2)
    submit_label = _("Ask for it")

    def __init__(self, *args: Any, actor: Actor, target: Any, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, target=target, **kwargs)
        wanted = self.fields["fields_wanted"]
        assert isinstance(wanted, forms.MultipleChoiceField)
        wanted.choices = [(code, _now(label)) for code, label in ASKABLE.items()]


class WhyForm(ActionForm):
    """A reason by name, and words where it needs them."""

    why = forms.ChoiceField(label=_("Reason"), choices=Why.choices, widget=forms.RadioSelect)
    note = _lines(_("Words to go with it"))


class BookForm(ActionForm):
    """When the person is to come."""

    at = moment_field(_("Appointment"))
    submit_label = _("Book")


class FeedbackForm(ActionForm):
    """The hospital's report. The conclusion is written here and nowhere else."""

    attended = forms.ChoiceField(
        label=_("Seen"), choices=[("yes", _("Came and was seen")), ("no", _("Did not come"))], widget=forms.RadioSelect
    )
    risk = _lines(_("Risk as seen by the hospital"), rows=2)
    conclusion = _lines(_("Conclusion of the hospital"), rows=2)
    advice = _lines(_("Advice for the school"))
    next_visit = forms.CharField(label=_("Next visit"), required=False, max_length=200)
    submit_label = _("Send the report")

    def words(self) -> dict[str, Any]:
        values = self.cleaned_data
        words = {name: values[name] for name in ("risk", "conclusion", "advice", "next_visit")}
        return {"seen": values["attended"], **words}


class ReturnForm(ActionForm):
    """The plan for the school: who receives the person, and how the first weeks go."""

    manager = forms.ChoiceField(label=_("School counsellor"))
    name = forms.CharField(label=_("Name or what to call her or him"), required=False, max_length=80)
    advice = _lines(_("Advice for the school"), required=True)
    mentor = forms.CharField(label=_("Duty mentor"), required=False, max_length=200)
    load = forms.CharField(label=_("Reduced load"), required=False, max_length=200)
    seat = forms.CharField(label=_("Seat and company"), required=False, max_length=200)
    medication = forms.CharField(label=_("Medication, given by whom"), required=False, max_length=200)
    signs = _lines(_("Warning signs"), rows=2)
    contacts = _lines(_("Whom to call"), rows=2)
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
        names = ("name", "advice", "mentor", "load", "seat", "medication", "signs", "contacts")
        return {name: self.cleaned_data[name] for name in names}
