"""Seal the second factors that stand when the first version begins whose seals say whose a factor is, once
(wellbeing/access/adopting.py)."""

from wellbeing.access.actor import Actor, identity
from wellbeing.access.adopting import besides
from wellbeing.people.models import User
from wellbeing.signin.factors import adopt, factors_of


@besides
def seal_factors() -> int:
    """Each under its owner's identity, for the wall lets nobody else write it; returns how many."""
    users, done = list(User.objects.order_by("pk")), 0
    for user in users:
        with identity(Actor(id=user.pk, name=str(user))):
            done += sum([adopt(factor) for factor in factors_of(user.pk)])
    return done
