"""`make audit`: a service that did not answer is never taken for a pass."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

FINE = {"name": "django", "version": "5.2.1", "vulns": []}
HOLED = {"name": "celery", "version": "1.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"]}]}
SKIPPED = {"name": "psycopg", "skip_reason": "Dependency not found on PyPI and could not be audited"}


def verdict(*packages: dict[str, Any]) -> tuple[int, list[str]]:
    return of_locks({"requirements.txt": {"dependencies": list(packages)}})


def of_locks(reports: dict[str, dict[str, Any]]) -> tuple[int, list[str]]:
    path = Path(__file__).parents[2] / "deploy/audit.py"
    spec = importlib.util.spec_from_file_location("deploy_audit", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    answer: tuple[int, list[str]] = module.verdict(reports)
    return answer


@pytest.mark.parametrize(
    ("packages", "code", "said"),
    [
        ((FINE,), 0, "no known vulnerability"),
        ((FINE, HOLED, SKIPPED), 1, "PYSEC-1"),
        ((FINE, SKIPPED), 2, "not a pass"),
        ((), 2, "no answer at all"),
    ],
)
def test_three_outcomes(packages: tuple[dict[str, Any], ...], code: int, said: str) -> None:
    answered, lines = verdict(*packages)
    assert answered == code
    assert any(said in line for line in lines)


def test_lock_files_that_got_no_answer_are_not_counted_as_packages() -> None:
    none = {"dependencies": list[Any]()}
    answered, lines = of_locks({"requirements.txt": none, "requirements-dev.txt": none})
    assert answered == 2 and lines[-1].startswith(
        "without an answer: 2 whole lock files, 0 packages of others; 0 packages"
    )
    answered, lines = of_locks({"requirements.txt": {"dependencies": [FINE, SKIPPED]}, "requirements-dev.txt": none})
    assert answered == 2 and "1 whole lock files, 1 packages of others; 1 packages with one" in lines[-1]
