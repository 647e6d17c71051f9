"""Home by role, sign-in and out, the language, the notices that arrive without a reload, and health."""

from typing import Any

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.forms import AuthenticationForm
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.i18n import set_language

from wellbeing.access.actor import Actor, identity
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.access.routes import open_to_all, requires
from wellbeing.audit.record import SYSTEM_STREAM, record, user_stream
from wellbeing.audit.tags import Tag
from wellbeing.outbox import health, heartbeat
from wellbeing.outbox.inbox import mark_seen, unread
from wellbeing.web.answers import came_too_late

# Where each kind of work begins, the most urgent first.
FIRST_PAGES = (
    (P.CALL_TAKE, "case_list"),
    (P.BOARD_SEE, "board"),
    (P.FIGURES_SEE, "oversight"),
    (P.CASE_LIST, "case_list"),
    (P.REFERRAL_LIST, "referral_list"),
    (P.AUDIT_SEE, "audit"),
)


@requires(P.HOME_SEE)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Straight to the page where this person's work begins; those without such a page see who they are."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    for permission, name in FIRST_PAGES:
        if may(actor, permission):
            return redirect(name)
    return render(request, "web/home.html")


@open_to_all
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Name and password; both outcomes are audited, neither says which of the two was wrong."""
    if request.user.is_authenticated and request.method == "GET":
        return redirect("home")
    form = AuthenticationForm(request, data=request.POST or None)
    if form.is_bound and form.is_valid():
        user = form.get_user()
        login(request, user)
        actor = Actor.of(user)
        with identity(actor):
            record(stream=user_stream(user.pk), act=Tag.SIGN_IN, actor=actor, facts={})
        target = request.POST.get("next", "")
        safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
        return redirect(target if safe else "home")
    if form.is_bound:
        machine = Actor.machine("web")
        with identity(machine):
            record(stream=SYSTEM_STREAM, act=Tag.SIGN_IN_FAILED, actor=machine, facts={})
    context = {"form": form, "next": request.GET.get("next", ""), "demo": settings.DEMO}
    return render(request, "web/sign_in.html", context, status=422 if form.is_bound else 200)


@open_to_all
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session and clear what the browser keeps of it."""
    if request.user.is_authenticated:
        actor = Actor.of(request.user)
        with identity(actor):
            record(stream=user_stream(request.user.pk), act=Tag.SIGN_OUT, actor=actor, facts={})
    logout(request)
    response = redirect("sign_in")
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@open_to_all
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Switch between Chinese and English."""
    return set_language(request)


def address_of(target: str) -> str:
    """Where a notice leads: `case:REF`, `referral:REF`, `rota`, `returns` or `interviews`; else nowhere."""
    kind, _colon, reference = target.partition(":")
    if target in ("rota", "returns", "interviews"):
        return reverse(target)
    return reverse(kind, args=[reference]) if kind in ("case", "referral") and reference else ""


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

    A channel that fails is named and turns nothing red: the page and everything else works, and no balancer may take
    a web server away for it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    still, outages = heartbeat.stale(), [outage.name for outage in health.dead()]
    answer = {"ok": not still, "still": still, "channels": outages}
    return JsonResponse(answer, status=503 if still else 200)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old, and keeps what was typed; or it came from elsewhere, and is refused."""
    kept = came_too_late(request, signed_out=False)
    return kept or render(request, "web/refused.html", {"message": _("This form did not come from here.")}, status=403)
