"""Count a day into its prepared rows; again without effect, unless something was entered late."""

from datetime import date

from django.db import connection

from wellbeing.access.actor import Actor
from wellbeing.access.permissions import P
from wellbeing.action import Outcome, action
from wellbeing.audit.record import SYSTEM_STREAM
from wellbeing.reports.counting import count_day
from wellbeing.reports.models import DayFigure, FigureDay
from wellbeing.workdays import now

# A row that is counted again keeps what a month has published of it: only the change waits for the next month.
WRITE = """
INSERT INTO reports_dayfigure AS f (day, division_id, measure, counted, waiting)
SELECT %s, * , counted FROM unnest(%s::text[], %s::text[], %s::bigint[]) AS t (division_id, measure, counted)
ON CONFLICT (day, division_id, measure) DO UPDATE
SET waiting = f.waiting + excluded.counted - f.counted, counted = excluded.counted
WHERE f.counted <> excluded.counted
"""


@action(P.FIGURES_PREPARE)
def prepare_day(*, actor: Actor, day: date) -> Outcome[int]:
    """Returns how many rows changed. Two at once wait for each other at the day's own row."""
    FigureDay.objects.update_or_create(day=day, defaults={"counted_at": now()})
    found = count_day(day)
    for known in DayFigure.objects.filter(day=day).values_list("division_id", "measure"):
        found.setdefault(known, 0)  # what is there no more counts as nothing
    divisions, measures = [division for division, _m in found], [measure for _d, measure in found]
    with connection.cursor() as cursor:
        cursor.execute(WRITE, [day, divisions, measures, list(found.values())])
        changed = cursor.rowcount
    return Outcome(changed, stream=SYSTEM_STREAM, facts={"day": day.toordinal(), "changed": changed})
