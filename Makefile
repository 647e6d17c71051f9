# Two commands for a newcomer: make run, make test. Everything else is explained by `make help`.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
PY := .venv/bin/python
PORT ?= 8000
SCALE ?= full
export PORT SCALE
# compiled files go where the environment is, not beside the sources
export PYTHONPYCACHEPREFIX := $(CURDIR)/.venv/pycache
unexport PYTHONDONTWRITEBYTECODE
export PYTHONUTF8 := 1
LOCAL := $(PY) -m wellbeing.local

.PHONY: help run clean-data test check bench drill prove restore-drill mutants audit story lock docs env-run env-dev env-all
help: ## show this help
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: env-run ## start everything with the demo city, on PORT (8000)
	@exec $(LOCAL) run

clean-data: env-run ## delete the data of make run, and what tests keep in memory
	@$(LOCAL) clean-data

test: env-all ## the whole suite on real engines and a real browser; ARGS="tests/vault -x" for a part
	@$(LOCAL) engines test $(PY) -m pytest -n 3 --dist loadgroup --no-loadscope-reorder $(ARGS)

check: env-dev ## lint, types, import rules, deploy check, missing migrations and translations
	@bash deploy/check.sh

bench: env-all ## the figures; SCALE=small for 100,000 cases
	@KEEP_FSYNC=1 $(LOCAL) engines bench $(PY) -m tests.bench $(ARGS)

drill: ROUNDS ?= 1000
drill: env-dev ## kill, hang and step what runs, and count what is lost; ROUNDS=60, SEED=…, ARGS=--controls
	@$(PY) -m tests.drill --rounds $(ROUNDS) $(if $(SEED),--seed $(SEED)) $(ARGS)

prove: LEVEL ?= long
prove: env-all ## the long proofs as a table; LEVEL=full for hours, ARGS="-k GC-1" STEPS=100000 for one, SEED=…
	@$(LOCAL) engines prove env LEVEL=$(LEVEL) $(if $(STEPS),STEPS=$(STEPS)) $(if $(SEED),SEED=$(SEED)) \
	  $(PY) -m pytest -q tests/proofs tests/rules/test_matrix.py \
	  tests/journeys/test_hotline_desk_in_the_browser.py \
	  tests/journeys/test_roles_in_the_browser.py::test_a_teacher_a_counsellor_and_a_crisis_lead_on_a_bad_day \
	  tests/journeys/test_roles_in_the_browser.py::test_the_citys_duty_at_night $(ARGS)

restore-drill: env-dev ## back up a demo city, bring it back on another engine, check it, plant a fault for each check
	@$(PY) -m tests.restore_drill

mutants: env-all ## the mutation score of vault, access, audit, alerts and rules; ARGS=vault for one, SAMPLE=150, SEED=…, SECONDS_EACH=600 for a while, ONLY="cases.tick" for one module
	@$(LOCAL) engines mutants env $(if $(SAMPLE),SAMPLE=$(SAMPLE)) $(if $(SEED),SEED=$(SEED)) \
	  $(if $(SECONDS_EACH),SECONDS_EACH=$(SECONDS_EACH)) nice -n 19 \
	  $(PY) -m tests.proofs.mutants $(ARGS)

audit: ## known vulnerabilities of every pinned package; says so when nobody could be asked
	@bash deploy/environment.sh requirements-audit.txt
	@$(PY) deploy/audit.py requirements.txt requirements-dev.txt

story: env-dev ## play one red case and print its timeline and proofs
	@$(LOCAL) engines story bash -c 'DATABASE_URL=$$OWNER_DATABASE_URL $(PY) manage.py migrate --verbosity 0 && $(PY) manage.py story'

docs: env-dev ## write the generated parts of docs/
	@$(LOCAL) engines test $(PY) manage.py write_docs

lock: env-dev ## renew the lock files from requirements/*.in (hashes, no index address)
	@$(PY) -m pip install -q --disable-pip-version-check uv
	@for name in run:requirements.txt dev:requirements-dev.txt audit:requirements-audit.txt; do \
	  .venv/bin/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 \
	    requirements/$${name%%:*}.in -o $${name##*:}; done

env-run:
	@bash deploy/environment.sh requirements.txt

env-dev:
	@bash deploy/environment.sh requirements.txt requirements-dev.txt

env-all: env-dev
	@bash deploy/chromium.sh
	@bash deploy/softhsm.sh
