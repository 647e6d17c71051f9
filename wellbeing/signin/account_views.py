"""One's own account: second factors, recovery codes, sessions, password."""

import binascii
from typing import Any
from uuid import UUID, uuid5

import pyotp
import segno
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.proof import Proof
from wellbeing.access.routes import requires
from wellbeing.errors import Invalid
from wellbeing.people.desks import running
from wellbeing.people.models import User
from wellbeing.signin import actions, lockout, passkeys, proof, sign_on
from wellbeing.signin.factors import codes_left, factors_of, sealed, unsealed
from wellbeing.signin.forms import PasskeyForm, PasswordForm, ReachForm, TotpForm
from wellbeing.signin.models import By, FactorKind
from wellbeing.signin.sessions import handle, kept_as, sessions_of
from wellbeing.vault.suites import SealError

ISSUER = "2912345"
ENROLS = UUID("6d0e6a8e-3f8b-4c52-9f0a-57f6f1f1b9a4")  # names the place of a secret that is only on a page


@requires(P.ACCOUNT_KEEP)
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """My posts and how long they run, what I sign in with, and where I am signed in."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    mine = kept_as(request.session.session_key or "")
    sessions = [
        {"it": row, "handle": handle(row.session_key), "here": row.session_key == mine}
        for row in sessions_of(actor.person)
    ]
    context = {
        "posts": running(_user(request)),
        "factors": factors_of(actor.person),
        "codes": codes_left(actor.person),
        "sessions": sessions,
        "sign_on": sign_on.offered(),
        "bound": sign_on.is_bound(actor.person),
        "reach": _user(request).private,
    }
    return render(request, "signin/account.html", context)


@requires(P.ACCOUNT_KEEP, proof=Proof.FIRST)
@require_safe
def second_factor(request: HttpRequest) -> HttpResponse:
    """Choose a second factor to set up."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    context = {"able": passkeys.site(request).able, "factors": factors_of(actor.person)}
    return render(request, "signin/second_factor.html", context)


@requires(P.ACCOUNT_KEEP, proof=Proof.FIRST)
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def set_up_totp(request: HttpRequest) -> HttpResponse:
    """Show a secret for an authenticator app; its first code proves that the app has it.

    Until then the secret is kept nowhere but on the page, sealed for this account alone.
    """
    actor: Actor = request.actor  # type: ignore[attr-defined]
    place = uuid5(ENROLS, str(actor.person))
    form = TotpForm(request.POST or None)
    secret = pyotp.random_base32()
    if form.is_bound and form.is_valid():
        try:
            secret = unsealed(place, actor.person, binascii.unhexlify(form.cleaned_data["secret"])).decode()
            actions.enrol_totp(actor=actor, secret=secret, code=form.cleaned_data["code"], name=_("Authenticator app"))
        except Invalid as refused:
            form.add_error("code", refused.message)
        except (SealError, binascii.Error):
            form.add_error("code", _("This page was too old: scan the new picture."))
            secret = pyotp.random_base32()
        else:
            return _set_up(request, actor, By.TOTP)
    address = pyotp.TOTP(secret).provisioning_uri(name=request.user.get_username(), issuer_name=ISSUER)
    context = {
        "form": form,
        "held": sealed(place, actor.person, secret.encode()).hex(),
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "picture": segno.make(address, error="m").svg_data_uri(scale=5, border=2),
    }
    return render(request, "signin/set_up_totp.html", context, status=422 if form.is_bound else 200)


