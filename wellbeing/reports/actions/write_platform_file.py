"""Write one day's signed file for the data platform, once; refused when a check fails."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from dataclasses import asdict
from datetime import date
from functools import partial
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction
from django.db.models import Sum

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.audit.record import SYSTEM_STREAM
from wellbeing.people.models import Division
from wellbeing.reports import ballot_measures as ballots
from wellbeing.reports import measures as m
from wellbeing.reports import platform, signing
from wellbeing.reports.counting import bounds
from wellbeing.reports.models import DayFigure, FigureDay, MonthFigure
from wellbeing.reports.months import last, month_of
from wellbeing.suppression import so_far


@action(P.FIGURES_PLATFORM)
def write_platform_file(*, actor: Actor, day: date, folder: Path, sign_with: Ed25519PrivateKey) -> Outcome[int]:
    """Returns how many rows. The folder of the day appears whole, after the commit that records it; raises
    platform.Refused, and FileExistsError for a day that was written."""
    target = folder / day.isoformat()
    if target.exists():
        raise FileExistsError(target.name)
    rows = _rows(day)
    divisions = list(Division.objects.order_by("code").values_list("code", flat=True))
    platform.check([asdict(row) for row in rows], day, divisions)
    schema = json.dumps(platform.schema(divisions), indent=1, sort_keys=True).encode() + b"\n"
    contents = {signing.FIGURES: platform.to_csv(rows), signing.SCHEMA: schema}
    transaction.on_commit(partial(_put, target, signing.signed(day, contents, len(rows), sign_with)))
    return Outcome(len(rows), stream=SYSTEM_STREAM, facts={"day": day.toordinal(), "rows": len(rows)})


def _rows(day: date) -> list[platform.Row]:
    """The published twelve months, and the running sum of each table."""
    published = set(MonthFigure.objects.values_list("month", flat=True).distinct())
    counted = FigureDay.objects.filter(day__lte=day).values_list("day", "counted_at")
    platform.check_days(day, {one for one, at in counted if at >= bounds(one)[1]}, published)
    months = last(max(published, default=month_of(day)), m.YEAR)
    found = MonthFigure.objects.filter(month__in=months).exclude(measure__startswith=f"{ballots.TABLE}.")
    rows = [
        platform.Row(day.isoformat(), f"{month:%Y-%m}", division, measure, platform.unit_of(measure), value)
        for month, division, measure, value in found.values_list("month", "division_id", "measure", "value")
    ]
    waiting = DayFigure.objects.filter(day__lte=day).exclude(waiting=0)
    sums = dict(waiting.values_list("measure").annotate(n=Sum("waiting")))
    for table in m.TABLES:
        whole = sum(sums.get(measure, 0) for measure in table.measures)
        value, unit = max(whole, 0) if table.plain else so_far(whole), platform.unit_of(table.measures[0])
        rows.append(platform.Row(day.isoformat(), platform.RUNNING, m.CITY, table.code, unit, value))
    return rows


def _put(target: Path, contents: dict[str, bytes]) -> None:
    """All files or none: written beside, then named."""
    target.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=".part-", dir=target.parent))
    try:
        for name, text in contents.items():
            with (made / name).open("wb") as file:
                file.write(text)
                os.fsync(file.fileno())
        made.chmod(0o755)
        made.rename(target)
    except OSError:
        shutil.rmtree(made, ignore_errors=True)
        raise
