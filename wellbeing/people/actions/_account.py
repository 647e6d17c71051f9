"""What the verbs of accounts and posts share: the note with its reason, the post that begins, the first password."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _

from wellbeing.access.actor import Actor
from wellbeing.errors import Invalid
from wellbeing.people.actions._moving import reason
from wellbeing.people.models import AccountAct, AccountEntry, Appointment, Desk, Post, Private, User
from wellbeing.workdays import now

FIRST_PASSWORD = timedelta(days=3)  # to use it in: a default of ours (OWASP ASVS 5.0, 6.4.1: short, and replaced)
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def note(actor: Actor, user: User, act: AccountAct, because: str, desk: Desk | None = None) -> None:
    """Add to the account's history. Raises Invalid without a reason, or for the actor's own account."""
    if user.pk == actor.id:
        raise Invalid("", _("Not for your own account: another administrator does it."))
    AccountEntry.objects.create(
        user_id=user.pk, act=act, desk=desk, because=reason(because), made_by_id=actor.person, at=now()
    )


def begin_post(appointment: Appointment) -> Post:
    """The post of an appointment that is in force, and guardian's group with it."""
    post = Post.objects.create(
        user_id=appointment.user_id,
        desk_id=appointment.desk_id,
        starts_on=appointment.starts_on,
        ends_on=appointment.ends_on,
    )
    appointment.user.groups.add(appointment.desk.group)
    return post


def first_password(user: User, private: Private) -> str:
    """Give an unsaved change of the account a random password, good for three days: 20 letters, 99 bits."""
    word = "-".join("".join(secrets.choice(LETTERS) for _letter in range(5)) for _part in range(4))
    private.password = make_password(word)
    user.first_password_until = now() + FIRST_PASSWORD
    return word
