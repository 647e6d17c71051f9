"""Tell every desk of some roles: something waits for whoever sits there, as the second person or as the next level."""

from wellbeing.outbox.post import post
from wellbeing.people.models import Desk, Role


def tell_desks(*roles: Role, kind: str, target: str, key: str, but: int | None = None) -> None:
    """One notice for each desk of these roles, `but` one; the same `key` of a kind is told a desk once."""
    for desk in Desk.objects.filter(role__in=roles).exclude(pk=but):
        post(kind=kind, target=target, desk_id=desk.pk, dedupe_key=f"{kind}:{key}:{desk.pk}")
