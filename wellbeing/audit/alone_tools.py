"""`python -m wellbeing.audit.alone_tools FOLDER`: the verifier and the witness, each as one file that runs where there
is nothing but Python and `cryptography`: `audit-verify.pyz` and `audit-witness.pyz`.

They hold the very modules that the product runs, so there is one reading of the format and not two.
"""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
SHARED = ("__init__", "note", "tree")
TOOLS = {
    "audit-verify.pyz": ("alone", ("chain", "examine", "bundle", "alone")),
    "audit-witness.pyz": ("witness", ("witness",)),
}
START = "import sys\nfrom wellbeing.audit.{0} import main\nsys.exit(main())\n"


def write_tools(folder: Path) -> list[Path]:
    """Write both into a folder; the same sources give the same bytes."""
    made = []
    for name, (start, modules) in TOOLS.items():
        path = folder / name
        with path.open("wb") as file:
            file.write(b"#!/usr/bin/env python3\n")
            with zipfile.ZipFile(file, "w") as archive:
                _put(archive, "__main__.py", START.format(start).encode())
                _put(archive, "wellbeing/__init__.py", b"")
                for module in (*SHARED, *modules):
                    _put(archive, f"wellbeing/audit/{module}.py", (HERE / f"{module}.py").read_bytes())
        path.chmod(0o755)
        made.append(path)
    return made


def _put(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(name), content)


if __name__ == "__main__":
    for path in write_tools(Path(sys.argv[1] if len(sys.argv) > 1 else ".")):
        print(path)
