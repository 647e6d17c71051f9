"""The exported file: what is read is what was written, and what is no bundle is named as none. Pure."""

from __future__ import annotations

import io
import json
from pathlib import Path
from uuid import UUID

import pytest

from tests.audit.tampering import KEY, LOG, OUTSIDE, Log
from wellbeing.audit import alone
from wellbeing.audit.alone_tools import write_tools
from wellbeing.audit.bundle import BadBundle, read, write
from wellbeing.audit.chain import Link, Top, mac
from wellbeing.audit.examine import Notes, Placed, examine

FIRST, SECOND, THIRD = (UUID(int=n) for n in (1, 2, 3))
HASH, MAC = bytes(32), b"m" * 32


def text(rows: object, notes: Notes) -> str:
    file = io.StringIO()
    write(file, rows, notes)  # type: ignore[arg-type]
    return file.getvalue()


def walked(lines: str) -> list[object]:
    notes, streams = read(io.StringIO(lines))
    return [notes, *((stream, head, list(placed)) for stream, head, placed in streams)]


def test_what_is_read_is_what_was_written() -> None:
    """Also what should not be there: a body that is no text, a number below one, a stream without a head."""
    rows = [
        (FIRST, Top(2, HASH, MAC), [Placed(Link(FIRST, 1, b"\xff{}", HASH, MAC), 3), Placed(Link(FIRST, -2, b"", b"", b""), None, True)]),
        (SECOND, None, [Placed(Link(SECOND, (1 << 63) - 1, b"{}", HASH, MAC), -1)]),
        (THIRD, Top(0, HASH, None), []),
    ]  # fmt: skip
    notes = Notes(LOG.verifier, ["a\n", "b"], ["seen"], [OUTSIDE.verifier])
    file = io.StringIO()
    assert write(file, rows, notes) == 3
    assert walked(file.getvalue()) == [notes, *rows]
    zero, sixes = "00" * 32, "6d" * 32
    assert file.getvalue().splitlines() == [
        json.dumps({"log": str(LOG.verifier), "witnesses": [str(OUTSIDE.verifier)]}, separators=(",", ":")),
        *('{"checkpoint":"a\\n"}', '{"checkpoint":"b"}', '{"witnessed":"seen"}'),
        f'{{"stream":"{FIRST}","head":[2,"{zero}","{sixes}"]}}',
        *(f'[1,"\\udcff{{}}","{zero}","{sixes}",3,false]', '[-2,"","","",null,true]'),
        f'{{"stream":"{SECOND}","head":null}}',
        f'[9223372036854775807,"{{}}","{zero}","{sixes}",-1,false]',
        *(f'{{"stream":"{THIRD}","head":[0,"{zero}",""]}}', '{"end":3}'),
    ]


def test_what_is_no_bundle_is_named_as_none() -> None:
    rows = [(FIRST, Top(1, HASH, MAC), [Placed(Link(FIRST, 1, b"{}", HASH, MAC), 0)])]
    whole = text(rows, Notes(LOG.verifier, ["a"], ["b"], [OUTSIDE.verifier]))
    first, *_notes, head, event, _end = whole.splitlines()
    event_of, zero = json.loads(event), "00" * 32

    def said(*parts: object) -> str:
        return json.dumps([*parts, *event_of[len(parts) :]])

    for before, after in (
        *((first, "[]"), (first, "null"), (first, "{}"), (first, '{"log":"x","witnesses":[]}')),
        *((first, f'{{"log":"{LOG.verifier}"}}'), (first, f'{{"log":"{LOG.verifier}","witnesses":["x"]}}')),
        *((head, "7"), (head, '{"head":null}'), (head, head.replace(str(FIRST), "x")), (head, "[" * 100_000)),
        *((head, f'{{"stream":"{FIRST}"}}'), (head, f'{{"stream":"{FIRST}","head":[1,"{zero}"]}}')),
        *((head, '{"stream":7,"head":null}'), (head, f'{{"stream":"{FIRST}","head":["x","","" ]}}')),
        *((event, "{"), (event, said("1")), (event, said(1 << 63)), (event, said(-(1 << 63) - 1)), (event, said(1.0))),
        *((event, said(1, 7)), (event, said(1, "", "zz")), (event, said(1, "", "", "zz"))),
        *((event, said(1, "", "", "", "0")), (event, said(1, "", "", "", 0.5)), (event, event[:-1] + ",1]")),
        *((event, "[1]"), (event, f"{event}\n{event}"), (f"{event}\n", ""), ('{"end":1}\n', "")),
    ):
        assert before in whole
        with pytest.raises(BadBundle):
            walked(whole.replace(before, after))
    for lines in ("", "\n", first, f"{first}\n", f"{first}\n" + '{"checkpoint":"a"}\n'):
        with pytest.raises(BadBundle):
            walked(lines)
    assert walked(whole.replace("false]", '"yes"]'))[1:] == rows  # only what says so waits


def sound() -> Log:
    log = Log()
    for n in range(60):
        log.add(FIRST, b"{}", KEY)
        if n == 30:
            log.seal()
            log.witness()
    log.seal()
    log.add(SECOND, b"{}", KEY)
    return log


def test_an_auditor_is_told_what_was_looked_at(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without the key no MAC is looked at, without a pin the bundle's own key counts; both are said."""
    log, bundle, key = sound(), tmp_path / "bundle", tmp_path / "key"
    key.write_text(KEY.hex() + "\n")
    bundle.write_text(text(*log.bundle()))
    pins = ["--log-key", str(LOG.verifier), "--mac-key", str(key)]

    def verified(*more: str) -> tuple[int, list[str]]:
        code = alone.main([str(bundle), *more])
        return code, capsys.readouterr().out.splitlines()

    counts = "61 events, 2 streams, 2 checkpoints up to 60, witnessed up to 31, 1 waiting for the next checkpoint"
    assert verified(*pins) == (0, [counts, "sound"])
    code, said = verified()
    assert (code, len(said), said[-1]) == (0, 4, "sound")
    assert verified("--log-key", str(OUTSIDE.verifier))[0] == 1 and verified("--log-key", "x")[0] == 2
    for place, one in log.events.items():
        log.events[place] = Link(one.stream, one.seq, one.body, one.hash, mac(b"guess", one.hash))
    bundle.write_text(text(*log.bundle()))
    assert verified(*pins[:2])[0] == 0
    code, said = verified(*pins)
    assert code == 1 and said[50] == "… and 11 more" and said[-1] == "TAMPERED WITH" and len(said) == 53
    notes = Notes(LOG.verifier, log.notes)
    assert examine(log.bundle()[0], notes, key=None).faults == []
    for wrong in (["/nowhere"], [str(bundle), "--mac-key", "/nowhere"], [str(bundle), "--witness", str(key)]):
        assert alone.main(wrong) == (1 if "--witness" in wrong else 2)


def test_the_tools_are_one_file_each_and_the_same_every_time(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        made = write_tools(tmp_path / name)
        assert [one.name for one in made] == ["audit-verify.pyz", "audit-witness.pyz"]
        assert all(one.stat().st_mode & 0o777 == 0o755 for one in made)
        assert all(one.read_bytes().startswith(b"#!/usr/bin/env python3\nPK") for one in made)
    first, second = (sorted((tmp_path / name).iterdir()) for name in "ab")
    assert [one.read_bytes() for one in first] == [one.read_bytes() for one in second]
