# Two commands: `make demo`, `make test`. Both make their own environment in .venv; so does `make docs`.
PORT ?= 8000
ARGS ?=
PYTHON := $(shell for p in python3.14 python3.13 python3.12 python3.11 python3 python; do \
  command -v $$p >/dev/null 2>&1 && $$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo $$p; break; }; done)
BIN := .venv/bin

.PHONY: demo test parts lint docs lock audit outdated clean python
demo: .venv/.installed
	@exec $(BIN)/graph-service demo --port $(PORT) $(ARGS)

test: .venv/.installed-for-tests parts lint
	$(BIN)/python -m pytest --numprocesses 2 --no-loadscope-reorder

# Which parts of the suite this machine will leave out, why, and how to have them.
parts: .venv/.installed-for-tests
	@$(BIN)/python -m tests.parts

# The documentation as a site in var/site; a broken link is an error.
docs: .venv/.installed-for-tests
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

lint: .venv/.installed-for-tests
	$(BIN)/ruff check graph_service bench examples tests
	$(BIN)/ruff format --check graph_service bench examples tests
	$(BIN)/mypy
	$(BIN)/mypy examples/audit_fund.py

# The versions of all that the service needs, resolved anew.
lock: | python
	@rm -rf var/lock && $(PYTHON) -m venv var/lock
	var/lock/bin/python -m pip install --quiet --disable-pip-version-check .
	@{ head -1 requirements.lock; var/lock/bin/python -m pip freeze --exclude graph-service --exclude pip --exclude setuptools; } > var/lock/requirements
	@mv var/lock/requirements requirements.lock && rm -rf var/lock

# Known vulnerabilities of what is locked and of what the console serves, for those who reach an advisory service; no part of `test`.
audit: .venv/.installed-for-tests
	@rm -rf var/audit && $(PYTHON) -m venv var/audit && mkdir var/audit/console
	var/audit/bin/python -m pip install --quiet --disable-pip-version-check pip-audit
	$(BIN)/python -m tests.served_packages > var/audit/console/package.json
	@export PATH="$(CURDIR)/$(BIN):$$PATH"; failed=0; \
	  var/audit/bin/pip-audit --strict --requirement requirements.lock --no-deps --disable-pip || failed=1; \
	  (cd var/audit/console && npm install --package-lock-only --ignore-scripts --no-audit --no-fund --silent && npm audit) || failed=1; \
	  (cd tests/clients && npm audit) || failed=1; exit $$failed

# Newer releases than those installed, and those locked that the declared ranges leave out.
outdated: .venv/.installed-for-tests
	$(BIN)/python -m pip list --outdated --disable-pip-version-check
	@export PATH="$(CURDIR)/$(BIN):$$PATH"; cd tests/clients && npm outdated || true

python:
	@test -n "$(PYTHON)" || { echo '需要 Python 3.11 或更高版本（含 venv；Debian 上请安装 python3-venv） / Python 3.11 or newer with venv is needed (on Debian: python3-venv)'; exit 2; }

.venv/.installed: pyproject.toml | python
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

.venv/.installed-for-tests: pyproject.toml | python
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
	@touch $@ .venv/.installed

clean:
	rm -rf .venv var .pytest_cache .mypy_cache .ruff_cache
