"""The data platform's file: written once, signed, verified by openssl too, and refused at every fault."""

from __future__ import annotations

import json
import subprocess
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.test import Client

from tests.reports.test_oversight import client, history
from tests.stage import RED, call
from wellbeing.access.actor import Actor, identity
from wellbeing.outbox.models import Notice
from wellbeing.reports import measures as m
from wellbeing.reports import platform, signing
from wellbeing.reports.models import FigureDay
from wellbeing.reports.months import month_of
from wellbeing.reports.platform import Refused, Row
from wellbeing.reports.prepare import hand_over, prepare
from wellbeing.workdays import now

MACHINE = Actor.machine("ticker")
DAY = date(2026, 11, 25)
DIVISIONS = ["330900", "330902"]


@pytest.fixture
def key(tmp_path: Path, settings: Any) -> Path:
    path = tmp_path / "platform.pem"
    path.write_bytes(Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    path.chmod(0o400)
    settings.PLATFORM_KEY_FILE, settings.PLATFORM_FOLDER = str(path), str(tmp_path / "out")
    return path


@pytest.mark.django_db
def test_written_once_signed_and_verified(
    key: Path, tmp_path: Path, capsys: Any, django_capture_on_commit_callbacks: Any
) -> None:
    call(RED)
    history(2)
    prepare(since=month_of(now().date()))
    for _again in range(2):  # the second changes nothing
        with django_capture_on_commit_callbacks(execute=True) as done:
            hand_over()
    assert done == []
    day = now().date() - timedelta(days=1)
    folder = tmp_path / "out" / day.isoformat()
    public = tmp_path / "platform.pub"
    public.write_bytes(signing.public_pem(signing.private_key(str(key))))
    call_command("platform_file", "verify", str(folder), "--public", str(public))
    assert "genuine" in capsys.readouterr().out
    line = [
        *["openssl", "pkeyutl", "-verify", "-pubin", "-rawin", "-inkey"],
        str(public),
        "-in",
        str(folder / signing.MANIFEST),
    ]
    assert subprocess.run([*line, "-sigfile", str(folder / signing.SIGNATURE)], capture_output=True).returncode == 0
    rows = platform.from_csv((folder / signing.FIGURES).read_bytes())
    counts = [row for row in rows if row["unit"] == "count"]
    assert len(rows) > 300 and {int(row["value"]) % 5 for row in counts} == {0}
    with pytest.raises(CommandError, match="FileExistsError"):
        call_command("platform_file", "write")

    figures = folder / signing.FIGURES
    whole = figures.read_bytes()
    figures.write_bytes(whole.replace(b"60", b"65", 1))
    with pytest.raises(CommandError, match=r"NotGenuine: figures\.csv"):
        call_command("platform_file", "verify", str(folder))
    manifest = json.loads((folder / signing.MANIFEST).read_text())
    (folder / signing.MANIFEST).write_text(json.dumps({**manifest, "rows": 1}))
    with pytest.raises(CommandError, match="NotGenuine"):
        call_command("platform_file", "verify", str(folder))
    key.chmod(0o444)
    with pytest.raises(ImproperlyConfigured):
        signing.private_key(str(key))


@pytest.mark.django_db
def test_a_missing_day_writes_nothing_and_stands_before_the_administrators(key: Path, tmp_path: Path) -> None:
    call(RED)
    history(3)
    prepare(since=month_of(now().date()))
    yesterday = now().date() - timedelta(days=1)
    with identity(MACHINE):
        FigureDay.objects.filter(day=yesterday).update(counted_at=now() - timedelta(days=3))
    for _again in range(3):
        with pytest.raises(Refused, match=f"missing_day: {yesterday}"):
            hand_over()
    assert not list((tmp_path / "out").glob("*"))
    assert Client().get("/health/").json()["channels"] == ["platform"]
    words = f"missing_day: {yesterday}"
    seen = {
        name for name in ("sun", "shen", "lin", "zhou") if words in client(name).get("/", follow=True).content.decode()
    }
    assert seen == {"sun", "shen"}, "and nobody on the line is sent away from a child for it"
    prepare(since=yesterday)
    hand_over()
    assert Client().get("/health/").json()["channels"] == []
    with identity(MACHINE):
        told = Notice.objects.filter(kind__startswith="platform_").values_list("kind", flat=True)
        assert sorted(told) == ["platform_back", "platform_refused"]


def rows(**changed: Any) -> list[dict[str, Any]]:
    """One whole table of a month of two divisions, its first row changed."""
    table = next(one for one in m.TABLES if one.code == "callbacks")
    made = [
        asdict(Row("2026-11-25", "2026-10", division, measure, "count", 10))
        for division in DIVISIONS
        for measure in table.measures
    ]
    made[0].update(changed)
    return made


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"value": 4}, "small_cell"),
        ({"value": 12}, "small_cell"),
        ({"value": 4, "unit": "number"}, "unknown_value"),
        ({"value": -5}, "unknown_value"),
        ({"value": None}, "unknown_value"),
        ({"name": "x"}, "unknown_column"),
        ({"measure": "calls.of_chen"}, "unknown_value"),
        ({"division": "330903"}, "unknown_value"),
        ({"division": "330902"}, "unknown_value"),  # stands twice
        ({"period": "2026-13"}, "unknown_value"),
        ({"day": "2026-11-24"}, "unknown_value"),
    ],
)
def test_every_fault_is_refused(changed: dict[str, Any], code: str) -> None:
    platform.check(rows(), DAY, DIVISIONS)
    with pytest.raises(Refused) as refused:
        platform.check(rows(**changed), DAY, DIVISIONS)
    assert refused.value.code == code


def test_a_missing_cell_and_a_gap_between_months_are_refused() -> None:
    with pytest.raises(Refused, match="missing_cell"):
        platform.check(rows()[1:], DAY, DIVISIONS)
    with pytest.raises(Refused, match="missing_month: 2026-09"):
        platform.check_days(DAY, [], [date(2026, 8, 1), date(2026, 10, 1)])
    with pytest.raises(Refused, match="unknown_column"):
        platform.from_csv(b"day,period\n2026-11-25,2026-10\n")
