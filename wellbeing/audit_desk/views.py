"""The audit administrator's page: is the audit whole, what is unusual, and who did what."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases.display import only_asked
from cases.models import Section
from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.routes import requires
from wellbeing.audit.tags import Tag
from wellbeing.audit_desk.anomalies import Watch
from wellbeing.audit_desk.forms import TrailForm
from wellbeing.audit_desk.state import state
from wellbeing.audit_desk.trail import Line, names_of, references_of, search, unusual
from wellbeing.audit_desk.words import ACTS, ANOMALIES
from wellbeing.workdays import now

SHOWN = 8  # references of one anomaly


@requires(P.AUDIT_SEE)
@require_http_methods(["GET", "POST"])
def audit(request: HttpRequest) -> HttpResponse:
    """The page; posted, with what was looked for. It shows references, and no word of any case."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    form = TrailForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"form": form, "now": now(), "rows": None}
    if form.is_bound and form.is_valid():
        lines, more = search(actor, form.wanted(), form.after())
        context |= {"rows": [_row(line) for line in lines], "more": more, "last": lines[-1] if lines else None}
    else:
        context |= {"state": state(), **_anomalies()}
    return render(request, "audit_desk/audit.html", context, status=422 if form.is_bound and form.errors else 200)


def _row(line: Line) -> dict[str, Any]:
    act = ACTS.get(line.act)
    done = _(act) if act else line.act
    return {"line": line, "act_text": only_asked(line.act, line.facts) or done, "more": _more(line)}


def _more(line: Line) -> str:
    """The little that an event says besides: sections, numbers, tiers; codes in words."""
    facts = line.facts
    if line.act == Tag.READ_FILE:
        sections = "、".join(str(Section(one).label) for one in facts.get("sections", ()) if one in Section.values)
        second = facts.get("second")
        return sections + (f" · {_('second person')}：{names_of({second}).get(second, '')}" if second else "")
    if line.act == Tag.READ_COVERS:
        return _("{n} covers").format(n=len(facts.get("cases", ())))
    if line.act == Tag.READ_CALLER and "calls" in facts:
        return _("{n} calls").format(n=facts.get("calls", 0))
    if line.act in (Tag.SEARCHED, Tag.READ_CALLER):
        return _("{n} hits").format(n=facts.get("hits", 0))
    if line.act == Tag.AUDIT_VERIFIED:
        return _("{n} faults").format(n=facts.get("faults", 0))
    return ""


def _anomalies() -> dict[str, Any]:
    found, since = unusual(Watch())
    names = names_of({one.actor for one in found})
    references = references_of({stream for one in found for stream in one.streams[:SHOWN]})
    shown = [
        {
            "title": _(ANOMALIES[one.kind][0]),
            "text": _(ANOMALIES[one.kind][1]),
            "who": names.get(one.actor or 0, ""),
            "at": one.at,
            "count": one.count,
            "references": [references[stream] for stream in one.streams[:SHOWN] if stream in references],
            "further": max(0, len(one.streams) - SHOWN),
        }
        for one in found
    ]
    return {"anomalies": shown, "since": since}
