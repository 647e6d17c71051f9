"""`make run` as a newcomer meets it: ready, kept, stopped; and one clear line for everything that can be in its way."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.product import children
from wellbeing.local.place import MEMORY, account, in_memory
from wellbeing.local.processes import alive, free_port, spawn

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "wellbeing.local", "run"]
pytestmark = pytest.mark.xdist_group("local")


@pytest.fixture
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder that the database's account can reach, outside pytest's private folders."""
    import shutil
    import tempfile

    folder = Path(tempfile.mkdtemp(prefix="wellbeing-run-", dir=MEMORY if in_memory(account()) else "/var/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def environment(place: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.endswith("_URL") and name != "ROOT_KEY_FILE"}
    return {**kept, "DATA_DIR": str(place), "PORT": str(free_port()), **more}


def refused(place: Path, **more: str) -> str:
    """Start, expect a refusal: one line, a non-zero exit, no traceback."""
    done = subprocess.run(
        COMMAND, cwd=ROOT, env=environment(place, **more), capture_output=True, text=True, timeout=180
    )
    assert done.returncode == 1
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    assert len(lines) == 1
    assert "Traceback" not in done.stderr
    return lines[0]


def start(place: Path, env: dict[str, str], until: str = "READY") -> tuple[subprocess.Popen[bytes], float]:
    """Start and wait for a word of its progress; gives the seconds it took."""
    log, begun = place / "out.log", time.monotonic()
    log.write_bytes(b"")
    process = spawn(COMMAND, log=log, env=env, cwd=str(ROOT))
    while until not in log.read_text():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() - begun < 600
        time.sleep(0.1)
    return process, time.monotonic() - begun


def gone(pids: set[int]) -> bool:
    """Whether all of these have ended, within half a minute."""
    for _try in range(300):
        if not any(alive(pid) for pid in pids):
            return True
        time.sleep(0.1)
    return False


def stop(process: subprocess.Popen[bytes], how: signal.Signals) -> None:
    process.send_signal(how)
    process.wait(40)


def test_a_first_start_a_second_one_that_keeps_the_data_and_nothing_left_behind(place: Path) -> None:
    env = environment(place)
    process, first = start(place, env)
    text = (place / "out.log").read_text()
    assert text.rstrip().endswith(f"READY http://127.0.0.1:{env['PORT']}/")
    assert "lin" in text and "haidao-demo" in text
    assert urllib.request.urlopen(f"http://127.0.0.1:{env['PORT']}/sign-in/", timeout=10).status == 200
    assert "Already running" in refused(place)
    below = children(process.pid)
    assert len(below) >= 5
    process.send_signal(signal.SIGKILL)  # even without goodbye nothing outlives it
    process.wait()
    assert gone(below)
    assert re.search(r"A lock of process \d+, which runs no more", refused(place))

    process, seconds = start(place, env)
    assert seconds < first  # nothing is made anew
    below = children(process.pid)
    stop(process, signal.SIGINT)
    assert gone(below)

    process, _seconds = start(place, env, until="2/4")  # the next one finds no lock; told to stop, it does so at once
    below = children(process.pid)
    stop(process, signal.SIGTERM)
    assert gone(below)
    assert "stopped; the data is kept" in (place / "out.log").read_text()


def test_a_taken_port_is_said_before_anything_starts(place: Path) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert "is taken" in refused(place, PORT=str(taken.getsockname()[1]))
    assert list(place.iterdir()) == []
    assert "PORT must be a number" in refused(place, PORT="eighty")


def test_a_full_disk_is_said(place: Path) -> None:
    assert "The disk is full" in refused(place, MIN_FREE_MB="999999999")


def test_a_half_made_data_folder_is_said(place: Path) -> None:
    (place / "run" / "pg.half").mkdir(parents=True)
    assert "left half made" in refused(place)


def test_an_incomplete_data_folder_is_said(place: Path) -> None:
    (place / "run" / "pg").mkdir(parents=True)
    assert "incomplete" in refused(place)


def test_clean_data_deletes_what_was_made(place: Path) -> None:
    (place / "run" / "pg").mkdir(parents=True)
    command = [sys.executable, "-m", "wellbeing.local", "clean-data"]
    subprocess.run(command, cwd=ROOT, env=environment(place), check=True, capture_output=True)
    assert not (place / "run").exists()


def test_the_database_never_runs_as_root() -> None:
    with psycopg.connect(os.environ["SUPERUSER_DATABASE_URL"]) as admin:
        row = admin.execute("SELECT pg_postmaster_start_time(), current_setting('data_directory')").fetchone()
        assert row is not None
        pid = int(Path(row[1], "postmaster.pid").read_text().splitlines()[0])
    assert Path(f"/proc/{pid}").stat().st_uid != 0
    if os.geteuid() == 0:
        assert account().uid
