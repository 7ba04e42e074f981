# Everything begins here. Needs Python 3.11 or later, git and make. Installs into .venv, and as root the tools of TOOLS.

PYTHON  ?= python3
WORKERS ?= 2

BIN       := .venv/bin
PIP       := $(BIN)/python -m pip --disable-pip-version-check --quiet
INSTALLED := .venv/.installed
OLDEST_POSTGRES := /usr/lib/postgresql/15/bin

.PHONY: help run test mutants lint schema docs setup tools clean

help: ## Say what there is to make.
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

run: $(INSTALLED) ## Open the demonstration shop.
	$(BIN)/ringup demo

test: lint tools ## Check everything: the source, then the tests, then the SQL on the oldest PostgreSQL where it is installed.
	$(BIN)/pytest -q -n $(WORKERS) --dist worksteal
	@if [ -x $(OLDEST_POSTGRES)/initdb ]; then \
		echo "RINGUP_TEST_POSTGRES=debian $(BIN)/pytest -q -n $(WORKERS) --dist worksteal tests/sql"; \
		RINGUP_TEST_POSTGRES=debian $(BIN)/pytest -q -n $(WORKERS) --dist worksteal tests/sql; \
	fi

lint: $(INSTALLED) ## Check the source without running it.
	$(BIN)/ruff check src tests
	$(BIN)/ruff format --check src tests
	$(BIN)/mypy
	$(BIN)/sqlfluff lint --processes 2 --disable-progress-bar $(SQL)

SQL := src/ringup/db/migrations src/ringup/db/functions src/ringup/db/views $(wildcard src/ringup/db/roles*.sql)

mutants: $(INSTALLED) ## Take each guard out and see that the bad day's checker notices. Takes minutes.
	$(BIN)/python tests/mutants/mutants.py

schema: $(INSTALLED) ## Write src/ringup/db/schema.sql anew, after a change of the SQL.
	$(BIN)/python -m ringup.db.dump

docs: $(INSTALLED) ## Write what the documentation derives from the source: reference pages, diagrams, tables.
	$(BIN)/python docs/make_reference.py

setup: $(INSTALLED) tools ## Install what the lock names, checked by hash. A second time it does nothing.

# Programs of the system that some tests need. Root on Debian or Ubuntu gets them; elsewhere those tests say what they miss.
TOOLS := spin gcc chromium-headless-shell pgbouncer
MISSING_TOOLS = $(foreach tool,$(TOOLS),$(if $(shell command -v $(tool)),,$(tool)))

tools:
	@if [ -n "$(strip $(MISSING_TOOLS))" ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "apt-get install $(strip $(MISSING_TOOLS))"; \
		apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends \
			--yes $(MISSING_TOOLS) >/dev/null || echo "not installed: the tests that need them are skipped"; \
	fi

$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "ringup needs Python 3.11 or later: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' \
		|| { echo "this Python cannot make a virtual environment; on Debian or Ubuntu: apt install python3-venv"; exit 1; }
	$(PYTHON) -m venv .venv
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

clean: ## Remove what was built or installed here. The shop's own .ringup stays.
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist
	find src tests -name __pycache__ -prune -exec rm -rf {} +
