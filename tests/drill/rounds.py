"""The rounds of a drill: let time pass, write, break, heal, wait until quiet, look.

Time passes first, so that what has come due since the last round is done in the midst of the faults of this one. Cases
stay open for a few rounds, so that a clock climbs several levels and a warning rings by every way; then they are
retired, or the thousandth round would look after all that came before.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from tests.drill import checks
from tests.drill.checks import Finding
from tests.drill.engines import Ground
from tests.drill.faults import AIMED, FAULTS, PASSES, Dice, Planned
from tests.drill.writers import PATIENCE, Crowd, Write
from wellbeing.ids import uuid7

OPEN_ROUNDS = 4
LATE = 15.0  # what is due and still undone so long after healing is late
LOST = 45.0  # and then lost
RETIRE = (
    "UPDATE cases_deadline SET state = 'void', next_at = NULL, ended_at = app_now() WHERE case_id = ANY(%s)"
    " AND state IN ('running', 'paused')",
    "UPDATE cases_warning SET ended_at = app_now(), ring_at = NULL WHERE case_id = ANY(%s) AND ended_at IS NULL",
)


@dataclass
class Round:
    """What was done and found in one round."""

    faults: list[str]
    since: UUID
    writes: list[Write] = field(default_factory=list)
    cases: list[UUID] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    seconds: float = 0

    def count(self, kind: str) -> int:
        return sum(finding.kind == kind for finding in self.findings)


@dataclass
class Drill:
    """A drill on its ground: `run` one round after the other."""

    ground: Ground
    crowd: Crowd
    past: list[Round] = field(default_factory=list)
    patience: float = LOST

    def run(self, planned: list[Planned]) -> Round:
        started, mark = time.monotonic(), len(self.crowd.ledger)
        this = Round([one.name for one in planned], uuid7())
        self.past.append(this)
        self.ground.set_clock(self.ground.furthest + PASSES)
        threads = self.crowd.round()
        _break_and_heal(self.ground, [one for one in planned if one.name in FAULTS])
        for thread in threads:
            thread.join(PATIENCE + 20)
        this.findings += self._quiet()
        for one in planned:
            if one.name in AIMED:
                AIMED[one.name](self.ground, self.crowd)
                this.findings += self._quiet()
        this.writes = self.crowd.ledger[mark:]
        self._look(this)
        this.seconds = time.monotonic() - started
        return this

    def end(self) -> None:
        """Once more over everything: time passes, and nothing is left, of the last round or of any before."""
        last = self.past[-1]
        self.ground.set_clock(self.ground.furthest + PASSES)
        last.findings += self._quiet(whole=True)
        with self.ground.admin() as admin:
            last.findings += checks.answered(admin, self.crowd.ledger)
        self._look(last)

    def _look(self, this: Round) -> None:
        still_open = self.past[-OPEN_ROUNDS:]
        with self.ground.admin() as admin:
            this.cases = checks.new_cases(admin, this.since)
        writes = [write for one in still_open for write in one.writes]
        cases = [pk for one in still_open for pk in one.cases]
        known = {finding for one in still_open[:-1] for finding in one.findings}
        found = checks.all_of(self.ground, writes, cases, still_open[0].since)
        if found:  # time goes on: a clock that ran out between two of the questions is no finding, a loss stays one
            self._quiet()
            again = set(checks.all_of(self.ground, writes, cases, still_open[0].since))
            found = [finding for finding in found if finding in again]
        this.findings += [finding for finding in found if finding not in known]
        if len(still_open) == OPEN_ROUNDS:
            with self.ground.admin() as admin:
                for statement in RETIRE:
                    admin.execute(statement, [still_open[0].cases])

    def _quiet(self, *, whole: bool = False) -> list[Finding]:
        """Wait until nothing is due (`whole`: until nothing is under way either); what takes too long is late, and
        what does not come at all is lost."""
        begun, late = time.monotonic(), set[tuple[str, UUID]]()
        while True:
            with self.ground.admin() as admin:
                due = checks.outstanding(admin, whole=whole)
            waited = time.monotonic() - begun
            if waited > min(LATE, self.patience):
                late |= set(due)
            if not due or waited > self.patience:
                break
            time.sleep(0.05)
        return [Finding("lost" if one in due else "late", f"{one[0]} {one[1]}") for one in sorted(late | set(due))]


def _break_and_heal(ground: Ground, planned: list[Planned]) -> None:
    """Begin and end every fault at its moment. In this thread: a child gets a signal when the thread that started it
    ends."""
    started, chosen = time.monotonic(), {}
    for moment, number, begins in sorted(_moments(planned)):
        time.sleep(max(0, started + moment - time.monotonic()))
        fault = FAULTS[planned[number].name]
        if begins:
            chosen[number] = fault.begin(ground, Dice(planned[number].dice))
        else:
            fault.end(ground, chosen[number])


def _moments(planned: list[Planned]) -> Iterator[tuple[float, int, bool]]:
    for number, one in enumerate(planned):
        yield one.at, number, True
        yield one.at + one.lasts, number, False
