"""What is kept and what is not, by content alone."""

from __future__ import annotations

import random
import time
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.files import JPEG, PDF, PNG, jpeg, packed, pdf, png
from wellbeing.content import FAULT_TEXT, BadContent, Fault, Kind, look


def fault(content: bytes) -> Fault | None:
    try:
        look(content)
    except BadContent as bad:
        return bad.fault
    return None


def test_the_three_kinds_pass() -> None:
    assert [look(one) for one in (PDF, PNG, JPEG)] == [Kind.PDF, Kind.PNG, Kind.JPEG]
    assert look(jpeg(4000, 3000, tail=b"\x00" * 8)) == Kind.JPEG
    assert look(PDF + b"\r\n\r\n") == Kind.PDF
    assert look(pdf(b"<< /Title (a /JS b) >>", packed(b"<< /OpenAction [3 0 R /Fit] >>"))) == Kind.PDF
    kept = b"1 0 << /Type /Page >>" * 40_000  # as programs of today write them, beside a photograph in other letters
    for how in (b"/Type /ObjStm /N 100 /First 800", b"/First 800/N 100/Type/ObjStm"):
        assert look(pdf(packed(kept, how), b"<< /First 9 0 R >>", stream(b"x", b"/N 3 /Filter /DCTDecode"))) == Kind.PDF


def test_every_fault_has_its_sentence() -> None:
    assert set(FAULT_TEXT) == set(Fault)


SCRIPT = b"<< /S /JavaScript /JS (app.alert) >>"


def stream(data: bytes, more: bytes) -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (more, len(data), data)


def stored(text: bytes) -> bytes:
    """The beginning of a packed stream, whose text stands there as it is."""
    return b"\x78\x9c\x00" + len(text).to_bytes(2, "little") + (len(text) ^ 0xFFFF).to_bytes(2, "little") + text


def deflated(text: bytes) -> bytes:
    packing = zlib.compressobj(wbits=-15)
    return packing.compress(text) + packing.flush() + bytes(4)


