"""A photograph without what a telephone wrote beside it: where and when it was taken, with what, its preview. Pure.

What is needed to show it stays: sizes, colours, and which way is up (the one field of EXIF that is written anew). For
pictures that `content.look` has found whole. Source: OWASP ASVS 5.0, 14.2.8; ITU-T T.81 B; PNG 3, 11; EXIF 2.32.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

_EXIF, _ICC, _JFIF, _ADOBE = b"Exif\x00\x00", b"ICC_PROFILE\x00", b"JFIF\x00", b"Adobe"
_SCAN, _END, _COMMENT = 0xDA, 0xD9, 0xFE
_MARKER = re.compile(
    rb"\xff+[\x01-\xcf\xd8-\xfe]"
)  # neither a byte of the picture (FF 00) nor where it is taken up again
_OF_SCANS = frozenset({0xC4, 0xDB, 0xDC, 0xDD, _SCAN})  # what may stand between two scans, to decode the next one
_ORIENTATION = 0x0112
# Chunks without which a PNG looks otherwise; text, time, EXIF and whatever else a program invents go.
_SHOWN = frozenset(b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT bKGD pHYs cICP".split())


def bare_jpeg(content: bytes) -> bytes:
    """A JPEG with its picture, its colours and its orientation, and no other application's data or comment."""
    kept, turned = [], 1
    for marker, segment, rest in _segments(content):
        if marker == _SCAN:
            kept.append(_scans(rest))
        elif marker == 0xE1 and segment[4:].startswith(_EXIF):
            turned = _orientation(segment[4 + len(_EXIF) :])
        elif shown := _shown(marker, segment):
            kept.append(shown)
    if turned != 1:
        kept.insert(1 if kept[0][1] == 0xE0 else 0, _upright(turned))
    return content[:2] + b"".join(kept)


def bare_png(content: bytes) -> bytes:
    """A PNG with the chunks that show it."""
    kept, place = [content[:8]], 8
    while place < len(content):
        end = place + 12 + int.from_bytes(content[place : place + 4], "big")
        if content[place + 4 : place + 8] in _SHOWN:
            kept.append(content[place:end])
        place = end
    return b"".join(kept)


def _segments(content: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Marker, segment, and all from there on, up to the first scan."""
    place = 2
    while True:
        while content[place + 1] == 0xFF:  # fill
            place += 1
        marker, end = content[place + 1], place + 2 + int.from_bytes(content[place + 2 : place + 4], "big")
        yield marker, content[place:end], content[place:]
        if marker == _SCAN:
            return
        place = end


def _scans(rest: bytes) -> bytes:
    """The scans with their tables, from the first one to the end of the picture: nothing else that stands between them,
    and no second picture or other file behind it, whatever that ends with."""
    kept, place = [], 0
    while True:  # at the marker of a scan or a table
        marker, end = rest[place + 1], place + 2 + int.from_bytes(rest[place + 2 : place + 4], "big")
        if marker == _SCAN:
            found = _MARKER.search(rest, end)
            end = found.start() if found else len(rest)
        if marker in _OF_SCANS:
            kept.append(rest[place:end])
        while rest[end : end + 2] == b"\xff\xff":  # fill
            end += 1
        if rest[end + 1 : end + 2] in (b"", bytes([_END])) or rest[end] != 0xFF:
            return b"".join(kept) + bytes([0xFF, _END])
        place = end


def _shown(marker: int, segment: bytes) -> bytes:
    """What of a segment shows the picture: nothing of comments, of applications' the colour and the size of a dot."""
    data = segment[4:]
    if marker == 0xE0:  # without the preview that JFIF allows for
        return segment[:2] + b"\x00\x10" + data[:12] + bytes(2) if data.startswith(_JFIF) and len(data) >= 14 else b""
    if marker == 0xEE:
        return segment if data.startswith(_ADOBE) and len(data) == 12 else b""
    if marker == 0xE2:
        return segment if data.startswith(_ICC) else b""
    return b"" if marker == _COMMENT or 0xE0 <= marker <= 0xEF else segment


def _orientation(tiff: bytes) -> int:
    """Which way is up, 1 to 8, by the first directory of EXIF; 1 when it does not say so."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2], "")
    try:
        (start,) = struct.unpack_from(f"{order or '>'}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order or '>'}H", tiff, start)
        for number in range(count if order else 0):
            tag, _kind, _count, value = struct.unpack_from(f"{order}HHIH", tiff, start + 2 + 12 * number)
            if tag == _ORIENTATION:
                return int(value) if 1 <= value <= 8 else 1
    except struct.error:
        return 1
    return 1


def _upright(turned: int) -> bytes:
    """EXIF that says which way is up, and nothing else."""
    tiff = b"MM\x00\x2a\x00\x00\x00\x08" + struct.pack(">HHHIHHI", 1, _ORIENTATION, 3, 1, turned, 0, 0)
    return b"\xff\xe1" + struct.pack(">H", 2 + len(_EXIF) + len(tiff)) + _EXIF + tiff
