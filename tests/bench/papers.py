"""A letter as PDF by our door, against the library called once to set the same text bare.

Ours opens the packet, records the reading and sets the form: title, boxes, signatures, QR code, tags. Bare is typst's
own call with the same two fonts and nothing else of ours: a paragraph for
each text. No letter is set twice, as typst
remembers what it has set.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import typst

from cases import actions as cases
from referrals import actions
from referrals.papers import PaperCode
from referrals.sheets import paper_sheet
from tests.bench import crowd
from tests.bench.figure import Figure, ratio
from wellbeing.access.actor import Actor, identity
from wellbeing.demo.red_case import WORDS
from wellbeing.pdf.engine import STANDARD, sheet_pdf
from wellbeing.pdf.fonts import SANS, SERIF, WHEEL
from wellbeing.pdf.sheet import Sheet
from wellbeing.people.models import Desk, Role, User

TURNS, WARM = 41, 3  # ratio() warms up three times
BARE = f"""#set document(title: "bare")
#set text(font: "{SERIF[0]}", lang: "zh")
#for (label, said) in json(bytes(sys.inputs.data)) {{ par(text(font: "{SANS[0]}", label)); par(said) }}""".encode()


def figures(scale: str) -> Iterator[Figure]:
    """One figure."""
    crowd.database(10_000)
    lin, zhou = (Actor.of(User.objects.get(username=name)) for name in ("lin", "zhou"))
    letters = [_sent(lin, zhou) for _ in range(2 * (TURNS + WARM))]
    with identity(zhou):
        others = [_texts(_sheet(zhou, reference)) for reference in letters[1::2]]
    ours = letters[::2]
    spec = find_spec(WHEEL)
    assert spec and spec.origin
    folder = str(Path(spec.origin).parent)

    def bare() -> bytes:
        given = {"data": json.dumps(others.pop(), ensure_ascii=False)}
        return typst.compile(
            BARE, font_paths=[folder], ignore_system_fonts=True, sys_inputs=given, pdf_standards=STANDARD
        )

    yield Figure(
        "a letter as PDF by our door ÷ the library setting its text bare",
        ratio(lambda: _pdf(zhou, ours.pop()), bare, times=TURNS), "times", 1.3,
    )  # fmt: skip


def _sheet(zhou: Actor, reference: str) -> Sheet:
    return paper_sheet(zhou, reference, PaperCode.REFERRAL_SLIP, f"https://localhost/referrals/{reference}/")


def _pdf(zhou: Actor, reference: str) -> bytes:
    with identity(zhou):
        return sheet_pdf(_sheet(zhou, reference))


def _texts(sheet: Sheet) -> list[tuple[str, str]]:
    """What stands on the sheet, each in the font in which it stands there."""
    said = [(line.label, line.value) for line in sheet.lines]
    return [(sheet.house, ""), (sheet.title, ""), (sheet.reference, ""), *said, *((one, "") for one in sheet.signers)]


def _sent(lin: Actor, zhou: Actor) -> str:
    """The reference of a letter whose words nobody has set before."""
    case = cases.take_call(actor=lin, call=cases.CallSheet(words=WORDS, division="330902"))
    cases.acknowledge(actor=zhou, case=case)
    hospital = Desk.objects.get(organisation__code="haiyun-hospital", role=Role.HOSPITAL_LIAISON)
    words = {"summary": _say(120), "measures": _say(80), "question": _say(40)}
    return str(
        actions.open_channel(actor=zhou, case=case, destination=hospital, consent="given", words=words).reference
    )


def _say(length: int) -> str:
    """Everyday characters in an order of their own."""
    return "".join(chr(0x4E00 + secrets.randbelow(2000)) for _ in range(length))
