"""`make restore-drill`: the demo city on one engine, its backup brought back on another; the table with times."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from wellbeing.local.engines import engines
from wellbeing.local.place import account, data_dir
from wellbeing.local.refusal import Refusal

CITY, SCRATCH = "restore-drill", "restore-drill-scratch"


def main() -> int:
    folders = [data_dir(name, account()) for name in (CITY, SCRATCH)]
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
    try:
        with engines(folders[0], database="city") as city, engines(folders[1], database="none") as scratch:
            os.environ.update(city.env)
            for words in (("migrate", "--verbosity", "0"), ("demo_city",)):
                env = city.env | ({"DATABASE_URL": city.env["OWNER_DATABASE_URL"]} if words[0] == "migrate" else {})
                subprocess.run([sys.executable, "manage.py", *words], env=env, stdout=subprocess.DEVNULL, check=True)
            return 0 if _drill(city.env, scratch.env, folders[0] / "drill") else 1
    finally:
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)


def _drill(city: dict[str, str], scratch: dict[str, str], folder: Path) -> bool:
    import django

    django.setup()
    from tests.restore_drill.drill import Drill, table
    from tests.restore_drill.station import Station

    begun = time.monotonic()
    drill = Drill(Station.of(city, "city"), Station.of(scratch, "none"), folder)
    good = table(drill.play(), print)
    back = sum(line.seconds for line in drill.lines if line.what.startswith(("restore on", "check:", "released")))
    caught = [line for line in drill.lines if line.what.startswith("planted")]
    print(f"\nback within {back:.1f} s of machine time (goal: 60 minutes with a person who has never done it);")
    print(
        f"{sum(line.good for line in caught)} of {len(caught)} planted faults caught; {time.monotonic() - begun:.0f} s in all"
    )
    return good


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Refusal as refused:
        print(refused, file=sys.stderr)
        sys.exit(1)
