"""Pages of the actions on a referral: each a form and one call of the door (wellbeing/action_page.py)."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from cases.forms import ConfirmForm
from referrals import actions
from referrals.access import open_referral
from referrals.forms import BookForm, FeedbackForm, ReturnForm
from referrals.models import Referral
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action_page import action_page


def address(referral: Referral) -> str:
    return reverse("referral", args=[referral.reference])


def _page(permission: P, form: Any, perform: Any, title: Any, **more: Any) -> Any:
    return action_page(
        permission=permission,
        form=form,
        opener=open_referral,
        perform=perform,
        address=address,
        template="referrals/action.html",
        title=title,
        **more,
    )


def _return(actor: Actor, referral: Referral, form: ReturnForm) -> Any:
    post = form.posts[form.cleaned_data["manager"]]
    return actions.return_to_school(
        actor=actor,
        referral=referral,
        desk=post.desk,
        manager=post.user,
        words=form.words(),
        key=form.cleaned_data["key"],
    )


receive = _page(
    P.REFERRAL_RECEIVE,
    ConfirmForm,
    lambda actor, referral, form: actions.receive(actor=actor, referral=referral, key=form.cleaned_data["key"]),
    gettext_lazy("Receive the referral"),
    lead=gettext_lazy("The sender sees at once that you have it."),
)
book = _page(
    P.APPOINTMENT_BOOK,
    BookForm,
    lambda actor, referral, form: actions.book(
        actor=actor, referral=referral, at=form.cleaned_data["at"], key=form.cleaned_data["key"]
    ),
    gettext_lazy("Book the appointment"),
)
record_feedback = _page(
    P.FEEDBACK_RECORD,
    FeedbackForm,
    lambda actor, referral, form: actions.record_feedback(
        actor=actor,
        referral=referral,
        attended=form.cleaned_data["attended"] == "yes",
        words=form.words(),
        key=form.cleaned_data["key"],
    ),
    gettext_lazy("Report back"),
    lead=gettext_lazy("The centre that sent the person reads all of it; the school reads only the plan made from it."),
)
return_to_school = _page(P.RETURN_PLAN, ReturnForm, _return, gettext_lazy("Plan the return to school"))
close_referral = _page(
    P.REFERRAL_CLOSE,
    ConfirmForm,
    lambda actor, referral, form: actions.close_referral(actor=actor, referral=referral, key=form.cleaned_data["key"]),
    gettext_lazy("Close the referral"),
    lead=gettext_lazy("The loop is closed; the grants of the hospital and the school on this referral end."),
    gone="home",
)
withdraw = _page(
    P.REFERRAL_WITHDRAW,
    ConfirmForm,
    lambda actor, referral, form: actions.withdraw(actor=actor, referral=referral, key=form.cleaned_data["key"]),
    gettext_lazy("Withdraw the referral"),
    lead=gettext_lazy("The hospital's copy can never be opened again."),
    danger=True,
)

# What the referral page offers: permission, route, step of the flow, label, look.
BUTTONS = (
    (P.REFERRAL_RECEIVE, "receive", "receive", gettext_lazy("Receive"), "primary"),
    (P.APPOINTMENT_BOOK, "book", "book", gettext_lazy("Book"), "primary"),
    (P.FEEDBACK_RECORD, "record_feedback", "attend", gettext_lazy("Report back"), "primary"),
    (P.RETURN_PLAN, "return_to_school", "return_to_school", gettext_lazy("Plan the return to school"), "primary"),
    (P.REFERRAL_CLOSE, "close_referral", "follow_up", gettext_lazy("Close the referral"), "secondary"),
    (P.REFERRAL_WITHDRAW, "withdraw", "withdraw", gettext_lazy("Withdraw"), "danger"),
)
