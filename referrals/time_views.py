"""Pages on which a time is proposed, chosen or booked."""

from uuid import UUID

from django.utils.translation import gettext_lazy

from referrals import actions
from referrals.action_views import page
from referrals.time_forms import BookForm, ChooseForm, OtherTimesForm, ProposeForm
from wellbeing.access.permissions import P

book = page(
    P.APPOINTMENT_BOOK,
    BookForm,
    lambda actor, referral, form: actions.book(
        actor=actor,
        referral=referral,
        at=form.cleaned_data["at"],
        slot_id=UUID(form.cleaned_data["slot"]) if form.cleaned_data["slot"] else None,
        key=form.cleaned_data["key"],
    ),
    gettext_lazy("Book the appointment"),
)
propose_times = page(
    P.TIMES_PROPOSE,
    ProposeForm,
    lambda actor, referral, form: actions.propose_times(
        actor=actor,
        referral=referral,
        times=form.times(),
        slot_ids=[UUID(slot) for slot in form.cleaned_data.get("slots", ())],
        filled_from=form.cleaned_data["filled_from"],
        key=form.cleaned_data["key"],
    ),
    gettext_lazy("Propose times"),
    lead=gettext_lazy("You hold them until the county centre chooses one; its clock goes on until then."),
)
choose_time = page(
    P.TIME_CHOOSE,
    ChooseForm,
    lambda actor, referral, form: actions.choose_time(
        actor=actor, referral=referral, time_id=UUID(form.cleaned_data["time"]), key=form.cleaned_data["key"]
    ),
    gettext_lazy("Choose a time"),
    lead=gettext_lazy("Ask the family first. The hospital is told, and the other times are free again."),
)
ask_other_times = page(
    P.TIME_CHOOSE,
    OtherTimesForm,
    lambda actor, referral, form: actions.ask_other_times(
        actor=actor, referral=referral, note=form.cleaned_data["note"], key=form.cleaned_data["key"]
    ),
    gettext_lazy("Ask for other times"),
    lead=gettext_lazy("What was proposed is given back, and the hospital proposes anew or books."),
)
