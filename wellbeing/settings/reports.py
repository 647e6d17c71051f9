"""What may leave the process when something goes wrong: where it broke, never with which words."""

import json
import logging
import traceback
from datetime import UTC, datetime
from typing import Any

from django.views.debug import SafeExceptionReporterFilter


class NothingReported(SafeExceptionReporterFilter):
    """Drops every local variable and every form field from error reports."""

    def is_active(self, request: Any) -> bool:
        return True

    def get_traceback_frame_variables(self, request: Any, tb_frame: Any) -> Any:
        return {}.items()

    def get_post_parameters(self, request: Any) -> dict[str, str]:
        return {}


class CodesOnly(logging.Formatter):
    """One JSON line per event: time (UTC), level, logger, process, the constant message, whose request on which route
    with which answer, and the place of an exception.

    A message's arguments, an address and an exception's text may carry what somebody typed: they stay out.
    """

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "process": record.process,
            "message": _constant(record),
        }
        codes = getattr(record, "codes", None)
        if isinstance(codes, dict):
            line["codes"] = {str(k): str(v) for k, v in codes.items()}
        line |= _asked(getattr(record, "request", None), getattr(record, "status_code", None))
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            frames = traceback.extract_tb(record.exc_info[2])[-6:]
            line["where"] = [f"{f.filename.rsplit('/', 1)[-1]}:{f.lineno}" for f in frames]
        return json.dumps(line, ensure_ascii=False)


def _constant(record: logging.LogRecord) -> str:
    """The message without its arguments; the name of an exception where it is that one's text (Django says so of a
    request that it refuses: a host, a name of a file)."""
    fault = record.exc_info[1] if record.exc_info else None
    if not isinstance(record.msg, str):
        return type(record.msg).__name__
    return type(fault).__name__ if fault is not None and str(fault) and str(fault) in record.msg else record.msg


def _asked(request: Any, status: Any) -> dict[str, Any]:
    """Of a request its route's name, the account that the doors found, and the answer: no address, no field."""
    match, actor = getattr(request, "resolver_match", None), getattr(request, "actor", None)
    found = {"route": getattr(match, "view_name", None), "person": getattr(actor, "id", None), "status": status}
    return {name: value for name, value in found.items() if isinstance(value, str | int)}
