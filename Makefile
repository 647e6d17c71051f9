# Two commands for a newcomer: make run, make test. Everything else is explained by `make help`.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
PY := .venv/bin/python
PORT ?= 8000
SCALE ?= full
export PORT SCALE PYTHONDONTWRITEBYTECODE := 1
LOCAL := $(PY) -m wellbeing.local
INSTALL := .venv/bin/pip install --disable-pip-version-check --no-input --progress-bar off --require-hashes
# a dot per package, so that a first start shows that it is going on
DOTS := | while read -r word rest; do [ "$$word" = Collecting ] && printf . || true; done; echo

.PHONY: help run clean-data test check bench story lock docs
help: ## show this help
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: .venv/run ## start everything with the demo city, on PORT (8000)
	@exec $(LOCAL) run

clean-data: .venv/run ## delete the data of make run
	@$(LOCAL) clean-data

test: .venv/dev ## the whole suite on real engines and a real browser; ARGS="tests/vault -x" for a part
	@bash deploy/chromium.sh
	@$(LOCAL) engines test bash -c '$(PY) manage.py translations --compile && $(PY) -m pytest -n 3 --dist loadgroup $(ARGS)'

check: .venv/dev ## lint, types, import rules, deploy check, missing migrations and translations
	@bash deploy/check.sh

bench: .venv/dev ## the figures; SCALE=small for 100,000 cases
	@KEEP_FSYNC=1 $(LOCAL) engines bench $(PY) -m tests.bench $(ARGS)

story: .venv/dev ## play one red case and print its timeline and proofs
	@$(LOCAL) engines story bash -c 'DATABASE_URL=$$OWNER_DATABASE_URL $(PY) manage.py migrate --verbosity 0 && $(PY) manage.py story'

docs: .venv/dev ## write the generated parts of docs/
	@$(LOCAL) engines test $(PY) manage.py write_docs

lock: .venv/dev ## renew the lock files from requirements/*.in (hashes, no index address)
	@.venv/bin/pip install -q --disable-pip-version-check uv
	@for name in run:requirements.txt dev:requirements-dev.txt; do \
	  .venv/bin/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 \
	    requirements/$${name%%:*}.in -o $${name##*:}; done

.venv/python:
	@command -v python3 >/dev/null || { echo "Python 3.11 or newer is needed (python3 was not found)."; exit 1; }
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed."; exit 1; }
	@echo "· making the environment (.venv)"
	@python3 -m venv .venv && touch $@

.venv/run: .venv/python requirements.txt
	@echo "· installing the pinned requirements"
	@$(INSTALL) -r requirements.txt $(DOTS)
	@touch $@

.venv/dev: .venv/run requirements-dev.txt
	@echo "· installing the tools for tests and checks"
	@$(INSTALL) -r requirements-dev.txt $(DOTS)
	@touch $@
