"""The import of real answers: exact figures, all or nothing, the same file twice changes nothing."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from cases.access import reveal_results
from cases.models import Case, Person, ScreeningBatch, ScreeningResult
from cases.queues import worklist
from tests.stage import actor
from wellbeing.access.actor import Actor, identity

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "wellbeing" / "demo" / "data" / "phq9-nhanes-2017-2018.csv"
STUDENTS = ROOT.parent / "shared" / "data" / "students-phq9-gad7-pss10.csv"
MACHINE = Actor.machine("import")


def run(path: Path, instruments: str = "phq9=q1-q9", **more: Any) -> str:
    out = StringIO()
    call_command("import_screening", str(path), instruments=instruments, school="xinghe", stdout=out, **more)
    return out.getvalue()


def rows() -> tuple[int, int, int, int]:
    with identity(MACHINE):
        counts = (m.objects.count() for m in (ScreeningBatch, Person, ScreeningResult, Case))
        return tuple(counts)  # type: ignore[return-value]


def test_the_first_300_of_the_sample(db: None) -> None:
    text = run(SAMPLE, limit=300)
    assert "300 students" in text
    before = rows()
    assert before[:3] == (1, 300, 300)
    assert "nothing changed" in run(SAMPLE, limit=300)
    assert rows() == before


@pytest.mark.skipif(not STUDENTS.exists(), reason="the students' answers are not part of the project")
def test_the_students_figures(db: None) -> None:
    text = run(STUDENTS, "phq9=D1-D9,gad7=A1-A7")
    assert "phq9: minimal 61, mild 82, moderate 43, moderately_severe 18, severe 19, incomplete 0" in text
    assert "gad7: minimal 115, mild 64, moderate 26, severe 18" in text
    assert "critical item positive: 65 (1: 37, 2: 18, 3: 10)" in text
    chen = actor("chen")
    by_tier: dict[str, int] = {}
    with identity(chen):
        for case in worklist(chen, limit=500):
            worst = max(
                (
                    w["critical"].get("better_off_dead", 0)
                    for code, _at, w in reveal_results(chen, case)
                    if code == "phq9"
                )
            )
            if worst:
                by_tier[case.tier] = by_tier.get(case.tier, 0) + 1
    assert by_tier == {"yellow": 37, "orange": 28}


def test_one_bad_row_and_nothing_is_imported(db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    header = "seqn," + ",".join(f"q{n}" for n in range(1, 10))
    good, bad = "1" + ",1" * 9, "2" + ",1" * 8 + ",7"
    path = tmp_path / "bad.csv"
    path.write_text("\n".join([header, good, bad]), encoding="gb18030")
    with pytest.raises(CommandError, match="Nothing was imported"):
        run(path)
    assert "line 3, column q9: out of range" in capsys.readouterr().err
    assert rows() == (0, 0, 0, 0)


def test_a_second_wave_raises_the_open_case_and_keeps_one_person(db: None, tmp_path: Path) -> None:
    header = "seqn," + ",".join(f"q{n}" for n in range(1, 10))
    for name, last in (("first", 1), ("second", 3), ("third", 2)):
        path = tmp_path / name
        path.write_text(f"{header}\nS1,0,0,0,0,0,0,0,0,{last}\n")
        run(path)
    chen = actor("chen")
    with identity(chen):
        (case,) = worklist(chen)
        assert case.tier == "orange"
        assert len(reveal_results(chen, case)) == 3
    assert rows() == (3, 1, 3, 1)


def test_an_unknown_school_and_an_unreadable_file_are_said(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No school"):
        call_command("import_screening", str(SAMPLE), instruments="phq9=q1-q9", school="nowhere")
    with pytest.raises(CommandError, match="cannot be read"):
        run(tmp_path / "missing.csv")
