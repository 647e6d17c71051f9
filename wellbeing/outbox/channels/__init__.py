"""The ways to a person: one module each, with `send(notices)`. Each is delivered in transactions of its own."""

from collections.abc import Callable, Sequence

from wellbeing.outbox.channels import in_app
from wellbeing.outbox.models import Notice

Send = Callable[[Sequence[Notice]], None]
# In the order of delivery: what everybody has comes before what may be slow.
CHANNELS: dict[str, Send] = {"in_app": in_app.send}


def ways(*, user_id: int | None = None, desk_id: int | None = None) -> tuple[str, ...]:
    """The channels besides the page that can reach a person or a desk now."""
    return ()
