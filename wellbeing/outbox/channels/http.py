"""One JSON request to a gateway, with an end: no redirect followed, no proxy of the environment, a few seconds."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any

from wellbeing.outbox.channels.refused import Refused

SECONDS = 3.0
REFUSING = (400, 413, 422)  # said of this request; a key or an address that is wrong concerns them all
MOST = 65_536


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None  # a gateway that points elsewhere gets no notice there


_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Stay)


def stamp() -> str:
    """The world's clock in milliseconds, not the database's: the gateway compares it with its own."""
    return str(int(time.time() * 1000))


def post_json(url: str, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Send and give the answer. OSError when nobody answers in time or with a fault; Refused where it is this request
    that is not taken."""
    if not url.startswith(("https://", "http://")):
        raise OSError("not an address of the web")
    data = json.dumps(body, ensure_ascii=False).encode()
    wanted = {"Content-Type": "application/json; charset=utf-8", **(headers or {})}
    request = urllib.request.Request(url, data=data, headers=wanted, method="POST")  # noqa: S310  (checked above)
    try:
        with _OPENER.open(request, timeout=SECONDS) as answer:
            found = json.loads(answer.read(MOST) or b"{}")
    except urllib.error.HTTPError as fault:
        if fault.code in REFUSING:
            raise Refused(str(fault.code)) from None
        raise OSError(f"the gateway answered {fault.code}") from None
    except ValueError:
        raise OSError("the gateway answered no JSON") from None
    return found if isinstance(found, dict) else {}
