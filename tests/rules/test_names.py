"""The test of a rule is found by the rule's name. A rule is what the import rules hold to be pure: values in, values out."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Tables and small parts, by the rule that they serve.
ELSEWHERE = {
    "cases.attachment": "tests/cases/test_attach.py",
    "cases.policy_fields": "tests/cases/test_policy_faults.py",
    "cases.policy_spans": "tests/cases/test_policy_faults.py",
    "cases.school_figures": "tests/cases/test_results.py",
    "cases.spelling": "tests/cases/test_search.py",
    "referrals.ticket": "tests/referrals/test_link.py",
    "wellbeing.audit.alone": "tests/audit/test_bundle.py",
    "wellbeing.audit.examine": "tests/audit/test_tampering.py",
    "wellbeing.audit.note": "tests/audit/test_tree.py",
    "wellbeing.pdf.sheet": "tests/pdf/test_engine.py",
    "wellbeing.people.flow": "tests/people/test_return_actions.py",
    "wellbeing.people.returned": "tests/people/test_staffing.py",
    "wellbeing.people.staffing_policy": "tests/people/test_staffing.py",
    "wellbeing.registers.flow": "tests/registers/test_incidents.py",
    "wellbeing.registers.kinds": "tests/registers/test_activities.py",
    "wellbeing.reports.centre_measures": "tests/reports/test_centre.py",
    "wellbeing.reports.kinds": "tests/reports/test_prepare.py",
    "wellbeing.reports.measures": "tests/reports/test_prepare.py",
}


def rules() -> list[str]:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (pure,) = (one for one in contracts if one["name"] == "Pure rules know no Django")
    return list(pure["source_modules"])


def by_name(rule: str) -> list[Path]:
    """Where the test of a rule may stand: at its path, for a part of a package at the package's, without `wellbeing`."""
    parts = rule.removeprefix("wellbeing.").split(".")
    folder, found = ROOT / "tests", []
    for depth in range(len(parts), 0, -1):
        where, name = parts[: depth - 1], parts[depth - 1]
        found += [Path(folder, *where, f"test_{name}.py")]
    return [*found, folder / "wellbeing" / f"test_{parts[0]}.py", *sorted(Path(folder, *parts).glob("test_*.py"))]


def test_each_rule_has_its_test_at_its_name() -> None:
    for rule in rules():
        there = any(path.exists() for path in by_name(rule))
        assert there != (rule in ELSEWHERE), rule


def test_what_is_tested_elsewhere_is_a_rule_and_its_test_is_there() -> None:
    assert set(ELSEWHERE) <= set(rules())
    assert [path for path in ELSEWHERE.values() if not (ROOT / path).exists()] == []
