"""What a file is, by its content alone: three kinds that a desk needs, and nothing that runs. Pure.

A name and a declared type are claims of whoever sends; neither is asked. PDF, PNG and JPEG pass when they are whole,
begin and end as such, and carry nothing beside themselves. Source: SECURITY.md, T11.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from enum import StrEnum

from wellbeing.translatable import _

PIXELS = 60_000_000  # a telephone's largest photograph; more is a bomb
SIDE = 20_000
PARTS, ESCAPES = 100_000, 200_000  # more of them stand in no honest PDF of this size
HEAD = 1024  # how far a browser that guesses would look
INFLATE, INFLATE_ALL = 1 << 18, 64 << 20  # bytes of one packed stream, and of all, that are looked into
OBJECTS = 4 << 20  # bytes of one stream that holds objects: of those nothing is left out


class Kind(StrEnum):
    PDF = "application/pdf"
    PNG = "image/png"
    JPEG = "image/jpeg"


ENDING = {Kind.PDF: "pdf", Kind.PNG: "png", Kind.JPEG: "jpg"}


class Fault(StrEnum):
    """What is wrong with a file."""

    EMPTY = "empty"
    LARGE = "large"
    PROGRAM = "program"
    OFFICE = "office"
    HEIC = "heic"
    UNKNOWN = "unknown"
    MIXED = "mixed"
    CUT = "cut"
    ACTIVE = "active"
    LOCKED = "locked"
    PICTURE = "picture"


FAULT_TEXT = {
    Fault.EMPTY: _("The file is empty."),
    Fault.LARGE: _("The file is larger than 20 MB. Scan it with a lower resolution, or send its pages one by one."),
    Fault.PROGRAM: _("This is a program or an archive, whatever its name says. It was not kept."),
    Fault.OFFICE: _("This is a file of an office program (Word, Excel, WPS). Save it as a PDF, and attach that."),
    Fault.HEIC: _(
        "This photograph is in a format of the telephone (HEIC). Choose “Most compatible” in the camera's settings and"
        " photograph again, or attach a screenshot of it."
    ),
    Fault.UNKNOWN: _("Only PDF files and PNG or JPEG pictures can be kept here, judged by what is in them."),
    Fault.MIXED: _("This file carries something else besides. Print it to a new PDF, or photograph it anew."),
    Fault.CUT: _("The file did not arrive whole, and nothing of it was kept. Choose it again."),
    Fault.ACTIVE: _("This PDF contains a script, an attachment or a form that acts by itself. Print it to a new PDF."),
    Fault.LOCKED: _("This PDF is locked or packed so that it cannot be checked. Print it to a new PDF."),
    Fault.PICTURE: _("The picture says that it is larger than any camera makes them. It was not kept."),
}


class BadContent(Exception):
    """A file that is not kept; says why as a code."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


_PROGRAM = (
    b"MZ",
    b"\x7fELF",
    b"#!",
    b"PK",
    b"\xca\xfe\xba\xbe",
    b"\xcf\xfa\xed\xfe",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
)
_OFFICE = re.compile(
    rb"PK\x03\x04.{26}(?:\[Content_Types\]\.xml|_rels/|mimetypeapplication/vnd\.oasis)|\xd0\xcf\x11\xe0", re.S
)
_HEIC = re.compile(rb".{4}ftyp(?:hei[cxms]|hev[cxms]|mif1|msf1)", re.S)
_PAGE = re.compile(rb"<(?:!doctype|html|head|body|script|svg|iframe|\?php|\?xml-stylesheet)", re.I)
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_ACTIVE = re.compile(
    rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|SubmitForm|ImportData|GoToE|Movie|Rendition)(?![A-Za-z0-9])"
)
_FORM = re.compile(rb"/XFA(?![A-Za-z0-9])")
_FILL = re.compile(rb"\xff*")
_LOCK = re.compile(rb"/Encrypt(?![A-Za-z0-9])")
# Since PDF 1.5 objects stand in streams too. Readers know such a stream by its type, or by these two numbers; any
# letter of a name may be written as its code.
_OBJECTS, _FIRST, _HOW_MANY = (
    re.compile(b"/" + b"".join(b"(?:%c|(?i:#%02x))" % (one, one) for one in name) + b"(?![A-Za-z0-9#])")
    for name in (b"ObjStm", b"First", b"N")
)
_BEGIN = re.compile(rb".*\d\s+obj\b", re.S)
_DEFLATE = re.compile(rb"/Filter\s*(?:/FlateDecode|\[\s*/FlateDecode\s*\])\s*(?=/|>>)")
_OTHERWISE = re.compile(rb"/(?:Filter|DecodeParms|FFilter|FDecodeParms|F)(?![A-Za-z0-9])")


def look(content: bytes) -> Kind:
    """The kind of a file. BadContent when it is none that is kept, or is more than it says."""
    if not content:
        raise BadContent(Fault.EMPTY)
    if _OFFICE.match(content):
        raise BadContent(Fault.OFFICE)
    if _HEIC.match(content):
        raise BadContent(Fault.HEIC)
    if content.startswith(_PROGRAM):
        raise BadContent(Fault.PROGRAM)
    for magic, check, kind in _KINDS:
        if content.startswith(magic):
            if _PAGE.search(content[:HEAD]):
                raise BadContent(Fault.MIXED)
            check(content)
            return kind
    raise BadContent(Fault.UNKNOWN)


