"""Post a notice: a row in the business transaction, and one ring of the bell after its commit."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from wellbeing.ids import uuid7
from wellbeing.outbox import bell
from wellbeing.outbox.channels import CHANNELS, OUTWARD
from wellbeing.outbox.models import Notice


def post(
    *,
    kind: str,
    target: str,
    dedupe_key: str,
    desk_id: int | None = None,
    user_id: int | None = None,
    tier: str = "",
    channel: str = "in_app",
) -> None:
    """Write the notice for a desk or a person; the same dedupe key is written once. Never fails for a dead broker.

    Raises ValueError for a channel that nobody delivers.
    """
    _check(channel)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO outbox_notice (id, channel, kind, desk_id, user_id, target, tier, dedupe_key, created_at,"
            " not_before, attempts) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, app_now(), app_now(), 0)"
            # Without a conflict target: naming one would need sight of the rows, which only machines have.
            " ON CONFLICT DO NOTHING",
            [uuid7(), channel, kind, desk_id, user_id, target, tier, dedupe_key],
        )
    ring_after_commit()


def notice(*, at: datetime, channel: str = "in_app", **given: str | int | None) -> Notice:
    """The same as an unsaved row, for whoever writes many at once and then calls `ring_after_commit`; its dedupe key
    must be a new one."""
    _check(channel)
    return Notice(channel=channel, created_at=at, not_before=at, **given)


def ring_after_commit() -> None:
    """Ring the bell once when this transaction has committed."""
    if not any(bell.ring in entry for entry in connection.run_on_commit):
        transaction.on_commit(bell.ring, robust=True)


def _check(channel: str) -> None:
    if channel not in CHANNELS and channel not in OUTWARD:
        raise ValueError(f"no channel {channel}")
