"""The process log, sent to another machine as it comes: syslog (RFC 5424) over TLS (RFC 5425), to LOG_ADDRESS.

Nobody waits for the collector: a line is put into a queue and sent by a thread. While the collector is away the newest
lines beyond QUEUE are dropped, and how many is the first thing it hears afterwards; all of them stand in standard error
as well. The collector's certificate is checked against LOG_CA_FILE (or the machine's authorities) and its name.
"""

from __future__ import annotations

import logging
import os
import queue
import socket
import ssl
import threading
import time
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

QUEUE = 10_000  # lines
SECONDS = 10  # to connect and to send
PAUSES = (1, 2, 5, 15, 30)  # seconds between tries, the last for ever
SEVERITY = {logging.CRITICAL: 2, logging.ERROR: 3, logging.WARNING: 4, logging.INFO: 6}
FACILITY = 10  # security and authorization, private


class Collector(logging.Handler):
    """Sends formatted records to `tls://host:port`. ImproperlyConfigured for any other address."""

    def __init__(self, address: str, ca_file: str = "") -> None:
        super().__init__()
        to = urlsplit(address)
        if to.scheme != "tls" or not to.hostname:
            raise ImproperlyConfigured("LOG_ADDRESS must be tls://host:port.")
        self._to = (to.hostname, to.port or 6514)
        self._trusted = ssl.create_default_context(cafile=ca_file or None)
        self._lines: queue.Queue[bytes] = queue.Queue(QUEUE)
        self._sender = 0  # the process whose thread sends: one that was forked starts its own
        self.dropped = 0

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._begin()
            self._lines.put_nowait(_line(record.levelno, record.created, self.format(record)))
        except queue.Full:
            self.dropped += 1

    def _begin(self) -> None:
        if self._sender != os.getpid():
            self._sender = os.getpid()
            threading.Thread(target=self._send, name="log collector", daemon=True).start()

    def _send(self) -> None:
        """For ever: one line after the other; one that did not go is sent again on the next connection."""
        line, failed = self._lines.get(), 0
        while True:
            try:
                with self._connected() as way:
                    failed = 0
                    self._confess(way)
                    while True:
                        way.sendall(line)
                        line = self._lines.get()
            except OSError:  # ssl's faults are of this kind too
                time.sleep(PAUSES[min(failed, len(PAUSES) - 1)])
                failed += 1

    def _connected(self) -> ssl.SSLSocket:
        plain = socket.create_connection(self._to, SECONDS)
        try:
            return self._trusted.wrap_socket(plain, server_hostname=self._to[0])
        except OSError:
            plain.close()
            raise

    def _confess(self, way: ssl.SSLSocket) -> None:
        if self.dropped:
            count, self.dropped = self.dropped, 0
            record = logging.LogRecord(__name__, logging.ERROR, "", 0, "lines were dropped", (), None)
            record.codes = {"count": count}
            way.sendall(_line(record.levelno, record.created, self.format(record)))


def _line(level: int, at: float, text: str) -> bytes:
    """One message with its length before it (RFC 5425, 4.3)."""
    priority = FACILITY * 8 + SEVERITY.get(level, 7)
    moment = datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    message = f"<{priority}>1 {moment} {socket.gethostname() or '-'} wellbeing {os.getpid()} - - {text}".encode()
    return b"%d %s" % (len(message), message)


def collected(logging_settings: dict[str, Any], address: str, ca_file: str) -> dict[str, Any]:
    """The settings of the log with a collector beside standard error, where there is one."""
    if not address:
        return logging_settings
    handler = {"()": Collector, "address": address, "ca_file": ca_file, "formatter": "codes"}
    root = logging_settings["root"]
    return logging_settings | {
        "handlers": logging_settings["handlers"] | {"collector": handler},
        "root": root | {"handlers": [*root["handlers"], "collector"]},
    }
