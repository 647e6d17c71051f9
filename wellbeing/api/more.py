"""The acts whose pages are written by hand: their forms and the functions behind them, put together here once."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from cases import actions as cases
from cases.access import open_case
from cases.call_views import logged
from cases.campaign_forms import CampaignForm, InterviewPlanForm
from cases.campaign_views import planned
from cases.concern_views import reported
from cases.display import worded
from cases.forms import CallForm, ConfirmForm
from cases.handover_forms import HandOverForm
from cases.handover_views import handed, open_handover
from cases.instruments import PAPERS
from cases.paper_forms import PaperForm
from cases.paper_views import recorded
from cases.session_forms import ConcernForm, GroupForm
from cases.session_views import grouped, named_of
from cases.shift_views import NoteForm
from referrals import actions as referrals
from referrals.access import open_referral
from referrals.directory_views import own_desk, published
from referrals.sending_forms import ChannelForm
from referrals.sending_views import letter
from referrals.time_forms import SlotsForm
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.action_page import ActionForm, Offer, by
from wellbeing.api.act import Act
from wellbeing.errors import Forbidden
from wellbeing.exchange.seat_views import SeatForm, seated
from wellbeing.people import actions as people
from wellbeing.people.forms import TermForm


class TakesPartForm(ActionForm):
    """Whether a student takes part in a campaign."""

    takes_part = forms.BooleanField(label=_("Takes part"), required=False)


def _nothing(actor: Actor, reference: str, permission: P) -> None:
    """The target of what is done to no object. Raises Forbidden."""
    if not may(actor, permission):
        raise Forbidden


def _the_id(actor: Actor, pk: Any, permission: P) -> Any:
    """An id whose object the action itself fetches and checks."""
    return pk


def _own_desk(actor: Actor, reference: str, permission: P) -> Any:
    _nothing(actor, reference, permission)
    return own_desk(actor)


def _group(data: Any, files: Any = None, *, actor: Actor, target: Any) -> GroupForm:
    return GroupForm(data, actor=actor, named=named_of(actor, data.getlist("cases")))


def _letter_of_referral(data: Any, files: Any = None, *, actor: Actor, target: Any) -> ChannelForm:
    return ChannelForm(data, actor=actor, target=open_case(actor, target.case.reference, P.CHANNEL_OPEN))


def _hand_over(data: Any, files: Any = None, *, actor: Actor, target: Any) -> HandOverForm:
    return HandOverForm(data, actor=actor)


def _note(data: Any, files: Any = None, *, actor: Actor, target: Any) -> Any:
    return NoteForm(data)


def _plan_interviews(actor: Actor, _target: None, form: InterviewPlanForm) -> Any:
    given = {name: form.cleaned_data[name] for name in ("first", "per_day", "key")}
    return cases.plan_interviews(actor=actor, **given)


def _opt_out(actor: Actor, student: UUID, form: TakesPartForm) -> Any:
    given = {name: form.cleaned_data[name] for name in ("takes_part", "key")}
    return cases.record_opt_out(actor=actor, student_id=student, **given)


def _alone(name: str, permission: P, form: Any, perform: Any, said: Any) -> Act:
    """An act that is done to no object."""
    return Act(name, Offer(permission, form, _nothing, perform, said=said), False, (name,))


def _on(name: str, permission: P, form: Any, opener: Any, perform: Any, said: Any, action: str = "") -> Act:
    """An act that is done to what its address names."""
    return Act(name, Offer(permission, form, opener, perform, said=said), True, (action or name,))


ACTS = (
    _alone("take_call", P.CALL_TAKE, CallForm, lambda actor, _t, form: logged(actor, form), _("Log a call")),
    _alone("log_group", P.GROUP_LOG, _group, lambda actor, _t, form: grouped(actor, form), _("Note a group")),
    _alone("hand_over", P.HANDOVER, _hand_over, lambda actor, _t, form: handed(actor, form), _("Hand cases over")),
    _alone(
        "report_concern",
        P.CONCERN_REPORT,
        ConcernForm,
        lambda actor, _t, form: reported(actor, form),
        _("Report a concern"),
    ),
    _alone(
        "hand_over_shift",
        P.SHIFT_HAND_OVER,
        _note,
        lambda actor, _t, form: cases.hand_over_shift(actor=actor, **form.cleaned_data),
        _("Leave a note to the next shift"),
    ),
    _alone(
        "plan_campaign",
        P.CAMPAIGN_PLAN,
        CampaignForm,
        lambda actor, _t, form: planned(actor, form),
        _("Plan the campaign"),
    ),
    _alone("plan_interviews", P.SCREENING_UPLOAD, InterviewPlanForm, _plan_interviews, _("Spread over the days")),
    _alone(
        "assign_seat",
        P.SEAT_ASSIGN,
        SeatForm,
        lambda actor, _t, form: seated(actor, form),
        _("Enter the seat"),
    ),
    _alone(
        "open_term",
        P.TERM_OPEN,
        TermForm,
        lambda actor, _t, form: people.open_term(actor=actor, **form.cleaned_data),
        _("Open a term"),
    ),
    Act(
        "publish_slots",
        Offer(P.SLOTS_PUBLISH, SlotsForm, _own_desk, published, said=_("Publish")),
        False,
        ("publish_slots",),
    ),
    *(
        _on(
            f"record_instrument_{paper.code}",
            P.INSTRUMENT_RECORD,
            partial(PaperForm, paper=paper),
            open_case,
            recorded,
            lazy(worded, str)(paper.title),
            "record_instrument",
        )
        for paper in PAPERS.values()
    ),
    _on(
        "hand_back",
        P.HANDOVER_BACK,
        ConfirmForm,
        by(UUID, lambda actor, pk, _p: open_handover(actor, pk)),
        lambda actor, one, form: cases.hand_back(actor=actor, handover_id=one.pk, key=form.cleaned_data["key"]),
        _("Hand the cases back"),
    ),
    _on(
        "begin_review",
        P.CALL_REVIEW,
        ConfirmForm,
        by(UUID, _the_id),
        lambda actor, call, form: cases.begin_review(actor=actor, call_id=call, key=form.cleaned_data["key"]),
        _("Begin the review of a call"),
    ),
    _on("opt_out", P.SCREENING_UPLOAD, TakesPartForm, by(UUID, _the_id), _opt_out, _("Takes part"), "record_opt_out"),
    _on(
        "open_channel",
        P.CHANNEL_OPEN,
        ChannelForm,
        open_case,
        lambda actor, case, form: referrals.open_channel(actor=actor, case=case, **letter(form)),
        _("Refer through the green channel"),
    ),
    _on(
        "send_referral",
        P.REFERRAL_SEND,
        _letter_of_referral,
        open_referral,
        lambda actor, referral, form: referrals.send_referral(actor=actor, referral=referral, **letter(form)),
        _("Send the letter"),
    ),
)
