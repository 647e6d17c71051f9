"""Pages on which something is given to somebody: the letter, an emergency, a hand-over to rescue."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods

from cases.access import open_case
from cases.action_views import address as case_address
from cases.models import Case
from cases.telling import Whom
from referrals import actions
from referrals.access import open_referral, reveal_packets
from referrals.action_views import address, last_words, page
from referrals.display import packet_rows
from referrals.flow import sender
from referrals.models import ConsentOutcome, Purpose, Referral
from referrals.packet import LETTERS, copied_fields, letter_to
from referrals.queues import open_referral_of, standing_letter
from referrals.sending_forms import ChannelForm, EmergencyForm, LetterForm, RescueForm
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.routes import requires
from wellbeing.action_page import action_page, beside


@requires(P.CHANNEL_OPEN)
@require_http_methods(["GET", "POST"])
def open_channel(request: HttpRequest, reference: str) -> HttpResponse:
    """The county refers a case by itself."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    case = open_case(actor, reference, P.CHANNEL_OPEN)
    return _send_page(request, case, lambda **given: actions.open_channel(actor=actor, case=case, **given))


@requires(P.REFERRAL_SEND)
@require_http_methods(["GET", "POST"])
def send_referral(request: HttpRequest, reference: str) -> HttpResponse:
    """Send what a school asked for, or what another place gave back; `?to=` names a destination by its organisation."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    referral = open_referral(actor, reference, P.REFERRAL_SEND)
    case = open_case(actor, referral.case.reference, P.CHANNEL_OPEN)
    first: dict[str, Any] = {"consent": referral.consent, "emergency": referral.emergency, "to": request.GET.get("to")}
    if request.method != "POST":
        first |= {k: v for k, v in last_words(actor, referral, Purpose.REQUEST).items() if k in ChannelForm.base_fields}
    return _send_page(
        request, case, lambda **given: actions.send_referral(actor=actor, referral=referral, **given), first
    )


def _send_page(
    request: HttpRequest, case: Case, send: Callable[..., Referral], first: Mapping[str, Any] | None = None
) -> HttpResponse:
    """Write the letter; before it goes, the sender sees exactly what the receiver will read."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    given = {"paper": request.GET.get("paper", ""), **(first or {})}
    form = ChannelForm(request.POST or None, actor=actor, target=case, initial=given)
    purpose = Purpose.HOSPITAL
    preview, previewed = None, False
    if form.is_bound and form.is_valid():
        destination = form.desks[form.cleaned_data["destination"]]
        purpose = letter_to(destination)
        with beside(form):
            words = actions.letter_words(actor, case, destination, form.words(), form.extras())
            preview, previewed = packet_rows(purpose, words, form.extras()), True
            if "send" in request.POST:
                return redirect(address(send(**letter(form))))
    if preview is None:
        preview = packet_rows(purpose, copied_fields(actor, case, purpose))
    failed = form.is_bound and not form.is_valid()
    context = {"form": form, "case": case, "preview": preview, "previewed": previewed}
    return render(request, "referrals/open.html", context, status=422 if failed else 200)


def letter(form: ChannelForm) -> dict[str, Any]:
    """What a valid form says of a letter, as the actions that send it take it."""
    return {
        "destination": form.desks[form.cleaned_data["destination"]],
        "consent": form.cleaned_data["consent"],
        "emergency": form.cleaned_data["emergency"],
        "words": form.words(),
        "extras": form.extras(),
        "on_paper": form.on_paper(),
        "key": form.cleaned_data["key"],
    }


def _emergency(actor: Actor, case: Case, form: EmergencyForm) -> Any:
    """Send at once: the desk's own referral goes there from wherever it is, and another desk's gives way."""
    under_way = open_referral_of(case)
    given: dict[str, Any] = {
        "actor": actor,
        "destination": form.desks[form.cleaned_data["destination"]],
        "consent": ConsentOutcome.NOT_SOUGHT,
        "emergency": True,
        "words": {"summary": form.cleaned_data["summary"] or gettext("Emergency: the person is on the way.")},
        "key": form.cleaned_data["key"],
    }
    if under_way is not None and getattr(under_way, f"{sender(under_way.state)}_id") in actor.desks:
        return actions.send_referral(referral=under_way, **given)
    return actions.open_channel(case=case, **given)


emergency = action_page(
    permission=P.CHANNEL_OPEN,
    form=EmergencyForm,
    opener=open_case,
    perform=_emergency,
    address=case_address,
    template="referrals/action.html",
    title=gettext_lazy("Emergency: to the hospital now"),
    lead=gettext_lazy(
        "The hospital gets it at once and calls follow; the letter is due within policy's time. 110 · 120"
    ),
    danger=True,
)


def _last_letter(actor: Actor, referral: Referral) -> dict[str, Any]:
    """The letter as it stands, with the reasons of its added fields, so that nobody need write them again."""
    found: dict[str, Any] = {"filled_from": standing_letter(referral).mark}
    for one in reveal_packets(actor, referral):
        if one.packet.purpose in LETTERS.values():
            found |= {**one.words, **{f"extra_{code}": reason for code, reason in one.reasons.items()}}
    return found


def _letter_anew(actor: Actor, referral: Referral, form: LetterForm) -> list[dict[str, Any]]:
    words = actions.letter_words(actor, referral.case, referral.to_desk, form.words(), form.extras())
    return packet_rows(letter_to(referral.to_desk), words, form.extras())


def _to_rescue(actor: Actor, referral: Referral, form: RescueForm) -> list[dict[str, Any]]:
    chosen = {"check": form.cleaned_data["check"], "guardian": form.cleaned_data["guardian"]}
    words = actions.rescue_words(actor, referral, form.words(), extras=form.extras(), **chosen)
    return packet_rows(Purpose.WELFARE_CHECK, words, form.extras())


renew_letter = page(
    P.REFERRAL_SEND,
    LetterForm,
    lambda actor, referral, form: actions.renew_letter(
        actor=actor,
        referral=referral,
        words=form.words(),
        extras=form.extras(),
        filled_from=form.cleaned_data["filled_from"],
        key=form.cleaned_data["key"],
    ),
    gettext_lazy("Write the letter anew"),
    lead=gettext_lazy("The receiver reads the new version; the copied fields are taken from the file as it is now."),
    first=_last_letter,
    preview=_letter_anew,
    template="referrals/with_extras.html",
)
hand_to_rescue = page(
    P.RESCUE_HAND,
    RescueForm,
    lambda actor, referral, form: actions.hand_to_rescue(
        actor=actor,
        referral=referral,
        whom=Whom(form.cleaned_data["whom"]),
        at=form.cleaned_data["at"],
        check=form.cleaned_data["check"],
        guardian=form.cleaned_data["guardian"],
        words=form.words(),
        extras=form.extras(),
        key=form.cleaned_data["key"],
    ),
    gettext_lazy("Hand over to 110, 120 or 12395"),
    lead=gettext_lazy(
        "Call first, then write it here. The referral goes on; what they were given is listed on its page."
    ),
    danger=True,
    template="referrals/with_extras.html",
    preview=_to_rescue,
)