def _check_pdf(content: bytes) -> None:
    end = content.rfind(b"%%EOF")
    if end < 0:
        raise BadContent(Fault.CUT)
    if content[end + 5 :].strip(b"\r\n\t \x00"):
        raise BadContent(Fault.MIXED)
    if _ACTIVE.search(content):  # anywhere: these words are too long to stand in packed bytes by chance
        raise BadContent(Fault.ACTIVE)
    left, escapes, before = INFLATE_ALL, 0, b""
    for number, (part, is_stream) in enumerate(_parts(content)):
        objects = is_stream and _holds_objects(before, part)
        text = _objects(before, part) if objects else _inflated(part) if is_stream else part
        escapes += text.count(b"#")
        if escapes > ESCAPES or number > PARTS:
            raise BadContent(Fault.LOCKED)
        plain = _unescaped(text)
        acts = not is_stream or objects
        if _ACTIVE.search(plain) or (acts and _FORM.search(plain)):
            raise BadContent(Fault.ACTIVE)
        left -= len(text) if is_stream else 0
        if left < 0 or (acts and _LOCK.search(plain)):
            raise BadContent(Fault.LOCKED)
        before = b"" if is_stream else plain


def _holds_objects(before: bytes, part: bytes) -> bool:
    """Whether a stream holds objects, by the dictionary before it. A word "stream" within that dictionary makes the
    rest of it look like the stream: it is looked for there too."""
    return any(
        _OBJECTS.search(said) or (_FIRST.search(said) and _HOW_MANY.search(said)) for said in (_own(before), part)
    ) or bool(_OBJECTS.search(before))


def _objects(before: bytes, part: bytes) -> bytes:
    """What stands in a stream of objects, all of it. BadContent where it is packed otherwise than by deflate alone, has
    no end, or ends elsewhere than its reader may think: something could hide there."""
    rest, packed = _DEFLATE.subn(b"", _own(before))
    if packed > 1 or _OTHERWISE.search(rest) or _holds_objects(b"", part):
        raise BadContent(Fault.LOCKED)
    if not packed:
        return part
    unpacking = zlib.decompressobj()
    try:
        text = unpacking.decompress(part, OBJECTS)
    except zlib.error:
        raise BadContent(Fault.LOCKED) from None
    if not unpacking.eof:
        raise BadContent(Fault.LOCKED)
    return text


def _own(before: bytes) -> bytes:
    """The dictionary of a stream, of what stands before it."""
    found = _BEGIN.match(before)
    return before[found.end() :] if found else before


def _unescaped(text: bytes) -> bytes:
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), text)


def _parts(content: bytes) -> Iterator[tuple[bytes, bool]]:
    """What stands outside streams, and what inside, in turn; one pass, whatever the file says of itself."""
    place = 0
    while (start := content.find(b"stream", place)) >= 0:
        end = content.find(b"endstream", start)
        yield content[place:start], False
        if end < 0:
            yield content[start:], False
            return
        yield content[start + 6 : end].lstrip(b"\r\n"), True
        place = end + 9
    yield content[place:], False


def _inflated(packed: bytes) -> bytes:
    """The beginning of a packed stream: since PDF 1.5 whole objects hide in them. Bounded, so no bomb goes off."""
    try:
        return zlib.decompressobj().decompress(packed, INFLATE)
    except zlib.error:
        return b""  # packed in another way, or a picture


def _check_png(content: bytes) -> None:
    place, first = 8, True
    while True:
        length, name = int.from_bytes(content[place : place + 4], "big"), content[place + 4 : place + 8]
        end = place + 12 + length
        if end > len(content) or zlib.crc32(content[place + 4 : end - 4]) != int.from_bytes(
            content[end - 4 : end], "big"
        ):
            raise BadContent(Fault.CUT)
        if first:
            if name != b"IHDR" or length != 13:
                raise BadContent(Fault.UNKNOWN)
            _check_size(*(int.from_bytes(content[place + at : place + at + 4], "big") for at in (8, 12)))
        if name == b"IEND":
            break
        place, first = end, False
    if end != len(content):
        raise BadContent(Fault.MIXED)


def _check_jpeg(content: bytes) -> None:
    place, sized = 2, False
    while not sized or content[place + 1 : place + 2] != b"\xda":  # up to the first scan, where the picture begins
        place = max(place, _FILL.match(content, place).end() - 1)  # type: ignore[union-attr]
        marker, length = content[place : place + 2], int.from_bytes(content[place + 2 : place + 4], "big")
        if len(marker) < 2 or marker[0] != 0xFF or length < 2 or marker[1] == 0xDA:
            raise BadContent(Fault.CUT)
        if 0xC0 <= marker[1] <= 0xCF and marker[1] not in (0xC4, 0xC8, 0xCC):
            height, width = (int.from_bytes(content[place + at : place + at + 2], "big") for at in (5, 7))
            _check_size(width, height)
            sized = True
        place += 2 + length
    end = content.rfind(b"\xff\xd9")
    if end < place:
        raise BadContent(Fault.CUT)
    if content[end + 2 :].strip(b"\x00"):
        raise BadContent(Fault.MIXED)


def _check_size(width: int, height: int) -> None:
    if not (0 < width <= SIDE and 0 < height <= SIDE and width * height <= PIXELS):
        raise BadContent(Fault.PICTURE)


_KINDS = (
    (b"%PDF-", _check_pdf, Kind.PDF),
    (b"\x89PNG\r\n\x1a\n", _check_png, Kind.PNG),
    (b"\xff\xd8\xff", _check_jpeg, Kind.JPEG),
)
