"""The log leaves the machine by TLS, line by line, and nobody waits for it."""

from __future__ import annotations

import datetime
import json
import logging
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from django.core.exceptions import ImproperlyConfigured

from wellbeing.settings import collector, logs
from wellbeing.settings.collector import Collector, collected
from wellbeing.settings.reports import CodesOnly


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


class Machine:
    """Another machine's collector: a TLS server on the loopback with a certificate of its own."""

    def __init__(self, folder: Path) -> None:
        key, name = generate_private_key(SECP256R1()), x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "logs")])
        day = datetime.datetime.now(datetime.UTC)
        made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        made = made.serial_number(1).not_valid_before(day).not_valid_after(day + datetime.timedelta(days=1))
        names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
        self.certificate, secret = folder / "certificate.pem", folder / "key.pem"
        signed = made.add_extension(names, False).sign(key, SHA256())
        self.certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
        form = serialization.PrivateFormat.PKCS8
        secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(self.certificate, secret)
        self.heard = b""
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            self.port = found.getsockname()[1]

    @contextmanager
    def listening(self) -> Iterator[None]:
        """While the block runs it takes lines; then its connections end."""
        stop = threading.Event()
        server = socket.create_server(("127.0.0.1", self.port))
        server.settimeout(0.1)

        def serve() -> None:
            while not stop.is_set():
                try:
                    plain, _from = server.accept()
                    with plain, self.context.wrap_socket(plain, server_side=True) as way:
                        way.settimeout(0.1)
                        while not stop.is_set():
                            try:
                                self.heard += (part := way.recv(65536))
                                if not part:
                                    break
                            except TimeoutError:
                                continue
                except OSError:
                    continue

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()
            server.close()

    def lines(self) -> list[str]:
        """What was heard, each message by the length before it."""
        rest, found = self.heard, []
        while rest:
            length, _space, rest = rest.partition(b" ")
            found.append(rest[: int(length)].decode())
            rest = rest[int(length) :]
        return found


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_lines_reach_the_other_machine_and_a_silent_one_stops_nobody(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collector, "QUEUE", 3)
    monkeypatch.setattr(collector, "PAUSES", (0.05,))
    handler = Collector(f"tls://127.0.0.1:{machine.port}", str(machine.certificate))
    handler.setFormatter(CodesOnly())
    log = logging.Logger("wellbeing.test")
    log.addHandler(handler)
    with machine.listening():
        log.error("the broker does not answer", extra={"codes": {"broker": 1}})
        until(lambda: b"broker" in machine.heard)
    (line,) = machine.lines()
    head, _dashes, text = line.partition(" - - ")
    assert head.startswith("<83>1 20") and head.split()[3] == "wellbeing" and "Z " in head
    assert json.loads(text)["message"] == "the broker does not answer"

    begun = time.monotonic()
    for number in range(40):  # the collector is away
        log.warning("a word of %s", f"somebody {number}")
        time.sleep(0.01)
    assert time.monotonic() - begun < 5 and handler.dropped >= 30
    with machine.listening():
        until(lambda: b"lines were dropped" in machine.heard)
        log.error("after")
        until(lambda: b'"after"' in machine.heard)
    assert b"somebody" not in machine.heard, "arguments stay out, as everywhere"

    stranger = Collector(f"tls://127.0.0.1:{machine.port}")  # its certificate is nobody's whom this one trusts
    stranger.setFormatter(CodesOnly())
    log.handlers = [stranger]
    with machine.listening():
        before = machine.heard
        log.error("for friends alone")
        time.sleep(0.3)
    assert machine.heard == before


def test_the_setting_adds_it_beside_standard_error_and_nothing_but_tls_is_taken() -> None:
    assert collected(logs.LOGGING, "", "") is logs.LOGGING
    made = collected(logs.LOGGING, "tls://logs.example", "/ca.pem")
    assert made["root"]["handlers"] == ["stderr", "collector"] and made["handlers"]["collector"]["formatter"] == "codes"
    for address in ("udp://logs.example:514", "logs.example", "tls://"):
        with pytest.raises(ImproperlyConfigured, match="LOG_ADDRESS"):
            Collector(address)
