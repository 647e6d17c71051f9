#!/usr/bin/env bash
# The environment (.venv) and the lock files given, by hash. A copy of each lock file marks it as installed, so that
# only a changed one is installed again; a dot per package shows that it is going on.
set -euo pipefail
cd "$(dirname "$0")/.."
say() { echo "$1" >&2; exit 1; }
python=.venv/bin/python

if ! "$python" -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
  command -v python3 >/dev/null || say "Python 3.11 or newer is needed (python3 was not found)."
  python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    say "Python 3.11 or newer is needed; python3 is $(python3 -c 'import platform; print(platform.python_version())')."
  echo "· making the environment (.venv)"
  failed=$(python3 -m venv --clear .venv 2>&1) ||
    say "python3 could not make .venv (Debian: install python3-venv): $(grep . <<<"$failed" | tail -n 1)"
fi

dots() {
  while read -r word _; do
    case $word in Collecting) printf . ;; Installing) printf ' unpacking' ;; esac
  done
  echo
}
# pip says this once per package where its settings name a folder that is not there; everything else it says stays
calm() { grep --line-buffered -v "^WARNING: Location .* is ignored" >&2 || true; }

for lock in "$@"; do
  installed=.venv/installed-$lock
  cmp -s "$lock" "$installed" && continue
  echo "· installing $(grep -c '^[a-z0-9]' "$lock") pinned packages ($lock)"
  rm -f "$installed"
  { "$python" -m pip install --disable-pip-version-check --no-input --progress-bar off --require-hashes -r "$lock" 2>&3 |
    dots; } 3> >(calm)
  cp "$lock" "$installed"
done
