"""Set up a city: organisations, desks, schools, accounts and posts. Safe to repeat; used by the demo and by tests."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.models import Group

from wellbeing.people.models import Desk, Organisation, Post, User


def desk(organisation: Organisation, role: str) -> Desk:
    """The desk of a role at an organisation, made when there is none."""
    found = Desk.objects.filter(organisation=organisation, role=role).first()
    if found:
        return found
    group, _made = Group.objects.get_or_create(name=f"{organisation.code}/{role}")
    return Desk.objects.create(group=group, organisation=organisation, role=role)


def account(username: str, name: str, password: str) -> User:
    """An account with a password; an existing one is left as it is."""
    found = User.objects.filter(username=username).first()
    return found or User.objects.create_user(username, password=password, display_name=name)


def appoint(user: User, at: Desk, *, starts_on: date) -> Post:
    """Give a user a post at a desk, and guardian's group with it."""
    post, _made = Post.objects.get_or_create(user=user, desk=at, ends_on=None, defaults={"starts_on": starts_on})
    user.groups.add(at.group)
    return post
