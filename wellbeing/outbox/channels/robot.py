"""The group robot of the government's chat: a signed webhook per desk (timestamp and HMAC-SHA256 in the address).

Secrets are not in the database: the file ROBOTS_FILE names, by the desk (`<organisation code>/<role>`), its `url` and
`secret`.
"""

import base64
import hmac
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote_plus

from django.conf import settings
from django.contrib.auth.models import Group

from wellbeing.outbox.channels.http import post_json, stamp
from wellbeing.outbox.channels.refused import Refused
from wellbeing.outbox.channels.words import words
from wellbeing.outbox.models import Notice


def configured() -> bool:
    return bool(settings.ROBOTS_FILE)


def known(desk_id: int) -> bool:
    """Whether the desk has a robot; yes while nobody can read the file, so that the failure is seen on its way out."""
    try:
        return _robot(desk_id) is not None
    except (OSError, ValueError):
        return True


def sign(secret: str, timestamp: str) -> str:
    """Base64 of HMAC-SHA256 under the secret over `timestamp`, a line feed and the secret: the robot's own form."""
    digest = hmac.new(secret.encode(), f"{timestamp}\n{secret}".encode(), "sha256").digest()
    return base64.b64encode(digest).decode()


def send(notices: Sequence[Notice]) -> None:
    """Say each notice in its desk's group; the robot answers `{"errcode": 0}`."""
    for notice in notices:
        found = _robot(notice.desk_id) if notice.desk_id else None
        if found is None:
            raise Refused("no robot")
        sent = stamp()
        joint = "&" if "?" in found["url"] else "?"
        url = f"{found['url']}{joint}timestamp={sent}&sign={quote_plus(sign(found['secret'], sent))}"
        answer = post_json(url, {"msgtype": "text", "text": {"content": words(notice.tier)}})
        if answer.get("errcode") != 0:
            raise OSError("the robot did not accept it")


def _robot(desk_id: int) -> Mapping[str, str] | None:
    name = Group.objects.filter(pk=desk_id).values_list("name", flat=True).first()
    path = Path(settings.ROBOTS_FILE)
    return _robots(str(path), path.stat().st_mtime_ns).get(name or "")


@lru_cache(maxsize=4)
def _robots(path: str, _changed: int) -> dict[str, Mapping[str, str]]:
    """The file as it is: read again when it changed."""
    found: dict[str, Mapping[str, str]] = json.loads(Path(path).read_text(encoding="utf-8"))
    return found
