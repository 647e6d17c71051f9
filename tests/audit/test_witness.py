"""On another machine: the witness refuses what is older or another story, and the auditor verifies one file, both with
nothing but Python and `cryptography`."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from tests.stage import call
from wellbeing.access.actor import Actor, identity
from wellbeing.audit import alone, witness
from wellbeing.audit.models import Cosignature
from wellbeing.audit.note import WITNESS, BadNote, Checkpoint, Signer, Verifier, opened, signed
from wellbeing.audit.proofs import for_witness, newest
from wellbeing.audit.record import mac_key
from wellbeing.audit.sequencer import queue, seal, seal_when_due
from wellbeing.audit.signing import signer, witnesses
from wellbeing.audit.tree import EMPTY, leaf_hash
from wellbeing.audit.verify import verify

MACHINE = Actor.machine("verify")


def bare(tool: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a tool where there is no Django and nothing of ours."""
    start = "import sys, runpy; sys.modules['django'] = None; sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0])"
    start = start.replace("(sys.argv[0])", "(sys.argv[0], run_name='__main__')")
    return subprocess.run(
        [sys.executable, "-I", "-c", start, str(tool), *arguments],
        capture_output=True, encoding="utf-8", cwd=tool.parent, env={"PATH": os.environ["PATH"]}, check=False,
    )  # fmt: skip


def shown(folder: Path, since: int) -> str:
    """What the log shows a witness, as a file."""
    path = folder / f"shown-{since}"
    with identity(MACHINE):
        path.write_text(for_witness(since), encoding="utf-8")
    return str(path)


