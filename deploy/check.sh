#!/usr/bin/env bash
# make check: everything that can be said about the code without running the suite. Settings as in production.
set -euo pipefail
bin=.venv/bin
export DJANGO_SETTINGS_MODULE=wellbeing.settings
key=$(mktemp); trap 'rm -f "$key"' EXIT
"$bin/python" -c 'import secrets; print(secrets.token_hex(32))' > "$key"; chmod 400 "$key"
export DATABASE_URL=postgres://nobody:nothing@127.0.0.1:1/none BROKER_URL=redis://127.0.0.1:1/0 ROOT_KEY_FILE="$key" AUDIT_KEY_FILE="$key"
export ERASURE_JOURNAL="$key.journal"
SECRET_KEY=$("$bin/python" -c 'import secrets; print(secrets.token_urlsafe(64))'); export SECRET_KEY
step() { echo "· $1"; shift; "$@"; }
step "ruff check" "$bin/ruff" check .
step "ruff format" "$bin/ruff" format --check .
step "mypy" "$bin/mypy"
step "import rules" "$bin/lint-imports"
step "deploy check" "$bin/python" -W error manage.py check --deploy --fail-level WARNING
step "missing migrations" "$bin/python" -W ignore manage.py makemigrations --check --dry-run
step "missing translations" "$bin/python" manage.py translations --check
