"""Small files of the three kinds that are kept, made by hand, and of many that are not."""

from __future__ import annotations

import struct
import zlib


def pdf(*objects: bytes, end: bytes = b"%%EOF\n") -> bytes:
    """A PDF of these objects; whole enough to be judged."""
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (n, one) for n, one in enumerate(objects, 1))
    return b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + body + b"trailer\n<< /Root 1 0 R >>\nstartxref\n0\n" + end


def packed(text: bytes, more: bytes = b"") -> bytes:
    data = zlib.compress(text)
    return b"<< /Filter /FlateDecode /Length %d %s >>\nstream\n%s\nendstream" % (len(data), more, data)


def png(width: int = 1, height: int = 1, *, tail: bytes = b"") -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\x00\x00")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"") + tail


def jpeg(width: int = 1, height: int = 1, *, tail: bytes = b"") -> bytes:
    frame = b"\xff\xc0" + struct.pack(">HBHHBBBB", 11, 8, height, width, 1, 1, 0x11, 0)
    scan = b"\xff\xda" + struct.pack(">HBBBBBB", 8, 1, 1, 0, 0, 63, 0) + b"\x12\x34"
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + frame + scan + b"\xff\xd9" + tail


PDF = pdf(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>", packed(b"BT (x) Tj ET"))
PNG, JPEG = png(), jpeg()


def scan(*texts: bytes) -> bytes:
    """A PDF that can be drawn: a page for each text, in large letters."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * n) for n in range(len(texts)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(texts)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for n, text in enumerate(texts):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
            b" /Resources << /Font << /F 3 0 R >> >> >>" % (5 + 2 * n)
        )
        objects.append(packed(b"1 0 0 rg 40 40 100 100 re f 0 g BT /F 60 Tf 60 600 Td (%s) Tj ET" % text))
    return pdf(*objects)


def endless(depth: int = 12) -> bytes:
    """A PDF of a few hundred bytes that draws itself ten times, each of which draws ten times, and so on."""
    forms = b"<< /XObject << /X %d 0 R >> >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources " + forms % 5 + b" >>",
        packed(b"/X Do"),
    ]
    for n in range(depth):
        more = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources " + forms % (6 + n)
        objects.append(packed(b"/X Do " * 10, more))
    objects.append(packed(b"0 0 500 500 re f", b"/Type /XObject /Subtype /Form /BBox [0 0 595 842]"))
    return pdf(*objects)
