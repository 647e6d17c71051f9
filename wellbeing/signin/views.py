"""Signing in and out: the password, the second factor, and the government's sign-on."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from wellbeing.access.actor import Actor, identity
from wellbeing.access.machines import WEB
from wellbeing.access.permissions import P
from wellbeing.access.proof import Proof, is_fresh
from wellbeing.access.routes import open_to_all, requires
from wellbeing.audit.record import SYSTEM_STREAM, record, user_stream
from wellbeing.audit.tags import Tag
from wellbeing.errors import Invalid, Stale
from wellbeing.people.models import User
from wellbeing.signin import actions, lockout, passkeys, proof, sign_on
from wellbeing.signin.factors import codes_left, factors_of, shown_by_code, shown_by_passkey
from wellbeing.signin.forms import ConfirmForm, SignInForm
from wellbeing.signin.leaving import missed, owed
from wellbeing.signin.models import By, FactorKind

BACKEND = settings.AUTHENTICATION_BACKENDS[0]


@open_to_all
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Name and password. A wrong one is audited and slowed down, and nothing says which of the two was wrong."""
    if request.user.is_authenticated and request.method == "GET":
        return redirect("home")
    form = SignInForm(request, data=request.POST or None)
    status = 200
    if form.is_bound:
        status = 422
        try:
            attempt = lockout.begin_try(request, "password", request.POST.get("username", ""))
        except lockout.Slowed as slowed:
            return _sign_in_page(request, form, 429, wait=slowed.wait)
        if form.is_valid():
            attempt.succeeded()
            return _enter(request, form.get_user(), By.PASSWORD, request.POST.get("next", ""))
        _refused(By.PASSWORD)
    return _sign_in_page(request, form, status)


@open_to_all
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session and clear what the browser keeps of it; what is owed first comes first."""
    if request.user.is_authenticated:
        actor = Actor.of(request.user)
        with identity(actor):
            if route := owed(actor):
                return redirect(route)
            record(stream=user_stream(request.user.pk), act=Tag.SIGN_OUT, actor=actor, facts={})
    logout(request)
    response = redirect("sign_in")
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@requires(P.ACCOUNT_KEEP, proof=Proof.PASSWORD)
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Show the second factor: once to come in, and anew before what needs a fresh proof."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    user = request.user
    assert isinstance(user, User)
    form = ConfirmForm(request.POST or None)
    if not form.is_bound:
        return _confirm_page(request, form, 200)
    try:
        attempt = lockout.begin_try(request, "second", user.username)
    except lockout.Slowed as slowed:
        return _confirm_page(request, form, 429, wait=slowed.wait)
    by = _shown(request, form) if form.is_valid() else None
    if by is None:
        record(stream=user_stream(user.pk), act=Tag.SIGN_IN_FAILED, actor=actor, facts={"by": _tried(form)})
        form.add_error("code", _("This was not right. A code of the app counts once, and only for half a minute."))
        return _confirm_page(request, form, 422)
    attempt.succeeded()
    proof.show(request, actor, by)
    if by is By.RECOVERY:
        messages.warning(request, _codes(codes_left(user.pk)))
    return _inside(request, user, request.session.pop("next", ""))


@open_to_all
@require_safe
def sign_on_go(request: HttpRequest) -> HttpResponse:
    """To the government's sign-on, to come in, or to bind the account whose page asked for it."""
    answer = sign_on.lead_away(request) if sign_on.offered() else None
    if answer is None:
        messages.error(request, _("The government's sign-on does not answer. Sign in with your password."))
        return redirect("sign_in")
    return answer


@requires(P.ACCOUNT_KEEP, fresh=True)
@require_POST
def bind_sign_on(request: HttpRequest) -> HttpResponse:
    """To the government's sign-on, to bind one's account to it, by a link: forms may lead nowhere else."""
    request.session["binding"] = True
    return render(request, "signin/away.html")