@requires(P.ACCOUNT_KEEP, proof=Proof.FIRST)
@never_cache
@require_http_methods(["GET", "POST"])
def set_up_passkey(request: HttpRequest) -> HttpResponse:
    """Ask the browser for a passkey and keep what it gives."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    where = passkeys.site(request)
    if not where.able:
        return redirect("second_factor")
    form = PasskeyForm(request.POST or None, initial={"name": _("Passkey")})
    challenge = request.session.pop("challenge", "")
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            actions.enrol_passkey(
                actor=actor,
                answer=given["answer"],
                where=where,
                challenge=base64url_to_bytes(challenge),
                name=given["name"],
            )
        except Invalid as refused:
            form.add_error(None, refused.message)
        else:
            return _set_up(request, actor, By.PASSKEY)
    known = [bytes(one.credential or b"") for one in factors_of(actor.person) if one.kind == FactorKind.PASSKEY]
    options, asked = passkeys.making(where, actor.person, request.user.get_username(), known)
    request.session["challenge"] = bytes_to_base64url(asked)
    return render(
        request, "signin/set_up_passkey.html", {"form": form, "options": options}, status=422 if form.is_bound else 200
    )


@requires(P.ACCOUNT_KEEP, fresh=True)
@require_POST
def drop_factor(request: HttpRequest, factor: UUID) -> HttpResponse:
    """Take a second factor away."""
    try:
        actions.drop_factor(actor=request.actor, factor_id=factor)  # type: ignore[attr-defined]
    except Invalid as refused:
        messages.error(request, refused.message)
    return redirect("account")


@requires(P.ACCOUNT_KEEP, fresh=True)
@require_POST
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Make new recovery codes and show them, once."""
    codes = actions.renew_codes(actor=request.actor)  # type: ignore[attr-defined]
    return render(request, "signin/codes.html", {"codes": codes})


@requires(P.ACCOUNT_KEEP, fresh=True)
@require_POST
def end_session(request: HttpRequest) -> HttpResponse:
    """End the session that the button names, or all others."""
    ended = actions.end_session(
        actor=request.actor,  # type: ignore[attr-defined]
        mine=request.session.session_key or "",
        only=request.POST.get("session", ""),
    )
    messages.success(request, _("Sessions ended: %(n)s.") % {"n": ended})
    return redirect("account")


@requires(P.ACCOUNT_KEEP, proof=Proof.FIRST)
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """Replace my password; my other sessions end."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    user = _user(request)
    form = PasswordForm(request.POST or None)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        given: dict[str, Any] = form.cleaned_data
        try:
            attempt = lockout.begin_try(request, "password", user.username)
            actions.change_password(actor=actor, old=given["old"], new=given["new"])
        except lockout.Slowed as slowed:
            form.add_error("old", _("Too many tries. Wait %(n)s minutes.") % {"n": -(-slowed.wait // 60)})
            status = 429
        except Invalid as refused:
            form.add_error(refused.field, refused.message)
            if refused.field != "old":  # the present password was right
                attempt.succeeded()
        else:
            attempt.succeeded()
            user.refresh_from_db()
            update_session_auth_hash(request, user)
            messages.success(request, _("Your password is changed."))
            return redirect("account")
    return render(request, "signin/password.html", {"form": form, "first": user.first_password_until}, status=status)


@requires(P.ACCOUNT_KEEP, fresh=True)
@never_cache
@require_http_methods(["GET", "POST"])
def change_reach(request: HttpRequest) -> HttpResponse:
    """Where notices reach me: whoever has a new mobile is on duty with that one."""
    private = _user(request).private
    form = ReachForm(request.POST or None, initial={"mobile": private.mobile, "email": private.email})
    if form.is_bound and form.is_valid():
        try:
            actions.change_reach(actor=request.actor, **form.cleaned_data)  # type: ignore[attr-defined]
        except Invalid as refused:
            form.add_error(refused.field, refused.message)
        else:
            messages.success(request, _("Kept. Notices go there from now on."))
            return redirect("account")
    return render(request, "signin/reach.html", {"form": form}, status=422 if form.is_bound else 200)


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _set_up(request: HttpRequest, actor: Actor, by: By) -> HttpResponse:
    """A factor stands: it was shown just now. With the first one come its recovery codes."""
    proof.show(request, actor, by)
    if codes_left(actor.person):
        messages.success(request, _("The second factor is set up."))
        return redirect("account")
    answer = render(
        request, "signin/codes.html", {"codes": actions.renew_codes(actor=proof.who(request)), "first": True}
    )
    return lockout.remember(request, answer, request.user.get_username())
