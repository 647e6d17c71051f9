"""`python audit-verify.pyz BUNDLE`: verify an exported audit with nothing but Python and `cryptography`.

Exit 0: sound. 1: tampered with, every fault named. 2: the bundle cannot be read, or says less than it should.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from wellbeing.audit.bundle import BadBundle, read
from wellbeing.audit.examine import Report, examine
from wellbeing.audit.note import BadNote, Verifier

SHOWN = 50


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="audit-verify", description="Verify an exported audit.")
    parser.add_argument("bundle", help="the file that `manage.py export_audit` has written")
    parser.add_argument("--log-key", help="the log's verifier key, from elsewhere than the bundle; without it a log"
                        " that somebody made anew passes for ours")  # fmt: skip
    parser.add_argument("--mac-key", type=Path, help="file with the key of the MACs in hex, to look at them too")
    parser.add_argument("--witness", type=Path, action="append", default=[], help="a note that a witness keeps")
    given = parser.parse_args(arguments)
    try:
        log = Verifier.of(given.log_key) if given.log_key else None
        key = bytes.fromhex(given.mac_key.read_text().strip()) if given.mac_key else None
        kept = [path.read_text(encoding="utf-8") for path in given.witness]
        with open(given.bundle, encoding="utf-8") as file:
            notes, streams = read(file)
            notes = replace(notes, log=log or notes.log, witnessed=[*notes.witnessed, *kept])
            report = examine(streams, notes, key=key)
    except (OSError, BadBundle, BadNote, ValueError) as error:
        print(f"cannot be verified: {error}", file=sys.stderr)
        return 2
    return told(report, pinned=log is not None, macs=key is not None)


def told(report: Report, *, pinned: bool, macs: bool) -> int:
    """Print what was found; the exit code."""
    for fault in report.faults[:SHOWN]:
        print(fault)
    if len(report.faults) > SHOWN:
        print(f"… and {len(report.faults) - SHOWN} more")
    print(f"{report.events} events, {report.streams} streams, {report.checkpoints} checkpoints up to {report.size},"
          f" witnessed up to {report.witnessed}, {report.waiting} waiting for the next checkpoint")  # fmt: skip
    if not pinned:
        print("the log's key was taken from the bundle itself: compare it with the one you were given")
    if not macs:
        print("the MACs were not looked at: no key was given")
    print("TAMPERED WITH" if report.faults else "sound")
    return 1 if report.faults else 0


if __name__ == "__main__":
    sys.exit(main())