@open_to_all
@never_cache
@require_safe
def sign_on_back(request: HttpRequest) -> HttpResponse:
    """Back from the government's sign-on: bind the account that asked for it, or sign in the account that is bound."""
    subject = sign_on.came_back(request) if sign_on.offered() else None
    binding = request.session.pop("binding", False)
    if subject and binding and request.user.is_authenticated:
        try:
            actions.bind_sign_on(actor=proof.who(request), issuer=subject.issuer, subject=subject.subject)
        except Stale:  # the way there and back took longer than a proof is fresh
            return redirect("confirm")
        except Invalid as refused:
            messages.error(request, refused.message)
        return redirect("account")
    user = sign_on.account_of(subject) if subject else None
    if subject is None or user is None:
        _refused(By.SIGN_ON)
        messages.error(
            request,
            _("This sign-on leads to no account here. Sign in with your password, and bind it on your account's page."),
        )
        return redirect("sign_in")
    answer = _enter(request, user, By.SIGN_ON, "")
    if subject.strong and (not subject.at or is_fresh(subject.at)):
        proof.show(request, Actor.of(user), By.SIGN_ON, at=subject.at)
        return _inside(request, user, "")
    return answer


def _enter(request: HttpRequest, user: Any, by: By, target: str) -> HttpResponse:
    """Begin a session, a new one in any case; what it still has to show, the doors ask for. That the first half was
    right is an event too: somebody who has a password and no more stops here."""
    if SESSION_KEY in request.session:  # of a session of her own Django would keep the cookie, for eight hours more
        request.session.flush()
    login(request, user, backend=BACKEND)
    if "proved_at" not in request.session:
        actor = Actor.of(user)
        with identity(actor):
            record(stream=user_stream(user.pk), act=Tag.SIGN_IN_HALF, actor=actor, facts={"by": by})
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    if "proved_at" in request.session:
        return _inside(request, user, target if safe else "")
    return redirect(target if safe else "home")


def _inside(request: HttpRequest, user: User, target: str) -> HttpResponse:
    """Signed in: to where she was going, told what she left open; who was going nowhere goes there first."""
    actor = proof.who(request)
    with identity(actor):
        left = missed(actor)
    if left and target:  # the page where it is made good says so itself
        messages.warning(request, left[1])
    return lockout.remember(request, redirect(target or (left[0] if left else "home")), user.username)


def _codes(left: int) -> str:
    """How many recovery codes are left, and what to do where it was the last."""
    if not left:
        return _(
            "That was your last recovery code: make new ones on the page of your account, or nothing replaces a loss."
        )
    return _("Recovery codes left: %(n)s.") % {"n": left}


def _refused(by: By) -> None:
    with identity(WEB):
        record(stream=SYSTEM_STREAM, act=Tag.SIGN_IN_FAILED, actor=WEB, facts={"by": by})


def _sign_in_page(request: HttpRequest, form: SignInForm, status: int, wait: int = 0) -> HttpResponse:
    context = {"form": form, "next": request.POST.get("next", request.GET.get("next", "")), "demo": settings.DEMO}
    context |= {"wait": wait, "minutes": -(-wait // 60), "sign_on": sign_on.offered()}
    return render(request, "web/sign_in.html", context, status=status)


def _shown(request: HttpRequest, form: ConfirmForm) -> By | None:
    """What the sent form shows of the session's owner. A challenge is answered once."""
    given, user = form.cleaned_data, request.user
    challenge = request.session.pop("challenge", "")
    assert isinstance(user, User)
    if given["answer"] and challenge:
        return shown_by_passkey(user.pk, given["answer"], passkeys.site(request), base64url_to_bytes(challenge))
    if given["code"]:
        return shown_by_code(user.pk, given["code"])
    alone = given["password"] and not factors_of(user.pk)
    return By.PASSWORD if alone and user.check_password(given["password"]) else None


def _tried(form: ConfirmForm) -> By:
    """What a form that showed nothing was meant to show: an app's code is of figures alone."""
    if form.data.get("answer"):
        return By.PASSKEY
    code = form.data.get("code", "").replace(" ", "")
    if not code and form.data.get("password"):
        return By.PASSWORD
    return By.TOTP if code.isdigit() else By.RECOVERY


def _confirm_page(request: HttpRequest, form: ConfirmForm, status: int, wait: int = 0) -> HttpResponse:
    user = request.user
    assert isinstance(user, User)
    factors, where = factors_of(user.pk), passkeys.site(request)
    keys = [bytes(one.credential or b"") for one in factors if one.kind == FactorKind.PASSKEY]
    options = ""
    if keys and where.able:
        options, challenge = passkeys.asking(where, keys)
        request.session["challenge"] = bytes_to_base64url(challenge)
    context = {
        "form": form,
        "options": options,
        "app": any(one.kind == FactorKind.TOTP for one in factors),
        "factors": factors,
        "again": "proved_at" in request.session,
        "wait": wait,
        "minutes": -(-wait // 60),
    }
    return render(request, "signin/confirm.html", context, status=status)
