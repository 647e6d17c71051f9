"""The forms of the green channel."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from referrals.crossing import CROSSING, PORT_TEXT, STEP_TEXT, VESSEL_TEXT, Move
from referrals.models import ConsentOutcome, Why
from referrals.packet import ASKABLE
from referrals.queues import free_by_desk, free_slots, hospitals_by_duty, last_crossing
from wellbeing.access.actor import Actor
from wellbeing.action_page import ActionForm, moment_field
from wellbeing.moments import absolute
from wellbeing.people.desks import counsellor_posts, hospital_desks
from wellbeing.people.models import Desk
from wellbeing.workdays import TIMEZONE


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
        self.desks, free = {str(desk.pk): desk for desk in hospital_desks()}, free_by_desk()
        self.offer(
            "destination",
            [
                ("", _("Choose a hospital")),  # never preselected: a letter must not go to the wrong house
                *((pk, self._named(desk, free)) for pk, desk in self.desks.items()),
            ],
        )

    def _named(self, desk: Desk, free: dict[int, int]) -> Any:
        """A hospital with its free places of the coming seven days, where it publishes any."""
        if desk.pk not in free:
            return str(desk.organisation)
        return _("%(place)s · free within a week: %(n)s") % {"place": desk.organisation, "n": free[desk.pk]}

    def words(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("summary", "measures", "question")}


class LetterForm(ActionForm):
    """The three texts of a letter that the sender writes."""

    summary = _lines(_("What was noticed, in three lines"), required=True)
    measures = _lines(_("What was done so far"))
    question = _lines(_("What we ask of you"), rows=2)
    submit_label = _("Send the new version")

    def words(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("summary", "measures", "question")}


class EmergencyForm(ActionForm):
    """The hospital on duty is chosen already; one line is enough, and none is needed."""

    destination = forms.ChoiceField(label=_("Hospital"), widget=forms.RadioSelect)
    summary = _lines(_("One line for the hospital (the letter follows)"), rows=2)
    submit_label = _("Send now")

    def __init__(self, *args: Any, actor: Actor, target: Any, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, target=target, **kwargs)
        found = hospitals_by_duty(target.division_id)
        self.desks = {str(desk.pk): desk for desk, _duty in found}
        self.offer(
            "destination",
            [
                (
                    str(desk.pk),
                    _("%(place)s · on duty now") % {"place": desk.organisation} if duty else desk.organisation,
                )
                for desk, duty in found
            ],
        )
        self.fields["destination"].initial = str(found[0][0].pk) if found else None


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
    """A place that was published, or another time."""

    slot = forms.ChoiceField(label=_("A free place"), required=False)
    at = moment_field(_("or another time"), required=False)
    submit_label = _("Book")

    def __init__(self, *args: Any, actor: Actor, target: Any, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, target=target, **kwargs)
        free = [(str(slot.pk), absolute(slot.starts_at)) for slot in free_slots(target.to_desk_id)]
        self.offer("slot", [("", _("None of them") if free else _("No place is free")), *free])


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
    note = _lines(_("What to watch for"), rows=2)
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


class SlotsForm(ActionForm):
    """Which days of the coming weeks, at which times, with how many places each."""

    first_day = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}))
    weekdays = forms.MultipleChoiceField(label=_("Weekdays"), widget=forms.CheckboxSelectMultiple)
    times = forms.CharField(label=_("Times, for example 09:00 10:30 14:00"), max_length=120)
    places = forms.IntegerField(label=_("Places at each time"), min_value=1, max_value=10, initial=1)
    weeks = forms.IntegerField(label=_("For how many weeks"), min_value=1, max_value=8, initial=1)
    submit_label = _("Publish")

    def __init__(self, *args: Any, actor: Actor, target: Any, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, target=target, **kwargs)
        weekdays = self.fields["weekdays"]
        assert isinstance(weekdays, forms.MultipleChoiceField)
        weekdays.choices = [(str(number), WEEKDAYS[number]) for number in range(7)]

    def clean_times(self) -> list[time]:
        found = self.cleaned_data["times"].replace("，", " ").replace(",", " ").replace("、", " ").split()
        try:
            return sorted({time.fromisoformat(one.zfill(5)) for one in found})
        except ValueError:
            raise forms.ValidationError(_("Give times as hours and minutes: 09:00 10:30")) from None

    def moments(self) -> list[datetime]:
        """Every time on every chosen weekday, aware, in the city's time."""
        values = self.cleaned_data
        days = [values["first_day"] + timedelta(days=n) for n in range(7 * values["weeks"])]
        wanted = {int(day) for day in values["weekdays"]}
        return [
            datetime.combine(day, at, tzinfo=TIMEZONE)
            for day in days
            if day.weekday() in wanted
            for at in values["times"]
        ]


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
