"""`python audit-witness.pyz SOURCE`: remember the newest checkpoint of one log, and refuse any that does not go on
from it. Runs on another machine, with nothing but Python and `cryptography`.

SOURCE is a file or an http(s) address that gives a checkpoint with its proof (`manage.py checkpoint --since N`), and
`{old}` in it becomes the size seen last. The state is written before anything is signed, so that no crash makes it
sign two stories. What is printed is the cosignature; `--post` sends it back to the address.

Exit 0: seen and signed. 1: REFUSED, the log has told two stories or an older one. 2: nothing could be read.
"""

from __future__ import annotations

import argparse
import base64
import fcntl
import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wellbeing.audit.note import WITNESS, BadNote, Checkpoint, Signer, Verifier, opened
from wellbeing.audit.tree import EMPTY, consistent

LONGEST = 100_000  # bytes of an answer; a proof has at most 64 lines


class Refused(Exception):
    """The log shows something older than, or not grown from, what was seen."""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="audit-witness", description="Witness the checkpoints of one log.")
    parser.add_argument("source", help="file or address; {old} becomes the size seen last")
    parser.add_argument("--log-key", required=True, help="the verifier key of the one log that is witnessed")
    parser.add_argument("--state", type=Path, required=True, help="file where the newest checkpoint is kept")
    parser.add_argument("--key", type=Path, help="file with this witness's key, 32 bytes in hex; made when missing")
    parser.add_argument("--name", default="witness", help="the name under which this witness signs")
    parser.add_argument("--token", type=Path, help="file with the token that the log asks for")
    parser.add_argument("--post", action="store_true", help="send the cosignature back to the address")
    given = parser.parse_args(arguments)
    token = given.token.read_text().strip() if given.token else ""
    try:
        log = Verifier.of(given.log_key)
        with _alone(given.state):
            seen = remembered(given.state, log)
            address = given.source.replace("{old}", str(seen.size))
            answer = _fetch(address, token)
            found, note = judged(answer, seen, log)
            keep(given.state, note)
        if given.key:
            signer = Signer(given.name, _seed(given.key), WITNESS)
            line = signer.line(found.body(), int(time.time()))
            print(f"key {signer.verifier}", file=sys.stderr)
            print(line, end="")
            if given.post:
                _fetch(address, token, line.encode())
    except Refused as refused:
        print(f"REFUSED: {refused}", file=sys.stderr)
        return 1
    except (OSError, BadNote, ValueError, urllib.error.URLError) as error:
        print(f"nothing was seen: {error}", file=sys.stderr)
        return 2
    print(f"seen {found.size} after {seen.size}", file=sys.stderr)
    return 0


def remembered(state: Path, log: Verifier) -> Checkpoint:
    """The newest checkpoint that was seen; the empty tree when there is none. Raises BadNote for a spoilt state."""
    if not state.exists() or not (note := state.read_text(encoding="utf-8")):
        return Checkpoint(log.name, 0, EMPTY)
    return opened(note, log)


def judged(answer: str, seen: Checkpoint, log: Verifier) -> tuple[Checkpoint, str]:
    """The checkpoint of an answer, when it goes on from what was seen. Raises Refused, or BadNote for no answer."""
    head, gap, note = answer.partition("\n\n")
    first, *lines = head.split("\n")
    if not gap or not first.startswith("old ") or not first[4:].isascii() or not first[4:].isdigit():
        raise BadNote("not a checkpoint with its proof")
    found = opened(note, log)
    if found.size < seen.size:
        raise Refused(f"the log says {found.size} entries, {seen.size} were seen")
    if int(first[4:]) != seen.size:
        raise BadNote(f"a proof from {first[4:]}, not from {seen.size}")
    proof = [base64.b64decode(line, validate=True) for line in lines]
    if not consistent(seen.size, seen.root, found.size, found.root, proof):
        raise Refused(f"the log of {found.size} entries does not go on from the {seen.size} that were seen")
    return found, note


def keep(state: Path, note: str) -> None:
    """Write the state whole, or not at all."""
    part = state.with_suffix(".part")
    with open(part, "w", encoding="utf-8") as file:
        file.write(note)
        file.flush()
        os.fsync(file.fileno())
    part.replace(state)
    folder = os.open(state.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


@contextmanager
def _alone(state: Path) -> Iterator[None]:
    """One witness of one state at a time."""
    with open(state.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _fetch(source: str, token: str, body: bytes | None = None) -> str:
    """What a file or an address holds."""
    if not source.startswith(("http://", "https://")):
        return Path(source).read_text(encoding="utf-8")
    request = urllib.request.Request(source, data=body, headers={"Content-Type": "text/plain; charset=utf-8"})  # noqa: S310
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
        return str(answer.read(LONGEST).decode("utf-8"))


def _seed(path: Path) -> bytes:
    if not path.exists():
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400), "w") as file:
            file.write(os.urandom(32).hex())
    seed = bytes.fromhex(path.read_text().strip())
    if len(seed) != 32:
        raise ValueError("the key file must hold 32 bytes in hex")
    return seed


if __name__ == "__main__":
    sys.exit(main())
