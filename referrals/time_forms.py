"""The forms of times: to publish, to propose, to choose, to book."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from referrals.queues import free_slots, open_times, standing_times
from wellbeing.access.actor import Actor
from wellbeing.action_page import ActionForm, ReplacingForm, moment_field
from wellbeing.moments import absolute
from wellbeing.workdays import TIMEZONE, now


def _named(value: Any) -> bool:
    try:
        return bool(UUID(str(value)))
    except ValueError:
        return False


class OfferField(forms.ChoiceField):
    """One of what is offered now. What was offered a moment ago goes to the action, which says what became of it; and
    a form that is sent again gets its first answer."""

    def valid_value(self, value: Any) -> bool:
        return _named(value)


class OffersField(forms.MultipleChoiceField):
    """Several of what is offered now; see OfferField."""

    def valid_value(self, value: Any) -> bool:
        return _named(value)


class BookForm(ActionForm):
    """A place that was published, or another time."""

    slot = OfferField(label=_("A free place"), required=False)
    at = moment_field(_("or another time"), required=False)
    submit_label = _("Book")

    def __init__(self, *args: Any, actor: Actor, target: Any, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, target=target, **kwargs)
        free = [(str(slot.pk), absolute(slot.starts_at)) for slot in free_slots(target.to_desk_id, of=target)]
        self.offer("slot", [("", _("None of them") if free else _("No place is free")), *free])


class ProposeForm(ReplacingForm):
    """Up to three times: places that were published, or others. It begins with those that are proposed now."""

    slots = OffersField(label=_("Free places (up to three)"), required=False, widget=forms.CheckboxSelectMultiple)
    at = moment_field(_("or another time"), required=False)
    at_2 = moment_field(_("Second time"), required=False)
    at_3 = moment_field(_("Third time"), required=False)
    submit_label = _("Propose these times")

    def __init__(self, *args: Any, actor: Actor, target: Any, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, target=target, **kwargs)
        slots = self.fields["slots"]
        assert isinstance(slots, forms.MultipleChoiceField)
        free, ahead = free_slots(target.to_desk_id, 12, of=target), now()
        stands = [one for one in open_times(target) if one.at > ahead]
        self.fields["filled_from"].initial = standing_times(target).mark
        slots.initial = [str(one.slot_id) for one in stands if one.slot_id]
        for name, one in zip(("at", "at_2", "at_3"), [one for one in stands if not one.slot_id], strict=False):
            self.fields[name].initial = one.at
        slots.choices = [(str(slot.pk), absolute(slot.starts_at)) for slot in free]
        if not free:
            del self.fields["slots"]

    def times(self) -> list[datetime]:
        return [self.cleaned_data[name] for name in ("at", "at_2", "at_3") if self.cleaned_data[name]]


class ChooseForm(ActionForm):
    """One of the times that the hospital proposed and that lie ahead."""

    time = OfferField(label=_("Times that the hospital proposes"), widget=forms.RadioSelect)
    submit_label = _("Book this time")

    def __init__(self, *args: Any, actor: Actor, target: Any, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, target=target, **kwargs)
        self.offer("time", [(str(one.pk), absolute(one.at)) for one in open_times(target)])


class OtherTimesForm(ActionForm):
    """What would suit better."""

    note = forms.CharField(
        label=_("To the hospital: what would suit"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    submit_label = _("Ask for other times")


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
