"""Every action of a page, as an address of the API: the same form reads it, the same call of the door does it.

An act is named like its page's route. Pages that are made by `action_page` are found by themselves; `more.py` holds the
few that are written by hand. What is not offered stands in `not_offered.py` with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import Any

from django.db import models
from django.urls import URLPattern
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from cases.leave import Move
from wellbeing.action import done_by, was_done
from wellbeing.action_page import Offer, late, made
from wellbeing.api.act import Act
from wellbeing.api.endpoint import Asked, Endpoint
from wellbeing.api.gate import sendable
from wellbeing.api.more import ACTS
from wellbeing.api.not_offered import NOT_OFFERED
from wellbeing.api.problems import Refused
from wellbeing.api.shapes import ID, TEXT, maybe
from wellbeing.errors import Forbidden

PAGES = (
    "cases.urls",
    "referrals.urls",
    "wellbeing.rota.urls",
    "wellbeing.exchange.urls",
    "wellbeing.registers.urls",
    "wellbeing.people.urls",
)
# What an act comes to where its page is called otherwise.
PERFORMS: dict[str, tuple[str, ...]] = {
    "interview": ("interview_flagged",),
    "debrief": ("write_debriefing",),
    "emergency": ("open_channel", "send_referral"),
    **{f"leave_{step}": ("move_leave",) for step in Move},
}
MANY = 200  # values of one field
RESULT = {
    "type": "object",
    "properties": {"type": TEXT, "id": ID, "reference": TEXT},
    "required": ["type", "id"],
    "additionalProperties": False,
}
ANSWER = {
    "type": "object",
    "properties": {"act": TEXT, "result": maybe(RESULT)},
    "required": ["act", "result"],
    "additionalProperties": False,
}


def routes_of_pages() -> Iterator[URLPattern]:
    """The routes of every page that acts are found on."""
    for module in PAGES:
        yield from import_module(module).urlpatterns


@cache
def acts() -> dict[str, Act]:
    """Every act by name. A page that asks for the second factor anew offers none: a program has none to show."""
    found = {act.name: act for act in ACTS}
    for route in routes_of_pages():
        offer: Offer | None = getattr(route.callback, "offer", None)
        name = str(route.name)
        if offer is not None and not offer.fresh and name not in NOT_OFFERED:
            found[name] = Act(name, offer, bool(route.pattern.converters), PERFORMS.get(name, (name,)))
    return dict(sorted(found.items()))


def endpoints() -> list[Endpoint]:
    """An address for every act."""
    return [
        Endpoint(
            name=f"api_{act.name}",
            place=f"actions/{act.name}" + ("/<str:target>" if act.target else ""),
            permission=act.offer.permission,
            run=_doing(act),
            said=act.offer.said,
            answer=ANSWER,
            group="actions",
            writes=True,
            form=act.offer.form,
        )
        for act in acts().values()
    ]


def _doing(act: Act) -> Any:
    def run(asked: Asked) -> dict[str, Any]:
        return _done(act, asked)

    return run


def _done(act: Act, asked: Asked) -> dict[str, Any]:
    """Do it as its page would. Raises Forbidden, WrongState, and Refused with what is wrong by field."""
    actor, offer, key = asked.actor, act.offer, str(asked.key)
    sent_before = was_done(actor, key)
    try:
        target = offer.opener(actor, asked.place.get("target", ""), offer.permission)
    except Forbidden:
        if sent_before and (gone := _before(act, asked)):  # the first sending has ended the actor's own sight of it
            return gone
        raise
    form = offer.form(_typed(asked.body, key), None, actor=actor, target=target)
    unknown = asked.body.keys() - (form.fields.keys() - {"key"})
    if unknown:
        raise Refused(422, {name: [_("There is no such field.")] for name in sorted(unknown)[:MANY] if sendable(name)})
    if not form.is_valid():
        if sent_before:  # not what was sent before: that stands
            raise late(offer.permission, target, form)
        raise Refused(422, form.errors)
    value = made(offer.perform, actor, target, form)
    if not form.is_valid():
        raise Refused(422, form.errors)
    return {"act": act.name, "result": _result(value)}


def _before(act: Act, asked: Asked) -> dict[str, Any] | None:
    """The answer to what was done before under this key and can no longer be looked at."""
    assert asked.key is not None
    done = done_by(asked.actor, asked.key)
    if done is None or done.action not in act.performs:
        return None
    kept = {"type": _type(done.model), "id": done.object_id} if done.object_id else None
    return {"act": act.name, "result": kept}


def _result(value: Any) -> dict[str, Any] | None:
    """What an act came to: the row that its action answers with, as the key of a repeat finds it again."""
    if not isinstance(value, models.Model):
        return None
    reference = getattr(value, "reference", "")
    named = {"reference": reference} if reference else {}
    return {"type": _type(value._meta.label), "id": value.pk, **named}


def _type(label: str) -> str:
    return label.rpartition(".")[2].lower()


def _typed(body: Mapping[str, Any], key: str) -> MultiValueDict[str, str]:
    """The fields as a form reads them: texts, lists of texts, nothing for null. Raises Refused."""
    found, wrong = MultiValueDict[str, str]({"key": [key]}), dict[str, list[str]]()
    for name, value in body.items():
        values = value if isinstance(value, list) else [] if value is None else [value]
        if not sendable(name) or name == "key" or len(values) > MANY or not all(_plain(one) for one in values):
            wrong[name if sendable(name) else "?"] = [_("Send a text, a number, yes or no, or a list of these.")]
            continue
        found.setlist(name, [str(one).lower() if isinstance(one, bool) else str(one) for one in values])
    if wrong:
        raise Refused(422, wrong)
    return found


def _plain(value: Any) -> bool:
    return isinstance(value, bool | int | float) or (isinstance(value, str) and sendable(value))
