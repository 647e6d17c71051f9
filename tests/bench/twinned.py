"""The product as it runs, and beside it the static twins of its pages (tests/bench/pages.py): same server, same origin.

A twin is a file of JSON (headers, body) in the folder that `TWINS_FOLDER` names.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from wellbeing.wsgi import application as city

TWINS = "/bench-twin/"


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """A twin where one is asked for; whatever else is the product's."""
    path: str = environ["PATH_INFO"]
    if not path.startswith(TWINS):
        return city(environ, start_response)
    twin = json.loads((Path(os.environ["TWINS_FOLDER"]) / Path(path).name).read_text())
    start_response("200 OK", list(twin["headers"].items()))
    return [twin["body"].encode()]
