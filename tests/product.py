"""The product as it runs: web server, Celery worker and ticker as processes, and the machine's own Chromium."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace
from urllib.error import HTTPError

from wellbeing.local.processes import free_port, spawn, wait_until

ROOT = Path(__file__).resolve().parents[1]
WEB = "-m gunicorn {app} --worker-class gthread --threads 8 --log-level warning --bind"
WORKER = "-m celery -A wellbeing worker --concurrency 1 --loglevel WARNING --without-gossip --without-mingle -Q"
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync")
QUIET += ("--disable-background-networking", "--disable-component-update")


@contextmanager
def running(app_url: str, queue: str, logs: Path) -> Iterator[SimpleNamespace]:
    """The product on a database: `.url`, `.env`, `.processes`, `.logs`; its processes end with the block."""
    with web(app_url, queue, logs) as found, behind(found):
        yield found


@contextmanager
def web(
    app_url: str, queue: str, logs: Path, *more: str, app: str = "wellbeing.wsgi", **env: str
) -> Iterator[SimpleNamespace]:
    """The web server alone, with more words on its command line and in its environment; as `running`. Another `app`
    answers for the product and may add pages of its own."""
    port = free_port()
    all_env = {**os.environ, "DATABASE_URL": app_url, "CONN_MAX_AGE": "0", "CELERY_QUEUE": queue, **env}
    found = SimpleNamespace(url=f"http://127.0.0.1:{port}", env=all_env, queue=queue, processes={}, logs=logs)
    with _processes(found, web=[*WEB.format(app=app).split(), f"127.0.0.1:{port}", *more]):
        wait_until(lambda: _answers(found.url), found.processes["web"], seconds=120, what="web", log=logs / "web.log")
        yield found


@contextmanager
def behind(found: SimpleNamespace) -> Iterator[None]:
    """The Celery worker and the ticker beside a web server."""
    with _processes(found, worker=[*WORKER.split(), found.queue], ticker=["manage.py", "ticker"]):
        yield


def renew(found: SimpleNamespace) -> None:
    """End the process that serves; a web server that was started with `--preload` puts a fresh one in its place, which
    knows the code and nothing else."""
    for pid in children(found.processes["web"].pid):
        os.kill(pid, signal.SIGKILL)


def children(pid: int) -> set[int]:
    """Every process below one."""
    table = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = [tuple(map(int, line.split())) for line in table.splitlines()]
    below, edge = set[int](), {pid}
    while edge:
        edge = {child for child, parent in pairs if parent in edge} - below
        below |= edge
    return below


@contextmanager
def _processes(found: SimpleNamespace, **commands: list[str]) -> Iterator[None]:
    """Python processes by name, among the others of the product until the block ends."""
    try:
        for name, command in commands.items():
            log = found.logs / f"{name}.log"
            found.processes[name] = spawn([sys.executable, *command], log=log, env=found.env, cwd=str(ROOT))
        yield
    finally:
        for process in [found.processes.pop(name) for name in commands if name in found.processes]:
            with suppress(ProcessLookupError):  # what they hold is thrown away: nobody waits for a goodbye
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def chromium_path() -> str:
    """Where the machine's own Chromium is, the shell without a window first: as deploy/chromium.sh."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    return next(path for name in names if (path := shutil.which(name)))


def _answers(url: str) -> bool:
    try:
        urllib.request.urlopen(f"{url}/sign-in/", timeout=2)
    except HTTPError:  # a server without its database answers too
        return True
    except OSError:
        return False
    return True
