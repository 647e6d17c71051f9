"""The ways to a person: one module each, with `send(notices)`.

The page (`in_app`) is everybody's and quick: it is delivered inside the transaction that claims. The others go over a
network that may hang, so each is delivered by itself and a notice at a time (outbox/courier.py); one that is not set
up does not exist.
"""

from collections.abc import Callable, Sequence
from types import ModuleType

from django.db import connection

from wellbeing.outbox.channels import email, in_app, robot, sms
from wellbeing.outbox.models import Notice

Send = Callable[[Sequence[Notice]], None]
CHANNELS: dict[str, Send] = {"in_app": in_app.send}
OUTWARD: dict[str, ModuleType] = {"robot": robot, "sms": sms, "email": email}


def outward() -> tuple[str, ...]:
    """The channels besides the page that are set up."""
    return tuple(name for name, channel in OUTWARD.items() if channel.configured())


def ways(*, user_id: int | None = None, desk_id: int | None = None) -> tuple[str, ...]:
    """The channels besides the page that can reach a person, or a desk, now: set up, and with a known address."""
    names = outward()
    if desk_id is not None:
        return ("robot",) if "robot" in names and robot.known(desk_id) else ()
    if not names or user_id is None:
        return ()
    with connection.cursor() as cursor:
        cursor.execute("SELECT app_ways(%s)", [user_id])  # which there are; the addresses are machines' to read
        (known,) = cursor.fetchone()
    return tuple(name for name in known if name in names)
