"""Pages of accounts and posts: the system administrator proposes, the security administrator confirms."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.access.policy import may
from wellbeing.access.routes import requires
from wellbeing.action_page import Page, action_page, beside
from wellbeing.people import accounts as access
from wellbeing.people import actions
from wellbeing.people.account_forms import AccountForm, AppointForm, EndPostForm, SearchForm
from wellbeing.people.forms import BecauseForm
from wellbeing.people.models import Appointment, Post, User
from wellbeing.people.views import page_number
from wellbeing.workdays import now


@requires(P.ACCOUNT_LIST)
@require_safe
def accounts(request: HttpRequest) -> HttpResponse:
    """Everybody who can sign in, and the posts they hold."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    form = SearchForm(request.GET)
    words = form.cleaned_data["words"] if form.is_valid() else ""
    context = access.account_list(actor, words, page_number(request))
    context |= {"form": form, "words": words, "may_open": may(actor, P.ACCOUNT_OPEN)}
    return render(request, "people/accounts.html", context)


@requires(P.ACCOUNT_LIST)
@require_safe
def account_page(request: HttpRequest, reference: str) -> HttpResponse:
    """One account, its posts and its history."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    user = access.open_account(actor, reference)
    return render(request, "people/account.html", {**access.account_page(actor, user), "now": now()})


@requires(P.POST_CONFIRM)
@require_safe
def appointments(request: HttpRequest) -> HttpResponse:
    """The posts that wait for the second person."""
    return render(request, "people/appointments.html", {"waiting": access.waiting(request.actor), "now": now()})  # type: ignore[attr-defined]


@requires(P.ACCOUNT_OPEN, fresh=True)
@require_http_methods(["GET", "POST"])
def open_account(request: HttpRequest) -> HttpResponse:
    """Open an account and show its first password, once."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    form = AccountForm(request.POST or None, actor=actor, target=None)
    if form.is_bound and form.is_valid():
        with beside(form):
            word = actions.open_account(actor=actor, **form.cleaned_data)
            return _first_password(request, form.cleaned_data["username"], word)
    context = {
        "form": form,
        "title": _("Open an account"),
        "lead": _("It can do nothing before it has a post. Its first password is shown to you once, on the next page."),
        "back": reverse("accounts"),
        "submit_label": form.submit_label,
    }
    return render(request, "people/account_action.html", context, status=422 if form.is_bound else 200)


@requires(P.PASSWORD_RENEW, fresh=True)
@require_http_methods(["GET", "POST"])
def renew_password(request: HttpRequest, reference: str) -> HttpResponse:
    """Give an account a new first password and show it, once."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    user = access.open_account(actor, reference, P.PASSWORD_RENEW)
    form = BecauseForm(request.POST or None, actor=actor, target=user)
    if form.is_bound and form.is_valid():
        with beside(form):
            word = actions.renew_password(actor=actor, account=user, **form.cleaned_data)
            return _first_password(request, user.username, word)
    context = {
        "form": form,
        "target": user,
        "title": _("New first password"),
        "lead": _("For somebody who has forgotten hers. Make sure that it is she who asks; her sessions end."),
        "back": _address(user),
        "submit_label": _("Make a new password"),
    }
    return render(request, "people/account_action.html", context, status=422 if form.is_bound else 200)


def _first_password(request: HttpRequest, username: str, word: str | None) -> HttpResponse:
    if word is None:  # the form was sent before, and its password shown
        return redirect("accounts")
    return render(request, "people/first_password.html", {"username": username, "word": word})


def _address(user: User) -> str:
    return reverse("account_page", args=[user.pk])


def _of_account(step: str, permission: P, **more: Any) -> Page:
    """The page of a step with an account that needs a reason."""
    form = more.pop("form", BecauseForm)
    run = getattr(actions, step)

    def perform(actor: Actor, user: User, filled: Any) -> Any:
        given = filled.given() if isinstance(filled, AppointForm) else {"because": filled.cleaned_data["because"]}
        return run(actor=actor, account=user, key=filled.cleaned_data["key"], **given)

    return action_page(
        permission=permission,
        form=form,
        opener=access.open_account,
        perform=perform,
        address=_address,
        template="people/account_action.html",
        fresh=True,
        **more,
    )


appoint = _of_account(
    "appoint",
    P.POST_APPOINT,
    form=AppointForm,
    title=_("Appoint"),
    lead=_(
        "A post that reaches cases, and an administrator's, begins when the security administrator has confirmed it."
    ),
    done=_("The post is proposed."),
    first=lambda actor, user: {"starts_on": now().date(), "kind": "regular"},
)
reset_second_factor = _of_account(
    "reset_second_factor",
    P.SECOND_FACTOR_RESET,
    title=_("Reset the second factor"),
    lead=_(
        "For somebody who has lost hers and every recovery code, or whose account was in other hands. Make sure that "
        "it is she who asks. Her sessions end, and the tokens of her programs; the government's sign-on is no longer "
        "bound, and her next sign-in sets up a new one."
    ),
    done=_("The second factors are gone; the next sign-in sets up a new one."),
    danger=True,
)
close_account = _of_account(
    "close_account",
    P.ACCOUNT_CLOSE,
    title=_("Close the account"),
    lead=_("Nobody signs in with it any more. It is kept, because what she did names her."),
    done=_("The account is closed."),
    danger=True,
)


def _end(actor: Actor, post: Post, form: Any) -> Any:
    given = {name: form.cleaned_data[name] for name in ("last_day", "because", "key")}
    return actions.end_post(actor=actor, post=post, **given)


end_post = action_page(
    permission=P.POST_END,
    form=EndPostForm,
    opener=access.open_post,
    perform=_end,
    address=lambda post: _address(post.user),
    template="people/account_action.html",
    title=_("End the post"),
    lead=_("What the post and its holder could see ends with it. Her cases stay with their desks."),
    done=_("The post ends."),
    danger=True,
    fresh=True,
)


def _decided(step: str, **more: Any) -> Page:
    """The page of the second person's decision."""
    run = getattr(actions, step)

    def perform(actor: Actor, appointment: Appointment, form: Any) -> Any:
        values = form.cleaned_data
        return run(actor=actor, appointment=appointment, because=values["because"], key=values["key"])

    return action_page(
        permission=P.POST_CONFIRM,
        form=BecauseForm,
        opener=access.open_appointment,
        perform=perform,
        address=lambda appointment: reverse("appointments"),
        template="people/account_action.html",
        fresh=True,
        **more,
    )


confirm_appointment = _decided(
    "confirm_appointment",
    title=_("Confirm the post"),
    lead=_("Confirm it when you know from somebody else than the proposer that this person takes this post."),
    done=_("The post is in force."),
)
decline_appointment = _decided(
    "decline_appointment", title=_("Decline the post"), done=_("The post is declined."), danger=True
)
