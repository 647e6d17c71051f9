"""`python -m wellbeing.local run|engines NAME COMMAND…|clean-data`."""

from __future__ import annotations

import os
import shutil
import sys

from wellbeing.local.engines import lock
from wellbeing.local.place import account, data_dir, kept_in_memory
from wellbeing.local.refusal import Refusal, of_os_error
from wellbeing.local.run import run, say, with_engines


def clean_data() -> None:
    """Delete the data of `make run`, and what tests keep in memory; refuses while one of them runs."""
    for folder in (data_dir("run", account()), *kept_in_memory()):
        if folder.exists():
            with lock(folder, forgive=True):
                shutil.rmtree(folder)
    say("the data of make run is gone; the next start begins anew")


def main(arguments: list[str]) -> int:
    """Run one of the commands; whatever stops it is one line on stderr."""
    for name in [name for name in os.environ if name.startswith("PG")]:
        del os.environ[name]  # PGOPTIONS, PGSSLMODE and their kin are meant for another server
    try:
        match arguments:
            case ["run"]:
                run(_port(os.environ.get("PORT", "8000")))
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


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise Refusal(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