def test_a_witness_and_an_auditor_find_what_the_database_alone_cannot(
    committed: SimpleNamespace, tmp_path: Path, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    call()
    while seal():
        pass
    early = connection.settings_dict["NAME"] + "_early"
    copy_database(committed, early)

    call()
    with identity(MACHINE):
        assert queue().count > 0 and not queue().due
    assert seal_when_due() == 0 and seal() == 1

    # the tools as an outsider gets them
    call_command("export_audit", tmp_path / "audit.jsonl", tools=tmp_path, mac_key=tmp_path / "mac-key")
    verifier, outside = tmp_path / "audit-verify.pyz", tmp_path / "audit-witness.pyz"
    pins = ["--log-key", str(signer().verifier), "--mac-key", str(tmp_path / "mac-key")]
    sound = bare(verifier, str(tmp_path / "audit.jsonl"), *pins)
    assert (sound.returncode, sound.stdout.splitlines()[-1]) == (0, "sound"), sound
    state, key = tmp_path / "state", tmp_path / "outside-key"
    seen = ["--log-key", str(signer().verifier), "--state", str(state)]
    first = bare(outside, shown(tmp_path, 0), *seen, "--key", str(key), "--name", "outside")
    assert first.returncode == 0 and first.stdout.startswith("— outside "), first
    size = Checkpoint.of(state.read_text()).size
    with pytest.raises(CommandError):  # a witness that nobody knows
        keep_cosignature(tmp_path, first.stdout)
    known(settings, str(Signer("outside", bytes.fromhex(key.read_text()), WITNESS).verifier))
    keep_cosignature(tmp_path, first.stdout)
    with identity(MACHINE):
        assert (verify().faults, verify().witnessed) == ([], size)

    # it goes on with the log as it grows, and refuses proofs from elsewhere
    call()
    seal()
    assert bare(outside, shown(tmp_path, 0), *seen).returncode == 2  # the proof of another size is no answer
    assert bare(outside, shown(tmp_path, size), *seen).returncode == 0
    assert witness.main(["/nowhere", *seen]) == 2

    # the whole machine is put back to the early snapshot, and goes on from there
    connection.close()
    connection.settings_dict["NAME"] = early
    with identity(MACHINE):
        assert verify().faults == []  # the database alone cannot know
    newer = Checkpoint.of(state.read_text()).size
    for asked in (0, newer):  # the second is what the witness itself asks for
        older = bare(outside, shown(tmp_path, asked), *seen)
        assert older.returncode == 1 and f"{newer} were seen" in older.stderr
    for _ in range(8):
        call()
    seal()
    with identity(MACHINE):
        told = [str(fault) for fault in verify(witnessed=[state.read_text()]).faults]
        grown = for_witness(0)
    assert any("witness" in one for one in told)
    assert Checkpoint.of(grown.partition("\n\n")[2]).size > newer
    forked = bare(outside, shown(tmp_path, newer), *seen)
    assert forked.returncode == 1 and "does not go on" in forked.stderr
    capsys.readouterr()
    call_command("export_audit", tmp_path / "forked.jsonl")
    assert alone.main([str(tmp_path / "forked.jsonl"), *pins]) == 0
    assert alone.main([str(tmp_path / "forked.jsonl"), *pins, "--witness", str(state)]) == 1
    assert "unlike what a witness saw" in capsys.readouterr().out

    # a bundle that was touched
    text = (tmp_path / "audit.jsonl").read_text()
    for wrong, code in (
        (text.replace("cases:call:take", "cases:call:took", 1), 1),
        (text.rsplit("\n", 3)[0] + "\n", 2),
        ("", 2),
        ("[]\n", 2),
        (text.replace('{"end":', '{"end":1', 1), 2),
    ):
        (tmp_path / "wrong").write_text(wrong)
        assert alone.main([str(tmp_path / "wrong"), *pins]) == code


def test_the_log_answers_a_witness_over_http(db: None, settings: Any) -> None:
    """Nobody without the token learns that there is such an address; what is sent back is believed for its signature."""
    call()
    seal()
    outside, client = Signer("outside", b"o" * 32, WITNESS), Client(HTTP_HOST="127.0.0.1")
    known(settings, str(outside.verifier))
    bearer = {"HTTP_AUTHORIZATION": "Bearer " + "t" * 40}
    assert client.get("/audit/checkpoint/0/", **bearer).status_code == 404  # no token is set
    settings.AUDIT_WITNESS_TOKEN = "t" * 40
    assert client.get("/audit/checkpoint/0/").status_code == 404
    assert client.get("/audit/checkpoint/0/", HTTP_AUTHORIZATION="Bearer x").status_code == 404
    # a log that was set back is asked for more than it has: it shows what it has, and that is refused
    back = client.get("/audit/checkpoint/99999999/", **bearer)
    with pytest.raises(witness.Refused, match="99999999 were seen"):
        witness.judged(back.content.decode(), Checkpoint(signer().verifier.name, 99_999_999, EMPTY), signer().verifier)
    with identity(MACHINE), pytest.raises(LookupError):
        for_witness(-1)
    answer = client.get("/audit/checkpoint/0/", **bearer).content.decode()
    point, _note = witness.judged(answer, witness.remembered(Path("/nowhere"), signer().verifier), signer().verifier)
    line = outside.line(point.body(), 1_700_000_000)
    more = {**bearer, "content_type": "text/plain"}
    assert client.post("/audit/checkpoint/0/", "— outside AAAA\n", **more).status_code == 422
    stranger = Signer("outside", b"x" * 32, WITNESS).line(point.body(), 1_700_000_000)
    assert client.post("/audit/checkpoint/0/", stranger, **more).status_code == 422
    call()  # the log goes on while the witness signs
    seal()
    for _twice in range(2):
        assert client.post("/audit/checkpoint/0/", line, **more).status_code == 200
    with identity(MACHINE):
        assert verify().witnessed == point.size
        kept = Cosignature.objects.get()
        assert (kept.witness, kept.size, int(kept.at.timestamp())) == ("outside", point.size, 1_700_000_000)
        assert Checkpoint.of(newest() or "").size > point.size
        grown = for_witness(point.size)
    assert grown.startswith(f"old {point.size}\n") and len(grown.partition("\n\n")[0].splitlines()) > 1
    log = signer().verifier
    found, note = witness.judged(grown, point, log)
    assert found.size > point.size and opened(note, log) == found
    for wrong in (
        grown.replace("old ", "old \u0660", 1),
        grown.replace("old ", "old -", 1),
        grown.replace("\n\n", "\n", 1),
    ):
        with pytest.raises(BadNote):
            witness.judged(wrong, point, log)
    lines = grown.split("\n")
    for proof in (lines[:1] + lines[2:], [lines[0], lines[1], *lines[1:]]):  # a step of the proof is missing, or twice
        with pytest.raises(witness.Refused):
            witness.judged("\n".join(proof), point, log)


def test_before_the_first_checkpoint_there_is_nothing_to_show(committed: SimpleNamespace) -> None:
    with psycopg.connect(committed.superuser_url, autocommit=True) as master:
        master.execute("SET session_replication_role = replica; DELETE FROM audit_checkpoint; DELETE FROM audit_leaf")
    assert newest() is None
    with identity(MACHINE), pytest.raises(LookupError):
        for_witness(0)
    with pytest.raises(CommandError):
        call_command("checkpoint")


def test_the_commands_write_once_for_one_reader_and_print_what_a_witness_asks(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seal()
    with identity(MACHINE):
        size = Checkpoint.of(newest() or "").size if newest() else 0
    call()
    call_command("checkpoint", since=size, seal=True)
    said = capsys.readouterr().out
    with identity(MACHINE):
        assert said == for_witness(size) and queue().count == 0
    bundle, key = tmp_path / "audit.jsonl", tmp_path / "key"
    call_command("export_audit", bundle, mac_key=key)
    out = capsys.readouterr().out
    assert (bundle.stat().st_mode & 0o777, key.stat().st_mode & 0o777) == (0o600, 0o400)
    assert bytes.fromhex(key.read_text().strip()) == mac_key() and "wrote" not in out
    with pytest.raises(CommandError):
        call_command("export_audit", bundle)
    with pytest.raises(FileExistsError):
        call_command("export_audit", tmp_path / "another", mac_key=key)


class Log(BaseHTTPRequestHandler):
    """A log on another machine: shows its answers to whoever has the token, and keeps what is sent back."""

    answers: ClassVar[dict[str, bytes]] = {}
    sent: ClassVar[list[tuple[str, bytes, str | None]]] = []
    asked: ClassVar[list[str | None]] = []

    def do_GET(self) -> None:
        self.asked.append(self.headers["Authorization"])
        known = self.headers["Authorization"] == "Bearer t0ken"
        self._say(self.answers.get(self.path) if known else None)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.sent.append((self.path, body, self.headers["Content-Type"]))
        self._say(b"kept")

    def _say(self, text: bytes | None) -> None:
        self.send_response(200 if text is not None else 404)
        self.end_headers()
        self.wfile.write(text or b"")

    def log_message(self, *arguments: Any) -> None: ...


def test_a_witness_asks_over_http_and_sends_back_what_it_signed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log, token, key = Signer("log", bytes(range(32))), tmp_path / "token", tmp_path / "key"
    token.write_text("t0ken\n")
    note = signed(body := Checkpoint("log", 1, leaf_hash(b"x")).body(), [log.line(body)])
    Log.asked.clear()
    Log.answers, Log.sent = {"/0/": f"old 0\n\n{note}".encode()}, []
    Log.answers["/1/"] = f"old 1\n\n{note}".encode() + b"x" * witness.LONGEST  # no answer is read without end
    with ThreadingHTTPServer(("127.0.0.1", 0), Log) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        base = [f"http://127.0.0.1:{server.server_port}/{{old}}/", "--log-key", str(log.verifier)]
        base += ["--state", str(tmp_path / "state"), "--key", str(key), "--post"]
        assert witness.main(base) == 2 and not (tmp_path / "state").exists() and Log.sent == []
        assert Log.asked == [None]
        quiet = [*base[:-1], "--token", str(token), "--state", str(tmp_path / "another")]
        assert witness.main(quiet) == 0 and Log.sent == [] and capsys.readouterr().out.startswith("\u2014 witness ")
        assert witness.main([*base, "--token", str(token)]) == 0
        line = capsys.readouterr().out
        assert Log.sent == [("/0/", line.encode(), "text/plain; charset=utf-8")]
        assert witness.main([*base, "--token", str(token)]) == 2 and len(Log.sent) == 1
        capsys.readouterr()
        assert witness.main([base[0].replace("http:", "https:"), *base[1:]]) == 2
        assert "SSL" in capsys.readouterr().err  # it asked, and such an address is asked by TLS alone
        server.shutdown()
    assert (tmp_path / "state").read_text() == note


def keep_cosignature(folder: Path, line: str) -> None:
    (folder / "line").write_text(line, encoding="utf-8")
    call_command("checkpoint", cosigned=folder / "line")


def known(settings: Any, *keys: str) -> None:
    settings.AUDIT_WITNESSES = list(keys)
    witnesses.cache_clear()


@pytest.fixture(autouse=True)
def _forget_witnesses() -> Any:
    yield
    witnesses.cache_clear()


def copy_database(committed: SimpleNamespace, name: str) -> None:
    """A snapshot of this test's city, as somebody who can put a machine back has it."""
    connection.close()
    with psycopg.connect(committed.superuser_url.rsplit("/", 1)[0] + "/postgres", autocommit=True) as master:
        master.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        master.execute(f'CREATE DATABASE "{name}" TEMPLATE "{committed.name}"')


def test_a_witness_keeps_what_it_saw_and_signs_only_with_a_key(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The witness's program on files: `answer-0` is what a log of one entry shows to who saw nothing, and so on."""
    log, root = Signer("log", bytes(range(32))), leaf_hash(b"first")
    body = Checkpoint("log", 1, root).body()
    for old in (0, 1):
        (tmp_path / f"answer-{old}").write_text(f"old {old}\n\n" + signed(body, [log.line(body)]))
    key, state = tmp_path / "key", tmp_path / "state"
    base = [str(tmp_path / "answer-{old}"), "--log-key", str(log.verifier), "--state", str(state)]
    assert witness.main(base) == 0 and not key.exists()
    assert capsys.readouterr() == ("", "seen 1 after 0\n")
    assert witness.main([*base, "--key", str(key), "--name", "outside"]) == 0
    said = capsys.readouterr()
    outside = Verifier.of(said.err.splitlines()[0].removeprefix("key "))
    assert said.err.splitlines()[1] == "seen 1 after 1" and key.stat().st_mode & 0o777 == 0o400
    at = outside.signed_at(Checkpoint("log", 1, root).body() + "\n" + said.out)
    assert (outside.name, outside.kind) == ("outside", WITNESS) and at is not None and abs(at - time.time()) < 60
    assert witness.main([*base, "--key", str(key)]) == 0
    again = Verifier.of(capsys.readouterr().err.splitlines()[0].removeprefix("key "))
    assert (again.name, again.public) == ("witness", outside.public)  # the key that it made the first time
    kept = state.read_text()
    for text, code, why in (
        ("old 1\n\n" + signed(b := Checkpoint("log", 0, EMPTY).body(), [log.line(b)]), 1, "REFUSED"),
        ("old 1\n\n" + signed(b := Checkpoint("log", 1, bytes(32)).body(), [log.line(b)]), 1, "REFUSED"),
        ((tmp_path / "answer-0").read_text(), 2, "nothing was seen"),
        ("", 2, "nothing was seen"),
    ):
        (tmp_path / "answer-1").write_text(text)
        assert witness.main(base) == code
        assert capsys.readouterr().err.startswith(why) and state.read_text() == kept
    key.chmod(0o600)
    key.write_text("00" * 31)
    with pytest.raises(ValueError, match="32 bytes"):
        witness._seed(key)
