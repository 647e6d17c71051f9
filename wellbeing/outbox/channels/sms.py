"""SMS through a gateway's HTTP interface: signed, and with the notice's id, by which the gateway drops a repeat."""

import hmac
from collections.abc import Sequence

from django.conf import settings

from wellbeing.outbox.channels.http import post_json, stamp
from wellbeing.outbox.channels.refused import Refused
from wellbeing.outbox.channels.words import words
from wellbeing.outbox.models import Notice


def configured() -> bool:
    return bool(settings.SMS_GATEWAY_URL and settings.SMS_GATEWAY_KEY)


def sign(key: str, timestamp: str, notice: str, mobile: str) -> str:
    """HMAC-SHA256 over the lines timestamp, id and mobile, in hexadecimal (header X-Signature)."""
    return hmac.new(key.encode(), f"{timestamp}\n{notice}\n{mobile}".encode(), "sha256").hexdigest()


def send(notices: Sequence[Notice]) -> None:
    """Hand each notice to the gateway, which answers `{"accepted": true}`."""
    for notice in notices:
        mobile = notice.user.private.mobile if notice.user else ""
        if not mobile:
            raise Refused("no mobile")
        sent, pk = stamp(), str(notice.pk)
        body = {"id": pk, "mobile": mobile, "text": words(notice.tier), "timestamp": sent}
        signature = {"X-Signature": sign(settings.SMS_GATEWAY_KEY, sent, pk, mobile)}
        if post_json(settings.SMS_GATEWAY_URL, body, signature).get("accepted") is not True:
            raise OSError("the gateway did not accept it")
