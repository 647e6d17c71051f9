"""Heartbeats: a ticker or worker that stands still for half a minute is seen on every page."""

from django.db import connection

NAMES = ("ticker", "worker")
STILL_SECONDS = 30
BACKUP, BACKUP_HOURS = "backup", 26  # a night missed, and two hours


def beat(name: str) -> None:
    """Write that this machine lives (by the real clock: a moved test clock must not look like a stop)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO outbox_heartbeat (name, beat_at) VALUES (%s, clock_timestamp())"
            " ON CONFLICT (name) DO UPDATE SET beat_at = excluded.beat_at",
            [name],
        )


def stale(seconds: int = STILL_SECONDS) -> list[str]:
    """The machines that stand still, or never started."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM outbox_heartbeat WHERE beat_at > clock_timestamp() - %s * interval '1 second'", [seconds]
        )
        alive = {name for (name,) in cursor.fetchall()}
    return [name for name in NAMES if name not in alive]


def backup_age() -> int | None:
    """Whole hours since the last backup was taken; None where none ever was."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM clock_timestamp() - beat_at)::bigint / 3600 FROM outbox_heartbeat"
            " WHERE name = %s",
            [BACKUP],
        )
        row = cursor.fetchone()
    return row and int(row[0])


def backup_late(hours: int | None) -> bool:
    """Whether somebody has to look: none yet, or the last one too long ago."""
    return hours is None or hours >= BACKUP_HOURS
