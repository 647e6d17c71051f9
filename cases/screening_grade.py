"""Grade a student's answers: the result of each instrument, and the tier that they call for together. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from cases.instruments import PAPERS, Result
from cases.policy import Policy
from cases.tiers import Facts, Proposal, merge, propose

Answers = Mapping[str, Mapping[str, int | None]]


@dataclass(frozen=True, slots=True)
class Grade:
    """What one student's answers say."""

    results: Mapping[str, Result]
    proposal: Proposal

    @property
    def complete(self) -> bool:
        return all(result.complete for result in self.results.values())


def grader(policy: Policy) -> Callable[[Answers], Grade]:
    """Grades by one policy. The answers must be ones that the instruments have (screening_file sees to it).

    Many students answer alike, and the tier rules see only their totals: each combination is asked once.
    """

    @lru_cache(maxsize=4096)
    def proposal(facts: tuple[Facts, ...]) -> Proposal:
        return propose(merge(*facts), policy)

    def grade(answers: Answers) -> Grade:
        readings = {code: PAPERS[code].reads(given) for code, given in answers.items()}
        results = {code: reading.result for code, reading in readings.items()}
        return Grade(results, proposal(tuple(reading.facts for reading in readings.values())))

    return grade
