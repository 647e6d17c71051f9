"""The table at the end of `make prove`."""

from __future__ import annotations

import sys
from typing import Any


def pytest_terminal_summary(terminalreporter: Any) -> None:
    module = next((m for name, m in sys.modules.items() if name.endswith("test_proofs") and hasattr(m, "LINES")), None)
    for line in module.LINES if module else ():
        terminalreporter.write_line(line.text())
