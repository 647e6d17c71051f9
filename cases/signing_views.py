"""The page on which the second person signs: what she is shown is what she signs."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from cases import actions
from cases.access import Purpose, reveal_entry
from cases.action_views import address, after, page
from cases.display import field_rows
from cases.forms import SignForm
from cases.models import Case
from cases.queues import open_lowering
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action_page import retype
from wellbeing.errors import Forbidden, Invalid


def _proposed(actor: Actor, case: Case) -> dict[str, Any]:
    """What waits for the second person, in its proposer's words: opened for her, and recorded."""
    waits = open_lowering(case)
    if waits is None:
        return {}
    try:
        opened = reveal_entry(actor, case, waits.entry_id, Purpose.of(actor))
    except Forbidden:  # she signs, and does not read this section
        return {"lowering": waits, "rows": []}
    said = {code: opened.words[code] for code in ("because", "note") if code in opened.words}
    return {"lowering": waits, "rows": field_rows(said)}


def _seen(case: Case) -> str:
    waits = open_lowering(case)
    return str(waits.pk) if waits else ""


def _sign(actor: Actor, case: Case, form: SignForm) -> Any:
    """Whoever is shown that another proposal stands there has seen it then, and signs it by pressing again."""
    given = form.cleaned_data
    try:
        return actions.confirm_lowering(actor=actor, case=case, seen=given["seen"], key=given["key"])
    except Invalid:
        retype(form, "seen", [_seen(case)])
        raise


confirm_lowering = page(
    P.LOWERING_CONFIRM,
    SignForm,
    _sign,
    gettext_lazy("Confirm as the second person"),
    first=lambda _actor, case: {"seen": _seen(case)},
    lead=gettext_lazy("You confirm as the second person what a colleague has proposed."),
    template="cases/confirm.html",
    shown=_proposed,
    address=after,
    back=address,
    done=lambda case: (
        gettext_lazy("The case is closed.")
        if case.status == "closed"
        else gettext_lazy("You have signed: the lower tier stands.")
    ),
)
