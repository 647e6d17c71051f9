"""Play the rounds and tell of them as they go; imported once Django is set up."""

from __future__ import annotations

import http.client
import itertools
import time
from typing import Any

from django.db import connection

from tests.drill.checks import MACHINE, Finding
from tests.drill.controls import Control
from tests.drill.engines import Ground
from tests.drill.faults import plan
from tests.drill.rounds import LOST, Drill, Round
from tests.drill.table import KINDS, table
from tests.drill.writers import Crowd
from wellbeing.access.actor import identity
from wellbeing.audit.verify import verify
from wellbeing.people.models import Desk, Role

SHOWN = 12


def play(ground: Ground, rounds: int, seed: int, control: Control | None, begun: float) -> list[Round]:
    """Every round in turn, then the table; a control ends with its first finding."""
    hospital = Desk.objects.get(organisation__code="haiyun-hospital", role=Role.HOSPITAL_LIAISON).pk
    drill = Drill(ground, Crowd(ground.product.port, hospital), patience=control.patience if control else LOST)
    _wait_for_web(ground)
    print(f"up after {time.monotonic() - begun:.1f} s", flush=True)
    for number, planned in enumerate(itertools.islice(plan(seed, control.faults if control else ()), rounds), 1):
        one = drill.run(planned)
        _tell(number, one)
        if control and any(finding.kind != "late" for finding in one.findings):
            break
    else:
        _end(drill)
    print(*table(drill.past), sep="\n")
    spent = time.monotonic() - begun
    print(f"{spent:.0f} s, {sum(one.seconds for one in drill.past) / len(drill.past):.2f} s a round", flush=True)
    return drill.past


def _tell(number: int, one: Round) -> None:
    counts = " ".join(f"{kind} {one.count(kind)}" for kind in KINDS if one.count(kind))
    sent = sum(len(write.answers) for write in one.writes)
    print(f"{number:>4}  {one.seconds:4.1f} s  {sent:>3} sent  {' + '.join(one.faults)}  {counts}".rstrip(), flush=True)
    for finding in one.findings[:SHOWN]:
        print(f"        {finding.kind}: {finding.what}", flush=True)


def _end(drill: Drill) -> None:
    """Once more over everything, and every chain there is."""
    last = drill.past[-1]
    told = len(last.findings)
    drill.end()
    connection.close()
    with identity(MACHINE):
        report = verify()
    print(f"audit: {report.events} events in {report.streams} chains, {len(report.faults)} faults")
    last.findings += [Finding("unproven", f"chain {one.stream}: {one.what} at {one.seq}") for one in report.faults]
    for finding in last.findings[told:]:
        print(f"  at the end: {finding.kind}: {finding.what}")


def _wait_for_web(ground: Ground) -> None:
    until: Any = time.monotonic() + 60
    while time.monotonic() < until:
        line = http.client.HTTPConnection("127.0.0.1", ground.product.port, timeout=5)
        try:
            line.request("GET", "/health/")
            if line.getresponse().status == 200:
                return
        except (OSError, http.client.HTTPException):
            pass
        finally:
            line.close()
        time.sleep(0.1)
    raise SystemExit("the product did not come up: see the logs")
