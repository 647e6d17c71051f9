"""The journey of README through the doors: what the story prints, asserted."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

from django.core.management import call_command

from tests.stage import actor
from wellbeing.demo.red_case import CANARIES, Journey, move_clock, outsiders

ROOT = Path(__file__).resolve().parents[2]


def test_the_story_plays_and_its_proofs_hold(committed: SimpleNamespace) -> None:
    out = StringIO()
    call_command("story", stdout=out)
    text = out.getvalue()
    assert f"full dump of the database: 0 (of {len(CANARIES)} searched)" in text
    assert "grants left after closing: 0" in text
    assert "who found the case: 0" in text
    assert ", 0 faults" in text
    # What the README shows of it is what it prints: the steps by their words, their number, and the proofs.
    steps, proofs = re.findall(r"^ ?(\d+)  .{11}  \w+ +(.+)$", text, re.MULTILINE), text.rstrip().split("\n\n")[-1]
    shown = {name: (ROOT / name).read_text() for name in ("README.md", "README.zh-CN.md")}
    assert f"three of its {len(steps)} steps" in shown["README.md"]
    read = re.findall(r"^ ?(\d+)  .{11}  \w+ +(.+)$", shown["README.md"], re.MULTILINE)
    assert len(read) == 3 and set(read) < set(steps)
    for name, words in shown.items():
        assert _uncounted(proofs) in _uncounted(words), name


def _uncounted(text: str) -> str:
    """Without the number of events, which the hour may change."""
    return re.sub(r"\d+ events", "events", text)


def test_at_every_step_nobody_else_finds_the_case(committed: SimpleNamespace) -> None:
    from django.db import connection

    journey = Journey(wait=move_clock)
    try:
        tiers = []
        for moment in journey.play():
            assert journey.case is not None
            assert outsiders(journey.case) == [], moment.text
            tiers.append(moment.tier)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.clock_offset', '', false)")
    assert list(dict.fromkeys(tiers)) == ["red", "orange", "yellow", "blue"]


def test_the_dump_search_would_find_a_word_in_clear(committed: SimpleNamespace) -> None:
    """Positive control: a canary written in clear, as text and as bytes, is found."""
    import psycopg

    from wellbeing.demo.dump import words_in_clear

    assert actor("lin").id
    with psycopg.connect(committed.superuser_url, autocommit=True) as admin:
        admin.execute("UPDATE people_user SET first_name = %s WHERE username = 'mallory'", [CANARIES[0][:20]])
        admin.execute("INSERT INTO audit_head VALUES (gen_random_uuid(), 1, %s)", [CANARIES[1].encode()])
    assert words_in_clear([CANARIES[0][:20], CANARIES[1], "不存在的词"]) == (2, 3)
