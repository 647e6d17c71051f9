"""Known vulnerabilities of what the lock files name (`make audit`).

An answer that never came is not a pass: pip-audit reports a package it could not ask about as skipped and ends with 0,
so its report is read here and the three outcomes have three exit codes: 0 none known, 1 some known, 2 not answered.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

SERVICES = ("pypi", "osv")  # the second is asked when the first does not answer


def ask(lock: str, service: str) -> dict[str, Any]:
    """pip-audit's report on one lock file; nothing is resolved or installed. Without an answer an empty report."""
    command = [str(Path(sys.executable).parent / "pip-audit"), "-r", lock, "--require-hashes", "--disable-pip"]
    command += ["-s", service, "--format", "json", "--progress-spinner", "off", "--timeout", "15"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    try:
        report: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        return {"dependencies": []}
    return report


def verdict(reports: dict[str, dict[str, Any]]) -> tuple[int, list[str]]:
    """The exit code and what to say, from the report on each lock file."""
    known, silent, asked, wholly = [], [], 0, 0
    for lock, report in reports.items():
        packages = report["dependencies"]
        if not packages:
            wholly += 1
            silent.append(f"{lock}: no answer at all")
        for package in packages:
            if "skip_reason" in package:
                silent.append(f"{lock}: {package['name']}: {package['skip_reason']}")
                continue
            asked += 1
            known += [
                f"{lock}: {package['name']} {package['version']}: {fault['id']}, mended in {fault['fix_versions']}"
                for fault in package["vulns"]
            ]
    unanswered = f"without an answer: {wholly} whole lock files, {len(silent) - wholly} packages of others"
    if known:
        return 1, [*known, f"{len(known)} known vulnerabilities; {unanswered}"]
    if silent:
        return 2, [*silent[:3], f"{unanswered}; {asked} packages with one: this is not a pass"]
    return 0, [f"{asked} packages asked about, no known vulnerability"]


def main(locks: list[str]) -> int:
    """Ask the first service, and the second when the first was silent."""
    code, said = 2, ["no lock file was named"]
    for service in SERVICES:
        code, said = verdict({lock: ask(lock, service) for lock in locks})
        if code != 2:
            break
    print("\n".join(said))
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
