"""The embedded engines by themselves: as which account, on which folder, and what happens when one is killed."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from wellbeing.local import place as places
from wellbeing.local import postgres
from wellbeing.local.engines import engines, lock
from wellbeing.local.place import (
    MEMORY,
    Account,
    account,
    data_dir,
    in_memory,
    kept_in_memory,
    make_folder,
    passing_dir,
    reachable,
)
from wellbeing.local.processes import Kept, alive
from wellbeing.local.refusal import Refusal
from wellbeing.local.run import TEXTS, compiled, keep, note_compiled

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.xdist_group("local")


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that the database's account can reach, outside pytest's private folders."""
    folder = Path(tempfile.mkdtemp(prefix="wellbeing 岛-", dir=MEMORY if in_memory(account()) else "/var/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def until(happened: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def ask(url: str, question: str) -> str:
    with psycopg.connect(url) as connection:
        row = connection.execute(question).fetchone()  # type: ignore[arg-type]
        assert row is not None
        return str(row[0])


def answers(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


def as_normal_user(user: pwd.struct_passwd, work: Callable[[], None], answer: Path) -> None:
    """Do something in a child that has become a normal user for good; what went wrong is in `answer`."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            if os.geteuid() == 0:
                os.setgroups([])
                os.setgid(user.pw_gid)
                os.setuid(user.pw_uid)
            work()
            code = 0
        except BaseException:
            answer.write_text(json.dumps(traceback.format_exc()))
        finally:
            os._exit(code)
    _pid, status = os.waitpid(child, 0)
    assert status == 0, answer.read_text() if answer.exists() else status


def test_a_normal_user_starts_them_on_a_folder_of_her_own(place: Path) -> None:
    user = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    folder = place / "hers"
    folder.mkdir()
    if os.geteuid() == 0:
        someone = Account(user.pw_uid, user.pw_gid, user.pw_name)
        # where the whole project lies out of her reach, she gets the copy that root's account would get
        programs = postgres._binaries(folder, someone)
        assert reachable(programs / "postgres", someone)
        for path in (folder, *folder.rglob("*")):
            os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)

    def work() -> None:
        os.chdir(folder)
        assert account() == Account(None, None)
        with lock(folder):
            server = postgres.start(folder, durable=False)
            try:
                assert ask(server.url("postgres", "postgres"), "SELECT current_setting('TimeZone')") == "UTC"
                pid = int((folder / "pg" / "postmaster.pid").read_text().splitlines()[0])
                assert Path(f"/proc/{pid}").stat().st_uid == user.pw_uid
            finally:
                server.stop()

    as_normal_user(user, work, folder / "wrong.json")


def test_what_they_promise_about_data_logs_and_names(place: Path) -> None:
    with engines(place / "e", database="city") as started:
        admin = started.env["SUPERUSER_DATABASE_URL"]
        for name, value in {
            "fsync": "on",
            "synchronous_commit": "on",
            "log_statement": "none",
            "log_parameter_max_length": "0",
            "log_parameter_max_length_on_error": "0",
            "jit": "off",
            "listen_addresses": "127.0.0.1",
            "server_encoding": "UTF8",
        }.items():
            assert ask(admin, f"SELECT current_setting('{name}')") == value
        app = started.env["DATABASE_URL"]
        assert ask(app, "SELECT current_user") == "wellbeing_app"
        mine = "SELECT rolsuper OR rolbypassrls OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
        assert ask(app, mine) == ask(started.env["OWNER_DATABASE_URL"], mine) == "False"
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(app.replace("wellbeing_app:", "wellbeing_app:wrong"))
        for secret in ("root-key", "secret-key", "secrets.json", "valkey.conf"):
            assert (place / "e" / secret).stat().st_mode & 0o077 == 0
        for child in started.children:
            password = started.env["BROKER_URL"].split(":")[2].split("@")[0]
            assert child.process is not None
            assert password not in Path(f"/proc/{child.process.pid}/cmdline").read_text()


def test_killed_engines_come_back_with_their_data_and_their_addresses(place: Path) -> None:
    class Enough(Exception):
        pass

    def stop(number: int, frame: object) -> None:
        raise Enough

    with engines(place / "e", database="city") as started:
        owner = started.env["OWNER_DATABASE_URL"]
        with psycopg.connect(owner) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        before = [child.process.pid for child in started.children if child.process]
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        earlier = signal.signal(signal.SIGALRM, stop)
        signal.alarm(6)
        try:
            with pytest.raises(Enough):
                keep(started.children)
        finally:
            signal.alarm(0)
            signal.signal(signal.SIGALRM, earlier)
        until(lambda: answers(owner), seconds=60)  # it reads its log first
        assert ask(owner, "SELECT answer FROM kept") == "42"
        after = [child.process.pid for child in started.children if child.process]
        assert len(after) == 2 and not set(before) & set(after)
    assert not any(alive(pid) for pid in after)


def test_a_process_that_keeps_dying_is_tried_less_and_less_often(tmp_path: Path) -> None:
    child = Kept("it", ["false"], tmp_path / "log")
    child.start().wait()
    assert child.died() and child.pause == 1 and child.farewell() == "exit code 1"
    child.start().wait()
    assert not child.died()
    child.started -= 2
    assert child.died() and child.pause == 2


def test_a_pid_file_whose_number_is_another_program_now_is_no_obstacle(place: Path) -> None:
    folder = place / "e"
    postgres.start(folder, durable=False).stop()
    (folder / "pg" / "postmaster.pid").write_text(f"{os.getpid()}\n{folder / 'pg'}\n")
    postgres.start(folder, durable=False).stop()


def test_a_server_that_runs_is_left_alone(place: Path) -> None:
    server = postgres.start(place / "e", durable=False)
    try:
        with pytest.raises(Refusal, match="already runs"):
            postgres.start(place / "e", durable=False)
        assert ask(server.url("postgres", "postgres"), "SELECT 1") == "1"
    finally:
        server.stop()


def test_a_test_folder_that_was_left_half_made_or_locked_is_made_anew(place: Path) -> None:
    folder = place / "t"
    (folder / "pg.half" / "base").mkdir(parents=True)
    dead = subprocess.Popen(["true"])
    dead.wait()
    (folder / "lock").write_text(str(dead.pid))
    with engines(folder, database="city", durable=False, disposable=True) as started:
        assert ask(started.env["DATABASE_URL"], "SELECT current_database()") == "city"


def test_what_nobody_misses_lies_in_memory_where_there_is_room(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    who = account()
    monkeypatch.delenv("DATA_DIR", raising=False)
    monkeypatch.setattr(places, "MEMORY", place)
    monkeypatch.setattr(places, "MEMORY_FREE_MB", 1)
    folder = passing_dir("test", who)
    assert folder.is_relative_to(place)
    make_folder(folder)
    assert kept_in_memory() == [folder]  # `make clean-data` finds it
    folder.parent.rename(place / "away")
    (place / folder.parent.name).symlink_to(place / "away")
    with pytest.raises(Refusal, match="belongs to somebody else"):
        passing_dir("test", who)
    monkeypatch.setattr(places, "MEMORY_FREE_MB", 10**9)
    assert passing_dir("test", who) == data_dir("test", who)
    monkeypatch.setattr(places, "MEMORY", place / "none")
    assert passing_dir("test", who) == data_dir("test", who)


def test_folders_are_made_to_be_reached_whatever_the_umask(tmp_path: Path) -> None:
    earlier = os.umask(0o077)
    try:
        make_folder(tmp_path / "one" / "two")
    finally:
        os.umask(earlier)
    assert (tmp_path / "one").stat().st_mode & 0o777 == (tmp_path / "one" / "two").stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_stopping_the_command_around_tests_ends_them_and_the_engines(place: Path, number: signal.Signals) -> None:
    said = place / "said"
    script = f"echo $$ > '{said}.part'; mv '{said}.part' '{said}'; sleep 300; true"
    env = {**os.environ, "DATA_DIR": str(place)}
    process = subprocess.Popen(
        [sys.executable, "-m", "wellbeing.local", "engines", "t", "bash", "-c", script],
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
    )
    until(said.exists, 60)
    server = int((place / "t" / "pg" / "postmaster.pid").read_text().splitlines()[0])
    process.send_signal(number)
    assert process.wait(30) == 128 + number
    until(lambda: not alive(int(said.read_text())) and not alive(server))
    assert (place / "t" / "lock").read_text() == ""


def test_a_stop_while_the_command_is_being_started_ends_it_too(place: Path) -> None:
    """A busy machine once had the command running before we had it in our hands, and it ran on."""
    script = f"""
import os, signal, subprocess
from pathlib import Path
from wellbeing.local import run

class Slow(subprocess.Popen):
    def __init__(self, *args, **more):
        super().__init__(*args, **more)
        Path({str(place / "said")!r}).write_text(str(self.pid))
        os.kill(os.getpid(), signal.SIGINT)

subprocess.Popen = Slow
try:
    with run._stoppable():
        run._foreground(["sleep", "300"], os.environ)
except run.Stop:
    raise SystemExit(7)
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, stdin=subprocess.DEVNULL, check=False)
    assert done.returncode == 7
    until(lambda: not alive(int((place / "said").read_text())))


def test_a_command_on_engines_finds_the_chinese_texts_compiled(place: Path) -> None:
    """Those that were compiled are not compiled again."""
    binary, note = TEXTS.with_suffix(".mo"), TEXTS.with_suffix(".mo.of")
    command = [sys.executable, "-m", "wellbeing.local", "engines", "t", "test", "-s", str(binary)]
    note.unlink(missing_ok=True)
    made = [binary.stat().st_mtime_ns]
    for _time in range(2):
        subprocess.run(command, cwd=ROOT, env={**os.environ, "DATA_DIR": str(place)}, check=True)
        made.append(binary.stat().st_mtime_ns)
    before, first, second = made
    assert before < first == second and compiled(TEXTS)


def test_texts_that_changed_since_or_were_never_compiled_are_not(tmp_path: Path) -> None:
    texts, binary = tmp_path / "django.po", tmp_path / "django.mo"
    texts.write_text("one")
    assert not compiled(texts)
    binary.write_bytes(b"1")
    note_compiled(texts)
    assert compiled(texts)
    binary.write_bytes(b"2")
    assert not compiled(texts)
    binary.write_bytes(b"1")
    assert compiled(texts)
    texts.write_text("another")
    assert not compiled(texts)
    texts.write_text("one")
    binary.unlink()
    assert not compiled(texts)
