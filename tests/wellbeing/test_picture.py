"""A photograph is kept without what a telephone wrote beside it, and still looks the same."""

from __future__ import annotations

import random
import struct
import zlib

from tests.files import JPEG, PDF, PNG
from wellbeing.content import Kind, look
from wellbeing.upload import Content

PLACE = b"N 30.0161 E 122.2072"  # where it was taken
SHOWN = (b"\xff\xe2", b"ICC_PROFILE\x00\x01\x01colours"), (b"\xff\xee", b"Adobe\x00\x64\x00\x00\x00\x00\x01")


def segment(marker: bytes, data: bytes) -> bytes:
    return marker + struct.pack(">H", len(data) + 2) + data


def exif(order: str, turned: int, *, tag: int = 0x0112) -> bytes:
    """As a telephone writes it: the model, which way is up, the place."""
    first = b"II\x2a\x00" if order == "<" else b"MM\x00\x2a"
    entries = struct.pack(f"{order}HHII", 0x0110, 2, len(PLACE), 38) + struct.pack(
        f"{order}HHIHH", tag, 3, 1, turned, 0
    )
    return b"Exif\x00\x00" + first + struct.pack(f"{order}IH", 8, 2) + entries + bytes(4) + PLACE


def photograph(*segments: tuple[bytes, bytes]) -> bytes:
    return JPEG[:2] + b"".join(segment(*one) for one in segments) + JPEG[2:]


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def test_place_model_and_preview_go_and_what_shows_the_picture_stays() -> None:
    for order in "<>":
        taken = photograph(
            (b"\xff\xe1", exif(order, 6)), *SHOWN, (b"\xff\xfe", PLACE), (b"\xff\xed", b"Photoshop" + PLACE)
        )
        kept = Content("a.jpg", taken).content
        assert PLACE in taken and PLACE not in kept
        assert look(kept) == Kind.JPEG and kept.endswith(JPEG[20:])
        assert all(segment(*one) in kept for one in SHOWN)
        ((at, turned),) = [(kept.index(b"Exif"), kept[kept.index(b"Exif") + 6 + 18 : kept.index(b"Exif") + 6 + 20])]
        assert (kept[at - 4 : at - 2], turned) == (b"\xff\xe1", b"\x00\x06")  # a telephone held upright
    upright = (
        exif("<", 1),
        exif("<", 9),
        exif("<", 6, tag=0x0113),
        exif("<", 6)[:20],
        b"Exif\x00\x00",
        b"http://xmp" + PLACE,
    )
    for data in upright:
        assert Content("a.jpg", photograph((b"\xff\xe1", data))).content == JPEG
    assert Content("a.jpg", JPEG).content == JPEG
    assert Content("a.pdf", PDF).content == PDF


def test_a_preview_a_comment_between_scans_and_a_second_file_behind_it_go_too() -> None:
    bare, end = JPEG[:-2], JPEG[-2:]
    scan = bare[bare.index(b"\xff\xda") :]
    table = segment(b"\xff\xc4", b"\x10" + bytes(16))
    again = b"\xff\xd0\x01\xff\x00\x02"  # taken up again, and a byte of the picture that looks like a marker
    preview = segment(b"\xff\xe0", JPEG[6:18] + b"\x01\x06" + PLACE[:18])
    assert Content("a.jpg", JPEG[:2] + preview + JPEG[20:]).content == JPEG
    hidden = (
        segment(b"\xff\xe0", b"JFXX\x00\x10" + PLACE),
        segment(b"\xff\xee", b"Adobe\x00\x64" + PLACE),
        segment(b"\xff\xe2", b"MPF\x00" + PLACE),
    )
    for one in hidden:
        assert Content("a.jpg", JPEG[:2] + one + JPEG[2:]).content == bare[:2] + JPEG[2:]
    between = bare + again + segment(b"\xff\xfe", PLACE) + segment(b"\xff\xe1", exif("<", 6)) + b"\xff" + table + scan
    shown = bare + again + table + scan + end
    assert Content("a.jpg", between + end).content == shown
    for behind in (JPEG, photograph((b"\xff\xe1", exif("<", 6))), b"PK\x03\x04" + PLACE + b"\xff\xd9"):
        assert Content("a.jpg", between + end + behind).content == shown
    assert look(shown) == Kind.JPEG and Content("a.jpg", shown).content == shown


def test_a_drawing_keeps_its_chunks_of_pixels_and_colour_alone() -> None:
    shown = chunk(b"sRGB", b"\x00") + chunk(b"pHYs", bytes(9))
    said = (
        chunk(b"tEXt", b"Comment\x00" + PLACE)
        + chunk(b"eXIf", exif("<", 6)[6:])
        + chunk(b"tIME", bytes(7))
        + chunk(b"teSt", PLACE)
    )
    kept = Content("a.png", PNG[:33] + shown + said + PNG[33:]).content
    assert kept == PNG[:33] + shown + PNG[33:]
    assert look(kept) == Kind.PNG


def test_whatever_is_kept_is_a_picture_still() -> None:
    chance = random.Random(0xE1)
    for _ in range(300):
        segments = [
            (bytes([0xFF, chance.randint(0xE0, 0xFE)]), chance.randbytes(chance.randrange(60))) for _ in range(6)
        ]
        taken = photograph(*segments)
        kept = Content("a.jpg", taken).content
        assert look(kept) == Kind.JPEG and len(kept) <= len(taken)
        assert Content("a.jpg", kept).content == kept
