"""A program of its own: reads a PDF, draws one page of it, says the number of pages and the picture (PNG), and ends.

Before it looks at the file it gives up whatever it does not need for that: no file can be opened and no connection made
from then on, nothing run, no other process reached, whatever the PDF makes of the library that reads it. It knows none
of our modules. Where the kernel cannot promise this, nothing is drawn. Source: SECURITY.md, T11; seccomp(2).
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import struct
import sys
import zlib

MEMORY, SECONDS = 640 << 20, 6
PIXELS, SIDE = 4_000_000, 2_400  # of the picture
WIDE = 1_240  # A4 at 150 dots per inch: a hand's writing is read well

# What a program that reads, computes and writes asks of the kernel, by the kernel's numbers (asm/unistd.h). Whatever
# else it asks is refused.
_READS = "read write close fstat lseek"
_COMPUTES = "mmap mprotect munmap mremap brk madvise futex sched_yield clock_gettime gettimeofday getrandom getpid"
_ENDS = "rt_sigaction rt_sigprocmask rt_sigreturn sigaltstack exit exit_group"
_NUMBERS = {
    "x86_64": (
        0xC000003E,
        (0, 1, 3, 5, 8),
        (9, 10, 11, 25, 12, 28, 202, 24, 228, 96, 318, 39),
        (13, 14, 15, 131, 60, 231),
    ),
    "aarch64": (
        0xC00000B7,
        (63, 64, 57, 80, 62),
        (222, 226, 215, 216, 214, 233, 98, 124, 113, 169, 278, 172),
        (134, 135, 139, 132, 93, 94),
    ),
}
_LOAD, _IS, _GIVE = 0x20, 0x15, 0x06  # words of the filter: load a word, compare it, answer
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050001, 0x80000000  # refused: "not permitted"


def main() -> int:
    """0 and the page; anything else and nothing."""
    sys.path.append(sys.argv[1])
    import pypdfium2_raw as pdfium  # type: ignore[import-untyped]  # before the doors shut

    shut()
    content = sys.stdin.buffer.read()
    pdfium.FPDF_InitLibrary()
    document = pdfium.FPDF_LoadMemDocument64(content, len(content), None)
    if not document:
        return 2
    count = pdfium.FPDF_GetPageCount(document)
    page = pdfium.FPDF_LoadPage(document, int(sys.argv[2]) - 1)
    if not page:
        return 3
    width, height = size(pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page))
    held = bytearray(b"\xff") * (width * 3 * height)
    place = (ctypes.c_char * len(held)).from_buffer(held)
    bitmap = pdfium.FPDFBitmap_CreateEx(width, height, pdfium.FPDFBitmap_BGR, place, width * 3)
    flags = pdfium.FPDF_ANNOT | pdfium.FPDF_REVERSE_BYTE_ORDER
    pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, flags)
    sys.stdout.buffer.write(b"%d\n" % count + png(width, height, bytes(held)))
    sys.stdout.buffer.flush()
    os._exit(0)  # nothing is tidied up: it all goes with the program


def shut() -> None:
    """Give up memory beyond a limit, time, files, the network and other processes. OSError where that cannot be had."""
    os.nice(5)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    for none in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE):
        resource.setrlimit(none, (0, 0))
    arch, *allowed = _NUMBERS[platform.machine()]
    words = [(_LOAD, 0, 0, 4), (_IS, 1, 0, arch), (_GIVE, 0, 0, _KILL), (_LOAD, 0, 0, 0)]
    for number in sum(allowed, ()):
        words += [(_IS, 0, 1, number), (_GIVE, 0, 0, _ALLOW)]
    words.append((_GIVE, 0, 0, _REFUSE))
    code = ctypes.create_string_buffer(b"".join(struct.pack("<HBBI", *word) for word in words))
    told = struct.pack("@HP", len(words), ctypes.addressof(code))
    kernel = ctypes.CDLL(None, use_errno=True)
    if kernel.prctl(38, 1, 0, 0, 0) or kernel.prctl(22, 2, ctypes.c_char_p(told), 0, 0):  # no new rights; the filter
        raise OSError(ctypes.get_errno(), "the kernel shuts nothing")


def size(width: float, height: float) -> tuple[int, int]:
    """Of the picture in dots, for a page in points."""
    if not (0 < width < 1e6 and 0 < height < 1e6):
        raise ValueError
    scale = min(WIDE / width, SIDE / height, (PIXELS / (width * height)) ** 0.5)
    return max(1, int(width * scale)), max(1, int(height * scale))


def png(width: int, height: int, pixels: bytes) -> bytes:
    """A PNG of these pixels (red, green, blue), each line as its difference to the one above, which packs well."""
    row, lines = width * 3, []
    high, before = int.from_bytes(b"\x80" * row, "big"), 0
    low = int.from_bytes(b"\x7f" * row, "big")
    for start in range(0, row * height, row):
        line = int.from_bytes(pixels[start : start + row], "big")
        # every byte less the one above it, all of a line at once: the highest bits apart, so that none is borrowed
        packed = ((line | high) - (before & low)) ^ ((line ^ ~before) & high)
        lines.append(b"\x02" + packed.to_bytes(row, "big"))
        before = line
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (b"IHDR", header), (b"IDAT", zlib.compress(b"".join(lines), 5)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )


if __name__ == "__main__":
    sys.exit(main())
