"""`make run`: the engines, the product's processes, and one line when it is ready."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from types import FrameType

from wellbeing.local.engines import engines
from wellbeing.local.place import PROJECT, account, data_dir
from wellbeing.local.processes import end, last_line, port_is_free, spawn
from wellbeing.local.refusal import Refusal

PYTHON = sys.executable
DATABASE = "wellbeing"
STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stop(Exception):
    """Ctrl-C, SIGTERM or SIGHUP: end everything that was started."""


def run(port: int) -> None:
    """Start everything, print the accounts and READY, keep it alive until told to stop."""
    if not port_is_free(port):
        raise Refusal(f"Port {port} is taken. Choose another one: make run PORT={port + 1}")
    for number in STOPS:
        signal.signal(number, _stop)
    folder = data_dir("run", account())
    started: dict[str, subprocess.Popen[bytes]] = {}
    try:
        say("1/4 starting PostgreSQL and Valkey")
        with engines(folder, database=DATABASE) as env:
            try:
                _prepare(env)
                say("4/4 starting web server, worker and ticker")
                commands = _commands(port)
                for name, command in commands.items():
                    started[name] = spawn(command, log=folder / f"{name}.log", env=env, cwd=str(PROJECT))
                _wait_for_web(port, started, folder)
                _manage(env, "demo_city", "--accounts", show=True)
                print(f"READY http://127.0.0.1:{port}/", flush=True)
                _keep(started, commands, env, folder)
            finally:
                for process in started.values():
                    end(process)
    except Stop:
        say("stopped; the data is kept")


def say(text: str) -> None:
    """One line of progress."""
    print(f"· {text}", flush=True)


def _prepare(env: Mapping[str, str]) -> None:
    say("2/4 bringing the database up to date")
    _manage(env, "translations", "--compile")
    _manage({**env, "DATABASE_URL": env["OWNER_DATABASE_URL"]}, "migrate", "--verbosity", "0")
    say("3/4 loading the demo city (once)")
    _manage(env, "demo_city")


def _commands(port: int) -> dict[str, list[str]]:
    return {
        "web": [
            *(PYTHON, "-m", "gunicorn", "wellbeing.wsgi", "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread"),
            *("--workers", "2", "--threads", "8", "--graceful-timeout", "3", "--log-level", "warning"),
        ],
        "worker": [
            *(PYTHON, "-m", "celery", "-A", "wellbeing", "worker", "--concurrency", "2", "--loglevel", "WARNING"),
            *("--without-gossip", "--without-mingle"),
        ],
        "ticker": [PYTHON, "manage.py", "ticker"],
    }


def _manage(env: Mapping[str, str], *command: str, show: bool = False) -> None:
    done = subprocess.run(
        [PYTHON, "manage.py", *command],
        cwd=PROJECT,
        env=env,
        text=True,
        stderr=subprocess.PIPE,
        stdout=None if show else subprocess.PIPE,
        check=False,
    )
    if done.returncode:
        lines = [line for line in (done.stderr or done.stdout or "").splitlines() if line.strip()]
        raise Refusal(f"`manage.py {command[0]}` failed: {lines[-1] if lines else done.returncode}")


def _wait_for_web(port: int, started: Mapping[str, subprocess.Popen[bytes]], folder: Path) -> None:
    for _try in range(600):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in/", timeout=2)
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        if started["web"].poll() is not None:
            raise Refusal(f"The web server did not start: {last_line(folder / 'web.log')}")
    raise Refusal(f"The web server does not answer: {last_line(folder / 'web.log')}")


def _keep(
    started: dict[str, subprocess.Popen[bytes]], commands: Mapping[str, list[str]], env: Mapping[str, str], folder: Path
) -> None:
    """Start again whatever dies, with a line that says so; until a signal."""
    while True:
        time.sleep(1)
        for name, process in started.items():
            if process.poll() is not None:
                say(f"the {name} stopped ({last_line(folder / f'{name}.log')}); starting it again")
                started[name] = spawn(commands[name], log=folder / f"{name}.log", env=env, cwd=str(PROJECT))


def _stop(number: int, frame: FrameType | None) -> None:
    for each in STOPS:
        signal.signal(each, signal.SIG_IGN)
    raise Stop


def with_engines(name: str, command: list[str]) -> int:
    """Run a command with engines of its own (tests, benchmarks, the story) and give its exit code."""
    durable = bool(os.environ.get("KEEP_FSYNC"))
    with engines(data_dir(name, account()), database=DATABASE, durable=durable) as env:
        try:
            return subprocess.run(command, cwd=PROJECT, env=env, check=False).returncode
        except KeyboardInterrupt:
            return 130
