"""`make run`: the engines, the product's processes, and one line when it is ready."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from wellbeing.local.engines import engines
from wellbeing.local.place import PROJECT, account, data_dir, passing_dir
from wellbeing.local.processes import Kept, check_port, end_all, follow_parent, last_line
from wellbeing.local.refusal import Refusal

PYTHON = sys.executable
DATABASE = "wellbeing"
TEXTS = PROJECT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stop(Exception):
    """Ctrl-C, SIGTERM or SIGHUP: end everything that was started."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def run(port: int) -> None:
    """Start everything, print the accounts and READY, keep it alive until told to stop. Raises Refusal."""
    check_port(port)
    folder = data_dir("run", account())
    try:
        with _stoppable():
            say("1/4 starting PostgreSQL and Valkey")
            with engines(folder, database=DATABASE) as started:
                accounts = _prepare(started.env)
                say("4/4 starting web server, worker and ticker")
                product = _product(port, started.env, folder)
                try:
                    for child in product:
                        child.start()
                    _wait_for_web(port, product[0])
                    print(f"{accounts}READY http://127.0.0.1:{port}/", flush=True)
                    keep((*started.children, *product))
                finally:
                    end_all(product)
    except Stop:
        say("stopped; the data is kept")


def say(text: str) -> None:
    """One line of progress."""
    print(f"· {text}", flush=True)


def keep(children: Sequence[Kept]) -> None:
    """Start again whatever dies, with a line that says so; until a signal."""
    while True:
        time.sleep(0.5)
        for child in children:
            if child.died():
                say(f"{child.name} stopped ({child.farewell()}; see {child.log}); starting it again")
                child.start()


def with_engines(name: str, command: list[str]) -> int:
    """Run a command with engines of its own (tests, proofs, benchmarks, the story) and the Chinese texts compiled, and
    give its exit code."""
    durable = bool(os.environ.get("KEEP_FSYNC"))
    folder = (data_dir if durable else passing_dir)(name, account())
    try:
        with _stoppable(), engines(folder, database=DATABASE, durable=durable, disposable=True) as started:
            _compile(started.env)
            return _foreground(command, started.env)
    except Stop as stop:
        return 128 + stop.number


def _foreground(command: list[str], env: Mapping[str, str]) -> int:
    """Run a command to its end. At a terminal it shares our session, so that Ctrl-C and the keyboard reach it;
    elsewhere it has its own, so that all of it can be ended."""
    alone = not sys.stdin.isatty()
    # A signal that comes while the command is started waits until we hold it: what nobody holds, nobody ends.
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
    process = subprocess.Popen(command, cwd=PROJECT, env=env, start_new_session=alone, preexec_fn=_open_to_stops)
    try:
        _open_to_stops()
        return process.wait()
    except Stop as stop:
        with suppress(ProcessLookupError):
            if alone:
                os.killpg(process.pid, stop.number)
            elif stop.number != signal.SIGINT:
                process.send_signal(stop.number)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            if alone:
                os.killpg(process.pid, signal.SIGKILL)
            process.kill()
            process.wait()
        raise


def _open_to_stops() -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)


@contextmanager
def _stoppable() -> Iterator[None]:
    """Turn the signals that end a program into one exception; a second one does not disturb the goodbye."""

    def stop(number: int, frame: FrameType | None) -> None:
        for each in STOPS:
            signal.signal(each, signal.SIG_IGN)
        raise Stop(number)

    if "MAKELEVEL" in os.environ:
        follow_parent()
    for number in STOPS:
        signal.signal(number, stop)
    yield


def _prepare(env: Mapping[str, str]) -> str:
    """Bring database and demo city up to date; gives the lines that say who may sign in."""
    say("2/4 bringing the database up to date")
    _compile(env)
    _manage({**env, "DATABASE_URL": env["OWNER_DATABASE_URL"]}, "migrate", "--verbosity", "0")
    say("3/4 loading the demo city (once)")
    return _manage(env, "demo_city")


def compiled(texts: Path) -> bool:
    """Whether what Django reads was compiled from these texts, and neither has changed since (`note_compiled`)."""
    note = texts.with_suffix(".mo.of")
    return note.exists() and note.read_text() == _marks(texts)


def note_compiled(texts: Path) -> None:
    """Note beside them what the texts and the compiled ones are; the times of files say nothing in a copied folder."""
    fresh = texts.with_suffix(f".mo.of.{os.getpid()}")
    fresh.write_text(_marks(texts))
    fresh.replace(texts.with_suffix(".mo.of"))


def _marks(texts: Path) -> str:
    both = [path.read_bytes() if path.exists() else b"" for path in (texts, texts.with_suffix(".mo"))]
    return " ".join(f"{len(one)}:{zlib.crc32(one):08x}" for one in both)


def _compile(env: Mapping[str, str]) -> None:
    """Compile the Chinese texts unless they are: it takes as long as starting Django and more."""
    if compiled(TEXTS):
        return
    before = TEXTS.read_bytes()
    _manage(env, "translations", "--compile")
    if TEXTS.read_bytes() == before:
        note_compiled(TEXTS)


def _product(port: int, env: Mapping[str, str], folder: Path) -> tuple[Kept, ...]:
    """The processes of the product, the web server first."""
    commands = {
        "web": [
            *(PYTHON, "-m", "gunicorn", "wellbeing.wsgi", "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread"),
            *("--workers", "2", "--threads", "8", "--graceful-timeout", "3", "--log-level", "warning", "--preload"),
        ],
        "worker": [
            *(PYTHON, "-m", "celery", "-A", "wellbeing", "worker", "--concurrency", "2", "--loglevel", "WARNING"),
            *("--without-gossip", "--without-mingle"),
        ],
        "ticker": [PYTHON, "manage.py", "ticker"],
    }
    more = {"env": env, "cwd": str(PROJECT)}
    return tuple(Kept(f"the {name}", command, folder / f"{name}.log", more=more) for name, command in commands.items())


def _manage(env: Mapping[str, str], *command: str) -> str:
    done = subprocess.run(
        [PYTHON, "manage.py", *command],
        cwd=PROJECT,
        env=env,
        encoding="utf-8",
        errors="replace",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        lines = [line for line in (done.stderr or done.stdout or "").splitlines() if line.strip()]
        raise Refusal(f"`manage.py {command[0]}` failed: {lines[-1] if lines else done.returncode}")
    return done.stdout


def _wait_for_web(port: int, web: Kept) -> None:
    """Wait until /health/ answers; what it says of worker and ticker may still be of the last run."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # a proxy knows no loopback of ours
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            direct.open(f"http://127.0.0.1:{port}/health/", timeout=2).close()
            return
        except urllib.error.HTTPError as answer:
            if answer.code == 503:
                return
        except OSError:
            pass
        if web.process is None or web.process.poll() is not None:
            raise Refusal(f"The web server did not start: {last_line(web.log)}")
        time.sleep(0.1)
    raise Refusal(f"The web server does not answer: {last_line(web.log)}")
