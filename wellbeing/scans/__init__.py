"""What a page of a scan looks like: one page of a PDF as a picture, drawn where nothing can be reached.

A browser that shows a PDF under a sandbox shows nothing, and without one it runs what the PDF says. So a page is drawn
by a program of its own (drawing.py) that has the file and nothing else: no key, no environment, no other file, no
network; a limit of memory and time. The file lies in memory only, the picture leaves as bytes, nothing is kept.
"""

from __future__ import annotations

import importlib.util
import logging
import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from wellbeing.content import BadContent, Kind, look

PATIENCE = 12.0  # seconds that one page may take, by the wall's clock; of computing, drawing.SECONDS
QUEUE = 10.0  # seconds to wait for others' pages
MOST = 16 << 20  # bytes of a picture; drawing.PIXELS of noise come to less
DRAWING = Path(__file__).with_name("drawing.py")
log = logging.getLogger("wellbeing.scans")
_at_once = threading.BoundedSemaphore(2)  # of one process of the web server


class Unseen(Exception):
    """A page that cannot be shown: the file is damaged, locked, has no such page, or asks for too much."""


class Busy(Exception):
    """Others' pages are being drawn, and took all the time there is to wait."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page as a PNG, and how many pages there are. Its repr shows no picture."""

    count: int
    picture: bytes

    def __repr__(self) -> str:
        return f"Page(of {self.count})"


def draw_page(content: bytes, number: int) -> Page:
    """The page of a PDF with this number, counted from 1. Raises Unseen or Busy."""
    if not _at_once.acquire(timeout=QUEUE):
        raise Busy
    try:
        said = _drawn(content, number)
    finally:
        _at_once.release()
    head, _line, picture = said.partition(b"\n")
    try:
        if look(picture) != Kind.PNG:
            raise Unseen
        return Page(int(head[:12]), picture)
    except (BadContent, ValueError):
        raise Unseen from None


def _drawn(content: bytes, number: int) -> bytes:
    """What the program says: the number of pages, a line's end, and the picture. Raises Unseen."""
    command = [sys.executable, "-I", "-S", "-B", str(DRAWING), _library(), str(number)]
    file = os.memfd_create("scan")  # in memory, and gone with the last who has it open
    with os.fdopen(file, "r+b") as given:
        given.write(content)
        given.seek(0)
        drawing = subprocess.Popen(  # noqa: S603 -- our own interpreter and program, and a number
            command, stdin=given, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}, cwd="/"
        )
    bell = threading.Timer(PATIENCE, drawing.kill)
    bell.start()
    try:
        with drawing:
            assert drawing.stdout is not None
            said = drawing.stdout.read(MOST + 1)
            if len(said) > MOST:
                drawing.kill()
    finally:
        bell.cancel()
    if drawing.returncode or len(said) > MOST:
        log.warning("a page was not drawn", extra={"codes": {"ended": drawing.returncode}})
        raise Unseen
    return said


def _library() -> str:
    """Where the drawing program finds what it draws with; it sees no other path of ours."""
    found = importlib.util.find_spec("pypdfium2_raw")
    assert found and found.origin
    return str(Path(found.origin).parent.parent)
