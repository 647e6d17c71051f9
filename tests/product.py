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

from wellbeing.local.processes import free_port, spawn, wait_until

ROOT = Path(__file__).resolve().parents[1]
WEB = "-m gunicorn {app} --worker-class gthread --threads 8 --log-level warning --bind"
WORKER = "-m celery -A wellbeing worker --concurrency 1 --loglevel WARNING --without-gossip --without-mingle -Q"
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync")
QUIET += ("--disable-background-networking", "--disable-component-update")


@contextmanager
def running(app_url: str, queue: str, logs: Path, app: str = "wellbeing.wsgi") -> Iterator[SimpleNamespace]:
    """The product on a database: `.url`, `.env`, `.processes`, `.logs`; its processes end with the block. Another `app`
    answers for it and may add pages of its own."""
    port = free_port()
    env = {**os.environ, "DATABASE_URL": app_url, "CONN_MAX_AGE": "0", "CELERY_QUEUE": queue}
    commands = {
        "web": [sys.executable, *WEB.format(app=app).split(), f"127.0.0.1:{port}"],
        "worker": [sys.executable, *WORKER.split(), queue],
        "ticker": [sys.executable, "manage.py", "ticker"],
    }
    processes: dict[str, subprocess.Popen[bytes]] = {}
    url = f"http://127.0.0.1:{port}"
    try:
        for name, command in commands.items():
            processes[name] = spawn(command, log=logs / f"{name}.log", env=env, cwd=str(ROOT))
        wait_until(lambda: _answers(url), processes["web"], seconds=40, what="web", log=logs / "web.log")
        yield SimpleNamespace(url=url, env=env, processes=processes, logs=logs)
    finally:
        for process in processes.values():  # what they hold is thrown away: nobody waits for a goodbye of eight seconds
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def chromium_path() -> str:
    """Where the machine's own Chromium is."""
    return next(p for n in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(n)))


def _answers(url: str) -> bool:
    try:
        urllib.request.urlopen(f"{url}/sign-in/", timeout=2)
    except OSError:
        return False
    return True
