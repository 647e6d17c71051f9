"""`python -m wellbeing.local run|engines NAME COMMAND…|clean-data`."""

from __future__ import annotations

import os
import shutil
import sys

from wellbeing.local.place import account, data_dir
from wellbeing.local.processes import alive
from wellbeing.local.refusal import Refusal, of_os_error
from wellbeing.local.run import run, say, with_engines


def clean_data() -> None:
    """Delete the data of `make run`; refuses while it runs."""
    folder = data_dir("run", account())
    lock = folder / "lock"
    holder = lock.read_text().strip() if lock.exists() else ""
    if holder.isdigit() and alive(int(holder)):
        raise Refusal(f"It is running (process {holder}). Stop it first.")
    if folder.exists():
        shutil.rmtree(folder)
    say("the data of make run is gone; the next start begins anew")


def main(arguments: list[str]) -> int:
    try:
        match arguments:
            case ["run"]:
                port = os.environ.get("PORT", "8000")
                if not port.isdigit() or not 0 < int(port) < 65536:
                    raise Refusal(f"PORT must be a number from 1 to 65535, not {port!r}.")
                run(int(port))
            case ["engines", name, *command] if command:
                return with_engines(name, command)
            case ["clean-data"]:
                clean_data()
            case _:
                raise Refusal(__doc__ or "")
    except Refusal as refused:
        print(refused, file=sys.stderr)
        return 1
    except OSError as error:
        print(of_os_error(error), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
