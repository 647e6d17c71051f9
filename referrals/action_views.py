"""Pages of the actions on a referral: each a form and one call of the door (wellbeing/action_page.py)."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from cases.access import open_case
from cases.action_views import address as case_address
from cases.forms import ConfirmForm
from referrals import actions
from referrals.access import open_referral, reveal_packets
from referrals.forms import AskForm, AskingForm, FeedbackForm, RequestForm, ReturnForm, WhyForm
from referrals.models import Purpose, Referral
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action_page import action_page


def address(referral: Referral) -> str:
    return reverse("referral", args=[referral.reference])


def last_words(actor: Actor, referral: Referral, purpose: Purpose) -> dict[str, Any]:
    """The words of a packet as they stand, opened and recorded, so that nobody need write them again."""
    opened = {one.packet.purpose: one.words for one in reveal_packets(actor, referral)}
    return dict(opened.get(purpose, {}))


def page(
    permission: P, form: Any, perform: Any, title: Any, *, template: str = "referrals/action.html", **more: Any
) -> Any:
    return action_page(
        permission=permission,
        form=form,
        opener=open_referral,
        perform=perform,
        address=address,
        template=template,
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


submit_referral = action_page(
    permission=P.REFERRAL_SUBMIT,
    form=AskingForm,
    opener=open_case,
    perform=lambda actor, case, form: actions.submit_referral(
        actor=actor, case=case, words=form.words(), on_paper=form.on_paper(), key=form.cleaned_data["key"]
    ),
    address=case_address,
    template="referrals/request.html",
    title=gettext_lazy("Ask the county centre to refer"),
    lead=gettext_lazy("The county decides within its time; you see here where it is and who holds it."),
)


def _simple(permission: P, name: str, title: Any, **more: Any) -> Any:
    """A page that needs nothing but the click."""
    verb = getattr(actions, name)
    return page(
        permission,
        ConfirmForm,
        lambda actor, referral, form: verb(actor=actor, referral=referral, key=form.cleaned_data["key"]),
        title,
        **more,
    )


def _why(permission: P, name: str, title: Any, **more: Any) -> Any:
    """A page that needs a reason."""
    verb = getattr(actions, name)
    return page(
        permission,
        WhyForm,
        lambda actor, referral, form: verb(
            actor=actor,
            referral=referral,
            why=form.cleaned_data["why"],
            note=form.cleaned_data["note"],
            key=form.cleaned_data["key"],
        ),
        title,
        danger=True,
        **more,
    )


accept_referral = _simple(
    P.REFERRAL_TRIAGE,
    "accept_referral",
    gettext_lazy("Accept the referral"),
    lead=gettext_lazy("You hold it from now on, and the school sees that."),
)
take_over = _simple(
    P.REFERRAL_TRIAGE,
    "take_over",
    gettext_lazy("Go on without the school's answer"),
    lead=gettext_lazy("You hold it from now on, and the school sees that."),
)
ask_for_more = page(
    P.REFERRAL_TRIAGE,
    AskForm,
    lambda actor, referral, form: actions.ask_for_more(
        actor=actor,
        referral=referral,
        fields=form.cleaned_data["fields_wanted"],
        note=form.cleaned_data["note"],
        key=form.cleaned_data["key"],
    ),
    gettext_lazy("Ask the school for more"),
)
answer_referral = page(
    P.REFERRAL_ANSWER,
    RequestForm,
    lambda actor, referral, form: actions.answer_referral(
        actor=actor, referral=referral, words=form.words(), key=form.cleaned_data["key"]
    ),
    gettext_lazy("Answer the county centre"),
    lead=gettext_lazy("The request goes again, whole; the new version counts."),
    first=lambda actor, referral: last_words(actor, referral, Purpose.REQUEST),
)
decline_referral = _why(
    P.REFERRAL_TRIAGE,
    "decline_referral",
    gettext_lazy("Decline the referral"),
    lead=gettext_lazy(
        "The school reads the reason and goes on with the case. Red is never declined: accept, or ask the city centre."
    ),
    gone="referral_list",
)
redirect = _simple(
    P.REFERRAL_REDIRECT,
    "redirect",
    gettext_lazy("Send it elsewhere"),
    lead=gettext_lazy("The receiver's copy can never be opened again; then choose another place. The clocks go on."),
)
end_link = _simple(
    P.LINK_END,
    "end_link",
    gettext_lazy("End the one-time link"),
    lead=gettext_lazy("It opens for nobody any more, also not in the browser that has opened it."),
    danger=True,
)
give_back = _why(
    P.REFERRAL_GIVE_BACK,
    "give_back",
    gettext_lazy("Give the referral back"),
    lead=gettext_lazy("The county centre sees at once that it has to find another place."),
    gone="referral_list",
)
receive = _simple(
    P.REFERRAL_RECEIVE,
    "receive",
    gettext_lazy("Receive the referral"),
    lead=gettext_lazy("The sender sees at once that you have it."),
)
record_feedback = page(
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
return_to_school = page(P.RETURN_PLAN, ReturnForm, _return, gettext_lazy("Plan the return to school"))
close_referral = _simple(
    P.REFERRAL_CLOSE,
    "close_referral",
    gettext_lazy("Close the referral"),
    lead=gettext_lazy("The loop is closed; the grants of the receiver and the school on this referral end."),
    gone="home",
)
go_on = _simple(
    P.REFERRAL_SEND,
    "go_on",
    gettext_lazy("Go on without consent"),
    lead=gettext_lazy(
        "The guardian took the consent back. Where danger stands, the law lets the referral go on (Mental Health Law, "
        "article 28); your decision is recorded."
    ),
    danger=True,
)
withdraw = _simple(
    P.REFERRAL_WITHDRAW,
    "withdraw",
    gettext_lazy("Withdraw the referral"),
    lead=gettext_lazy("The receiver's copy can never be opened again."),
    danger=True,
)

# What the referral page offers: permission, route, step of the flow, label, look.
BUTTONS = (
    (P.REFERRAL_TRIAGE, "accept_referral", "accept_referral", gettext_lazy("Accept"), "primary"),
    (P.REFERRAL_TRIAGE, "ask_for_more", "ask_for_more", gettext_lazy("Ask for more"), "secondary"),
    (P.REFERRAL_TRIAGE, "take_over", "take_over", gettext_lazy("Go on without the answer"), "secondary"),
    (P.REFERRAL_ANSWER, "answer_referral", "answer_referral", gettext_lazy("Answer"), "primary"),
    (P.REFERRAL_SEND, "send_referral", "send_referral", gettext_lazy("Send the letter"), "primary"),
    (P.REFERRAL_SEND, "go_on", "go_on", gettext_lazy("Go on without consent"), "danger"),
    (P.REFERRAL_RECEIVE, "receive", "receive", gettext_lazy("Receive"), "primary"),
    (P.TIME_CHOOSE, "choose_time", "choose_time", gettext_lazy("Choose a time"), "primary"),
    (P.TIME_CHOOSE, "ask_other_times", "ask_other_times", gettext_lazy("Ask for other times"), "secondary"),
    (P.APPOINTMENT_BOOK, "book", "book", gettext_lazy("Book"), "primary"),
    (P.TIMES_PROPOSE, "propose_times", "propose_times", gettext_lazy("Propose times"), "secondary"),
    (P.FEEDBACK_RECORD, "record_feedback", "attend", gettext_lazy("Report back"), "primary"),
    (P.RETURN_PLAN, "return_to_school", "return_to_school", gettext_lazy("Plan the return to school"), "primary"),
    (P.REFERRAL_CLOSE, "close_referral", "follow_up", gettext_lazy("Close the referral"), "secondary"),
    (P.REFERRAL_SEND, "renew_letter", "go_on", gettext_lazy("Write the letter anew"), "secondary"),
    (P.CROSSING_KEEP, "plan_crossing", "", gettext_lazy("Plan a crossing"), "secondary"),
    (P.RESCUE_HAND, "hand_to_rescue", "", gettext_lazy("Hand over to 110, 120, 12395"), "secondary"),
    (P.REFERRAL_REDIRECT, "redirect", "redirect", gettext_lazy("Send it elsewhere"), "secondary"),
    (P.REFERRAL_GIVE_BACK, "give_back", "give_back", gettext_lazy("Give back"), "danger"),
    (P.REFERRAL_TRIAGE, "decline_referral", "decline_referral", gettext_lazy("Decline"), "danger"),
    (P.REFERRAL_WITHDRAW, "withdraw", "withdraw", gettext_lazy("Withdraw"), "danger"),
)
