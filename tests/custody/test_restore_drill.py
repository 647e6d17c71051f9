"""The drill as the suite plays it: two databases of one engine, few openings, every planted fault."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

from tests.restore_drill.drill import Drill
from tests.restore_drill.station import ROLES, Station


def test_a_backup_comes_back_whole_forgets_what_was_erased_and_every_planted_fault_is_caught(
    committed: SimpleNamespace, tmp_path: Path, settings: object
) -> None:
    city = Station({role: getattr(committed, f"{role}_url") for role in ROLES})
    scratch = Station.of(dict(os.environ), "postgres")
    lines = Drill(city, scratch, tmp_path / "drill", openings=30, short=True).play()
    assert [line for line in lines if not line.good] == []
    assert sum(line.what.startswith("planted") for line in lines) == 19
