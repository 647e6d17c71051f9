"""A page of a PDF is drawn where nothing else can be reached, and what cannot be drawn says so and no more."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
import zlib

import pytest

from tests.files import JPEG, PDF, endless, packed, pdf, scan
from wellbeing import scans
from wellbeing.scans import DRAWING, Busy, Unseen, draw_page

# What a PDF that has taken the program over would try: files, the network, programs, other processes, much memory.
TRIES = """
import ctypes, importlib.util, os, resource, socket, sys
spec = importlib.util.spec_from_file_location("drawing", sys.argv[1])
drawing = importlib.util.module_from_spec(spec); spec.loader.exec_module(drawing)
kernel = ctypes.CDLL(None, use_errno=True)
asks = {
    "file": lambda: open("/etc/passwd"),
    "write": lambda: os.open("/tmp/x", os.O_CREAT | os.O_WRONLY),
    "network": socket.socket,
    "fork": lambda: os.fork() or os._exit(0),
    "program": lambda: os.execv("/bin/true", ["true"]),
    "parent": lambda: os.kill(os.getppid(), 0),
    "memory": lambda: bytearray(700 << 20),
    "limit": lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (9, 9)),
    "trace": lambda: kernel.ptrace(16, os.getppid(), 0, 0) and (_ for _ in ()).throw(OSError(ctypes.get_errno(), "")),
}
if "open" not in sys.argv:
    drawing.shut()
for name, ask in asks.items():
    if name in sys.argv[2:]:
        try:
            ask()
        except (OSError, MemoryError, ValueError):
            print(name, "refused")
        else:
            print(name, "given")
"""
REFUSED = ("file", "write", "network", "fork", "program", "parent", "memory", "limit", "trace")


def _tries(*names: str) -> dict[str, str]:
    ran = subprocess.run(
        [sys.executable, "-c", TRIES, str(DRAWING), *names], capture_output=True, text=True, check=True
    )
    return dict(line.split() for line in ran.stdout.splitlines())


def test_each_page_is_a_picture_of_what_stands_on_it() -> None:
    pages = [draw_page(scan(b"first", b"second"), number) for number in (1, 2)]
    assert [page.count for page in pages] == [2, 2] and pages[0].picture != pages[1].picture
    rows = _pixels(pages[0].picture)
    assert (len(rows[0]) // 3, len(rows)) == (1240, 1754)
    assert rows[1500][200 * 3 : 201 * 3] == b"\xff\x00\x00" and rows[10][:3] == b"\xff\xff\xff"  # the red square, paper
    assert "PNG" not in repr(pages[0])


def _pixels(picture: bytes) -> list[bytes]:
    """The rows of such a PNG, by the plain rule of its filter."""
    width, data, place = int.from_bytes(picture[16:20], "big"), b"", 8
    while place < len(picture):
        size = int.from_bytes(picture[place : place + 4], "big")
        if picture[place + 4 : place + 8] == b"IDAT":
            data += picture[place + 8 : place + 8 + size]
        place += size + 12
    packed_rows, row, rows, above = zlib.decompress(data), width * 3, list[bytes](), bytes(width * 3)
    for start in range(0, len(packed_rows), row + 1):
        assert packed_rows[start] == 2
        line = packed_rows[start + 1 : start + 1 + row]
        above = bytes((one + up) & 0xFF for one, up in zip(line, above, strict=True))
        rows.append(above)
    return rows


@pytest.mark.parametrize(
    ("content", "number"),
    [
        (PDF, 1),  # without a page
        (b"%PDF-1.7\n%%EOF\n", 1),
        (JPEG, 1),
        (scan(b"one")[:-200], 2),
        (scan(b"one"), 2),
        (scan(b"one"), 0),
        (scan(b"one"), 2**31),
        (pdf(b"<< /Type /Catalog /Pages 1 0 R /Kids [1 0 R] /Count 1 >>"), 1),  # it is its own page
        (scan(b"one").replace(b"[0 0 595 842]", b"[0 0 0 0.0001]"), 2),
        (packed(b"\x00" * 100), 1),
    ],
)
def test_what_cannot_be_drawn_is_unseen(content: bytes, number: int) -> None:
    with pytest.raises(Unseen):
        draw_page(content, number)


def test_a_page_that_draws_for_ever_is_ended() -> None:
    began = time.monotonic()
    with pytest.raises(Unseen):
        draw_page(endless(), 1)
    assert time.monotonic() - began < scans.PATIENCE + 5


def test_the_program_reaches_nothing_else() -> None:
    assert _tries(*REFUSED) == dict.fromkeys(REFUSED, "refused")
    free = ("file", "network", "fork", "parent")  # what the same questions give where nothing is shut
    assert set(_tries("open", *free).values()) == {"given"}


def test_it_knows_nothing_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither what stands in the environment nor where we lie: its search path is the library's alone."""
    seen: list[dict[str, object]] = []
    real = subprocess.Popen

    def watched(command: list[str], **more: object) -> object:
        seen.append({"command": command, **more})
        return real(command, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "Popen", watched)
    draw_page(scan(b"x"), 1)
    (one,) = seen
    assert (one["env"], one["cwd"]) == ({}, "/") and "-I" in one["command"] and "-S" in one["command"]  # type: ignore[operator]


def _unseen() -> None:
    with pytest.raises(Unseen):
        draw_page(endless(), 1)


def test_no_more_than_two_are_drawn_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scans, "QUEUE", 0.2)
    monkeypatch.setattr(scans, "PATIENCE", 3.0)  # of those two: what ends a page by itself has a test of its own
    waiting = [threading.Thread(target=_unseen) for _two in range(2)]
    for one in waiting:
        one.start()
    time.sleep(0.5)
    with pytest.raises(Busy):
        draw_page(scan(b"x"), 1)
    for one in waiting:
        one.join()
    assert draw_page(scan(b"x"), 1).count == 1