HOSTILE = {
    "nothing": (b"", Fault.EMPTY),
    "a Windows program named .pdf": (b"MZ\x90\x00" + PDF, Fault.PROGRAM),
    "a Linux program": (b"\x7fELF\x02\x01" + bytes(60), Fault.PROGRAM),
    "a script": (b"#!/bin/sh\nrm -rf /\n%PDF-1.7\n%%EOF", Fault.PROGRAM),
    "an archive": (b"PK\x03\x04" + bytes(40), Fault.PROGRAM),
    "a text of an office program": (b"PK\x03\x04" + bytes(26) + b"[Content_Types].xml" + bytes(9), Fault.OFFICE),
    "a telephone's own format": (b"\x00\x00\x00\x18ftypheic" + bytes(60), Fault.HEIC),
    "a page": (b"<!doctype html><script>alert(1)</script>", Fault.UNKNOWN),
    "a drawing that runs": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>', Fault.UNKNOWN),
    "an old office file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(40), Fault.OFFICE),
    "a GIF": (b"GIF89a" + bytes(40), Fault.UNKNOWN),
    "a PDF that begins later": (b"hello %PDF-1.7\n%%EOF", Fault.UNKNOWN),
    "a PDF that is a page too": (PDF.replace(b"1 0 obj", b"<script>x()</script>\n1 0 obj"), Fault.MIXED),
    "a PDF with an archive behind": (PDF + b"PK\x05\x06" + bytes(18), Fault.MIXED),
    "a PDF that was cut": (PDF[:-40], Fault.CUT),
    "a script in a PDF": (pdf(b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"), Fault.ACTIVE),
    "its name in other letters": (pdf(b"<< /S /J#61vaScri#70t /JS (x) >>"), Fault.ACTIVE),
    "packed away": (pdf(packed(b"<< /S /JavaScript /JS (x) >>", b"/Type /ObjStm /N 1")), Fault.ACTIVE),
    "packed away in other letters": (pdf(packed(b"<< /S /#4Aava#53cript >>", b"/Type /ObjStm /N 1")), Fault.ACTIVE),
    "packed away twice": (
        pdf(stream(zlib.compress(SCRIPT).hex().encode(), b"/Type /ObjStm /Filter [/ASCIIHexDecode /FlateDecode]")),
        Fault.LOCKED,
    ),
    "packed, then written as figures": (
        pdf(stream(zlib.compress(SCRIPT.hex().encode()), b"/Type /ObjStm /Filter [/FlateDecode /ASCIIHexDecode]")),
        Fault.LOCKED,
    ),
    "packed as differences": (
        pdf(packed(SCRIPT, b"/Type /ObjStm /DecodeParms << /Predictor 12 /Columns 5 >>")),
        Fault.LOCKED,
    ),
    "behind a false end": (
        pdf(stream(stored(b"1 0 endstream ") + deflated(SCRIPT), b"/Type /ObjStm /Filter /FlateDecode")),
        Fault.LOCKED,
    ),
    "behind a false beginning": (
        pdf(stream(zlib.compress(SCRIPT).hex().encode(), b"/X (stream) /Type /ObjStm /Filter [/AHx /Fl]")),
        Fault.LOCKED,
    ),
    "not packed, in other letters": (pdf(stream(b"<< /S /J#61vaScript >>", b"/N 1 /First 4")), Fault.ACTIVE),
    "behind all that is looked into": (
        pdf(packed(b" " * 300_000 + SCRIPT, b"/Type /Obj#53tm /N 1 /First 4")),
        Fault.ACTIVE,
    ),
    "a packed form that acts": (pdf(packed(b"<< /XFA [] >>", b"/Type /ObjStm /N 1 /First 4")), Fault.ACTIVE),
    "behind a false stream": (pdf(b"% stream\n<< /S /JavaScript >> % endstream"), Fault.ACTIVE),
    "a PDF that starts a program": (pdf(b"<< /S /Launch /F (cmd.exe) >>"), Fault.ACTIVE),
    "a file in a PDF": (pdf(b"<< /Names << /EmbeddedFiles 3 0 R >> >>"), Fault.ACTIVE),
    "a form that acts": (pdf(b"<< /AcroForm << /XFA [] >> >>"), Fault.ACTIVE),
    "a locked PDF": (pdf(b"<< /Encrypt 9 0 R >>"), Fault.LOCKED),
    "a PDF packed too tightly": (pdf(*[packed(bytes(300_000))] * 260), Fault.LOCKED),
    "a picture that was cut": (PNG[:-5], Fault.CUT),
    "a photograph that was cut": (JPEG[:-2], Fault.CUT),
    "a header and nothing else": (b"\xff\xd8\xff\xe0", Fault.CUT),
    "a picture with a program behind": (png(tail=b"MZ\x90"), Fault.MIXED),
    "a photograph with an archive behind": (jpeg(tail=b"PK\x03\x04"), Fault.MIXED),
    "a picture that is a bomb": (png(100_000, 100_000), Fault.PICTURE),
    "a photograph of no size": (jpeg(0, 100), Fault.PICTURE),
    "a photograph larger than any": (jpeg(19_999, 19_999), Fault.PICTURE),
    "a page inside a photograph's comment": (JPEG.replace(b"JFIF", b"<html"), Fault.MIXED),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_not_kept_says_why(name: str) -> None:
    content, expected = HOSTILE[name]
    assert fault(content) == expected


@settings(max_examples=500)
@given(st.sampled_from([PDF, PNG, JPEG]), st.integers(0, 400), st.integers(0, 255), st.booleans())
def test_whatever_is_changed_the_answer_is_a_kind_or_a_fault(content: bytes, at: int, byte: int, cut: bool) -> None:
    at %= len(content)
    changed = content[:at] if cut else content[:at] + bytes([byte]) + content[at + 1 :]
    assert fault(changed) is None or fault(changed) in FAULT_TEXT


@pytest.mark.parametrize(
    "filling",
    [
        *(b"stream\n", b"endstream", b"/J#61", b"<", b"\xff\xff", zlib.compress(bytes(10_000_000)), b"obj\nstream\r\n"),
        *(b"/First ", b"/#4f", b"1 ", b"1 0 obj /ObjStm /Filter ", b"/ObjStm stream endstream "),
    ],
)
def test_a_hostile_file_of_20_mb_costs_no_time(filling: bytes) -> None:
    size = 20_000_000
    begun = time.process_time()
    for head, end in ((b"%PDF-1.7\n", b"%%EOF"), (b"\xff\xd8\xff\xe0", b"\xff\xd9"), (PNG[:33], b"")):
        fault(head + (filling * (size // len(filling) + 1))[: size - 100] + end)
    assert time.process_time() - begun < 10


def test_twenty_megabytes_of_noise_in_streams_are_no_false_alarm() -> None:
    noise = random.Random(3).randbytes(10_000_000)
    assert fault(pdf(b"<< /Length 1 >>\nstream\n" + noise + b"\nendstream")) is None
