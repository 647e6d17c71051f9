"""The table at the end of `make prove`, and what is kept of it; and nobody waits between the thousands of searches of a proof."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from tests.proofs.table import keep


@pytest.fixture(autouse=True)
def unhurried(settings: Any) -> None:
    """One person of a proof searches more in a minute than a person may: what is asked of each search stays the same."""
    settings.LOOKS_PER_MINUTE = 10**9


def pytest_terminal_summary(terminalreporter: Any) -> None:
    module = next((m for name, m in sys.modules.items() if name.endswith("test_proofs") and hasattr(m, "LINES")), None)
    for line in module.LINES if module else ():
        terminalreporter.write_line(line.text())
    if module and module.LINES and module.LEVEL != "short":
        keep(module.PROOFS, module.LINES)
