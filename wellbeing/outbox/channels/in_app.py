"""The page itself: a notice becomes one inbox item."""

from collections.abc import Sequence

from django.db import connection

from wellbeing.outbox.models import Notice


def send(notices: Sequence[Notice]) -> None:
    """Put the notices in their inboxes; one that is there already stays as it is."""
    ids = [notice.pk for notice in notices]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO outbox_inboxitem"
            " (id, notice_id, desk_id, user_id, kind, target, tier, created_at, delivered_at)"
            " SELECT id, id, desk_id, user_id, kind, target, tier, created_at, app_now() FROM outbox_notice"
            " WHERE id = ANY(%s) ON CONFLICT DO NOTHING",
            [ids],
        )
