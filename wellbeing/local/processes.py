"""Start and end processes of our own, so that none outlives us."""

from __future__ import annotations

import ctypes
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wellbeing.local.refusal import Refusal

PR_SET_PDEATHSIG = 1
_FAULT = re.compile(r"\b(?:FATAL|PANIC|ERROR|[Ee]rror)\b")


@dataclass(slots=True)
class Kept:
    """A process to keep alive: what it takes to start it, and the one that runs now."""

    name: str
    command: Sequence[str]
    log: Path
    goodbye: signal.Signals = signal.SIGTERM
    patience: float = 10
    more: dict[str, Any] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    started: float = 0
    pause: float = 0

    def start(self) -> subprocess.Popen[bytes]:
        """Start it; the log of the run before is kept as `.1`, so that logs tell of this run and never pile up."""
        if self.process is None and self.log.exists():
            self.log.replace(f"{self.log}.1")
        self.started = time.monotonic()
        self.process = spawn(self.command, log=self.log, last=self.goodbye, **self.more)
        return self.process

    def stop(self) -> None:
        """Say goodbye and wait; by force when it does not go."""
        if self.process is not None:
            end(self.process, self.goodbye, self.patience)

    def farewell(self) -> str:
        """How it ended: its exit code, or the signal that ended it."""
        code = 0 if self.process is None else self.process.returncode
        return signal.Signals(-code).name if code and code < 0 else f"exit code {code}"

    def died(self) -> bool:
        """Whether it is gone, and may be started again now: one that keeps dying is tried less and less often."""
        if self.process is None or self.process.poll() is None:
            return False
        lived = time.monotonic() - self.started
        if lived < self.pause:
            return False
        self.pause = min(30, max(1, self.pause * 2)) if lived < 60 else 0
        return True


def spawn(
    command: Sequence[str],
    *,
    log: Path,
    env: Mapping[str, str] | None = None,
    last: signal.Signals = signal.SIGTERM,
    **more: Any,
) -> subprocess.Popen[bytes]:
    """Start a process in a session of its own, with its output in a log; it gets `last` when we die without goodbye."""
    tie = _tie(last)
    with log.open("ab") as out:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            env=env,
            start_new_session=True,
            preexec_fn=tie,
            **more,
        )


def follow_parent() -> None:
    """Stop when the process that started us (make) is killed without goodbye."""
    _tie(signal.SIGTERM)()


def _tie(last: signal.Signals) -> Callable[[], None]:
    if not sys.platform.startswith("linux"):
        return lambda: None  # elsewhere the goodbye is all there is
    prctl = ctypes.CDLL(None).prctl  # looked up here: after a fork nothing may be loaded

    def tie() -> None:
        prctl(PR_SET_PDEATHSIG, last)

    return tie


def end(process: subprocess.Popen[bytes], how: signal.Signals = signal.SIGTERM, patience: float = 10) -> None:
    """End a process we started, and its session; by force when it does not go."""
    if process.poll() is None:
        process.send_signal(how)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def end_all(children: Iterable[Kept]) -> None:
    """End them side by side: the slowest counts, not the sum."""
    running = [child for child in children if child.process is not None and child.process.poll() is None]
    for child in running:
        assert child.process is not None
        child.process.send_signal(child.goodbye)
    for child in running:
        assert child.process is not None
        try:
            child.process.wait(child.patience)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(child.process.pid, signal.SIGKILL)
            child.process.wait()


def wait_until(
    ready: Callable[[], bool], process: subprocess.Popen[bytes], *, seconds: float, what: str, log: Path
) -> None:
    """Wait for a process to be ready; Refusal with what its log says when it dies or takes too long."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if ready():
            return
        if process.poll() is not None:
            raise Refusal(f"{what} did not start: {last_line(log)}")
        time.sleep(0.05)
    raise Refusal(f"{what} did not answer within {seconds:.0f} s: {last_line(log)}")


def last_line(log: Path) -> str:
    """What a log says went wrong: its last fault, or else its last line."""
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    faults = [line for line in lines if _FAULT.search(line)]
    return (faults or lines or [f"see {log}"])[-1]


def free_port() -> int:
    """A port of the loopback that nobody uses now, below those that Linux gives to whoever connects (32768 and more):
    between this answer and its use such a one would be taken now and then."""
    while True:
        with socket.socket() as given, socket.socket() as probe, suppress(OSError):
            given.bind(("127.0.0.1", 0))
            port: int = 20_000 + given.getsockname()[1] % 12_000
            probe.bind(("127.0.0.1", port))
            return port


def check_port(port: int) -> None:
    """Refuse a port of the loopback that we cannot listen on."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise Refusal(f"Port {port} is for root alone. Choose another one: make run PORT=8000") from None
        except OSError:
            other = port + 1 if port < 65535 else 8000
            raise Refusal(f"Port {port} is taken. Choose another one: make run PORT={other}") from None


def alive(pid: int) -> bool:
    """Whether a process of this number runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
