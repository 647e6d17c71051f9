"""Who is on duty at a desk. Without a rota every desk counts as staffed, and nobody is named."""

from datetime import datetime


def on_duty(desk_id: int, at: datetime | None = None) -> list[int]:
    """The accounts on duty at a desk, by their shifts."""
    return []


def staffed(desk_id: int, at: datetime | None = None) -> bool:
    """Whether somebody is on duty, or the desk keeps no rota."""
    return True
