"""A process of its own that takes one export to its end, and says how much memory it held at most (KiB)."""

import os
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wellbeing.settings")
django.setup()

from tests.bench import crowd  # noqa: E402  after django.setup
from wellbeing.access.actor import Actor  # noqa: E402
from wellbeing.people.models import User  # noqa: E402
from wellbeing.reports import measures as m  # noqa: E402
from wellbeing.reports.months import back, month_of  # noqa: E402
from wellbeing.reports.sheets import Form, published  # noqa: E402
from wellbeing.sheets.writing import csv_lines, xlsx_file  # noqa: E402
from wellbeing.workdays import now  # noqa: E402

name, form, rows = sys.argv[1], Form(sys.argv[2]), int(sys.argv[3])
crowd.use(name)
every = [measure for table in m.TABLES for measure in table.measures] + [m.ASA, m.YEARS_ASA, m.HOURS, *m.CLASSES]
actor = Actor.of(User.objects.get(username="shen"))
latest = back(month_of(now().date()), 1)
sheet = published(actor, "bench", every, {}, latest, months=1_000)
if form == Form.CSV:
    sent = sum(part.count("\n") for part in csv_lines(sheet, "mark"))
    assert sent > rows, sent
else:
    with xlsx_file(sheet, "mark") as file:
        assert file.seek(0, 2) > rows
# Not ru_maxrss: that one begins with what the process that started this one held.
print(next(line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")))
