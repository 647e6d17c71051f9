#!/usr/bin/env python3
"""Tell the product what the exchange does: `exchange.py ringing|answered|ended CALL [LINE NUMBER SEAT]`.

Needs nothing but Python. Asterisk's System() or FreeSWITCH's hooks start it in the background (docs/telephony.md), for
sending may take seconds. What cannot be sent waits in a folder of mode 0700 and goes first the next time, so a restart
of the product loses no call. `-` stands for a line, number or seat that is not known.

Environment: EXCHANGE_URL (…/exchange/events/), EXCHANGE_KEY_FILE (the key of EXCHANGE_KEY), EXCHANGE_SPOOL.
"""

import hashlib
import hmac
import json
import os
import sys
import time
import urllib.error
import urllib.request
from datetime import datetime, timezone
from pathlib import Path

LASTING = {422}  # the product will never take it: kept aside under .bad, not tried again
# Events on which the product fails are left for the next time, and hide none behind them; more of them is an outage.
PASSED = 20
LONGEST = 64  # letters of a word: what a caller sends as her number may be as long as she likes


def send(url: str, key: bytes, body: bytes) -> int:
    """The status of the answer, 0 for none."""
    stamp = str(int(time.time()))
    signature = hmac.new(key, stamp.encode() + b"\n" + body, hashlib.sha256).hexdigest()
    headers = {"Content-Type": "application/json", "X-Timestamp": stamp, "X-Signature": signature}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=3) as answer:  # noqa: S310
            return answer.status
    except urllib.error.HTTPError as refused:
        return refused.code
    except OSError:
        return 0


def main(words: list[str]) -> int:
    """Write it down, then send all that waits, the oldest first."""
    kind, call, *rest = words
    line, number, seat = ("" if word == "-" else word[:LONGEST] for word in (*rest, "", "", "")[:3])
    said = {"event": kind, "call": call, "at": datetime.now(timezone.utc).isoformat()}  # noqa: UP017
    said.update(line=line, number=number, seat=seat)
    spool = Path(os.environ["EXCHANGE_SPOOL"])
    spool.mkdir(mode=0o700, parents=True, exist_ok=True)
    waiting = spool / f"{time.time_ns()}-{os.getpid()}.json"
    with open(os.open(waiting, os.O_CREAT | os.O_WRONLY, 0o600), "w") as file:
        json.dump(said, file)
    key = Path(os.environ["EXCHANGE_KEY_FILE"]).read_text().strip().encode()
    failed = 0
    for path in sorted(spool.glob("*.json")):
        try:
            status = send(os.environ["EXCHANGE_URL"], key, path.read_bytes())
        except FileNotFoundError:  # another call's process has sent it meanwhile
            continue
        if status in LASTING:
            path.rename(path.with_suffix(".bad"))
        elif status == 200:
            path.unlink(missing_ok=True)
        elif status == 500 and failed < PASSED:
            failed += 1
        else:
            return 1
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
