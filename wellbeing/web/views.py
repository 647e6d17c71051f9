"""Home by role, the language, the notices that arrive without a reload, and health."""

from typing import Any
from uuid import UUID

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.access.routes import open_to_all, requires
from wellbeing.outbox import health, heartbeat, hold
from wellbeing.outbox.inbox import mark_seen, unread
from wellbeing.web.answers import came_too_late

# Where each kind of work begins, the most urgent first.
FIRST_PAGES = (
    (P.DESKS_WATCH, "live_desks"),
    (P.CALL_TAKE, "case_list"),
    (P.STEPS_SEE, "steps"),
    (P.BOARD_SEE, "board"),
    (P.FIGURES_SEE, "oversight"),
    (P.CASE_LIST, "case_list"),
    (P.REFERRAL_LIST, "referral_list"),
    (P.CONCERN_REPORT, "report_concern"),
    (P.POST_CONFIRM, "appointments"),
    (P.ACCOUNT_LIST, "accounts"),
    (P.AUDIT_SEE, "audit"),
)


@requires(P.HOME_SEE)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Straight to the page where this person's work begins; those without such a page see who they are, those on leave
    until when."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.away_until:
        return redirect("absence")
    for permission, name in FIRST_PAGES:
        if may(actor, permission):
            return redirect(name)
    return render(request, "web/home.html")


# pages that need no reference
PLAIN = (
    *("rota", "returns", "interviews", "glass", "callers", "handovers", "exports", "record_requests", "retention"),
    *("absence", "appointments", "tokens", "hotline_years", "reviews", "live_desks", "audit", "screenings", "rings"),
)


@open_to_all
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Switch between Chinese and English."""
    return set_language(request)


def address_of(target: str) -> str:
    """Where a notice leads: `case:REF`, `referral:REF`, `incident:REF`, `draft:ID`, or one of PLAIN; else nowhere."""
    kind, _colon, reference = target.partition(":")
    if target in PLAIN:
        return reverse(target)
    if kind == "draft":
        return reverse("draft", args=[UUID(reference)])
    return reverse(kind, args=[reference]) if kind in ("case", "referral", "incident") and reference else ""


@requires(P.INBOX_SEE, quiet=True)
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """The unread notices of my desks and mine, polled by every page."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    items: list[dict[str, Any]] = [
        {"id": item.pk, "kind": item.kind, "tier": item.tier, "at": item.created_at, "url": address_of(item.target)}
        for item in unread(actor, 20)
    ]
    return render(request, "web/_inbox.html", {"items": items, "red": any(i["tier"] == "red" for i in items)})


@requires(P.INBOX_SEE)
@require_POST
def notice_seen(request: HttpRequest, item: Any) -> HttpResponse:
    """Put a notice away and go where it leads."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    seen = mark_seen(actor, item)
    return redirect((seen and address_of(seen.target)) or "home")


@open_to_all
@require_safe
def health_page(request: HttpRequest) -> HttpResponse:
    """Whether database, ticker and worker live: 200 or 503, and names of what stands still.

    A channel that fails, a refused file of the data platform, a late backup and a hold are named and turn nothing red:
    the page and everything else works, and no balancer may take a web server away for it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    still, outages = heartbeat.stale(), [outage.name for outage in health.dead()]
    hours = heartbeat.backup_age()
    backup = {"backup_hours": hours, "backup_late": heartbeat.backup_late(hours), "held": bool(hold.held_since())}
    answer = {"ok": not still, "still": still, "channels": outages, **backup}
    return JsonResponse(answer, status=503 if still else 200)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old, and keeps what was typed; or it came from elsewhere, and is refused."""
    kept = came_too_late(request)
    return kept or render(request, "web/refused.html", {"message": _("This form did not come from here.")}, status=403)
