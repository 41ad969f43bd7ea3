# VTH Platform. `make` shows what there is.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
EXAMPLES ?= 200
SIZE ?= M
ROUNDS ?= 20
SEED ?=
RULES := services/*/*/domain.py,services/*/*/domain/*.py,services/*/*/commands.py,services/*/*/commands/*.py

export PORT
# Warnings of tools about the machine are not about this code.
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Whom this machine trusts, the tools trust: an agency's proxy often has a certificate of its own.
SYSTEM_CERTS := /etc/ssl/certs/ca-certificates.crt
export UV_SYSTEM_CERTS ?= 1
ifneq ($(wildcard $(SYSTEM_CERTS)),)
export NODE_EXTRA_CA_CERTS ?= $(SYSTEM_CERTS)
endif

.PHONY: help run reset test check lint types boundaries sizes words migrations audit contracts api docs docs-check fmt lock perf scale chaos mutation schemathesis compose-test clean

help: ## Show this help
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk 'BEGIN {FS = ":.*## "} {printf "  \033[1m%-14s\033[0m %s\n", $$1, $$2}'

run: .venv/.local ## Set up, start everything on this machine, load example data, print the URL
	@exec $(BIN)/vth up

reset: .venv/.local ## Wipe the data of the local installation
	@$(BIN)/vth reset --yes

test: .venv/.dev ## Set up and pass all tests; branches covered: 90 % in all, 95 % of domain and commands
	@$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder --cov --cov-report=term:skip-covered
	@$(BIN)/coverage report --skip-covered --include='$(RULES)' --fail-under=95

check: .venv/.dev lint types boundaries sizes words migrations audit docs-check contracts api test ## Everything that must hold before a change lands

lint: .venv/.dev ## Style and common mistakes
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .

types: .venv/.dev ## Types, strict
	@$(BIN)/mypy

boundaries: .venv/.dev ## Who may import whom
	@$(BIN)/lint-imports
	@$(BIN)/python tools/check_cycles.py

sizes: .venv/.dev ## Files and functions stay small
	@$(BIN)/python tools/check_sizes.py

words: .venv/.dev ## No registries, paths of one machine or loose ends in the tree
	@$(BIN)/python tools/check_words.py

migrations: .venv/.dev ## No revision locks a table for long
	@$(BIN)/python -m tools.check_migrations

audit: .venv/.dev ## Known vulnerabilities in the locked packages; says so when it cannot know
	@$(BIN)/python -m tools.audit

docs: .venv/.dev ## Generate the contracts and tables in docs/
	@$(BIN)/python -m tools.generate

docs-check: .venv/.dev ## The generated documents are up to date
	@$(BIN)/python -m tools.generate --check

contracts: .venv/.dev ## Published events only grow, against main and the last release
	@$(BIN)/python -m tools.check_contracts

api: .venv/.dev ## The API linter of the Dutch government
	@$(BIN)/python tools/lint_api.py

schemathesis: .venv/.dev ## Fuzz the four APIs with all checks on, EXAMPLES per operation
	@VTH_EXAMPLES=$(EXAMPLES) $(BIN)/pytest tests/contract -q -k schemathesis --timeout 3600

compose-test: .venv/.dev ## Bring up docker-compose.yml and walk the chain through it; needs docker
	@$(BIN)/pytest tests/compose -q -p no:xdist --timeout 1800

perf: .venv/.dev ## Measure speed against references in the same run; writes build/perf.json
	@$(PYTHON) tools/machine.py perf
	@$(BIN)/python -m tests.perf

scale: .venv/.dev ## Fill an installation to SIZE (M or L) and measure every list, search and export; writes build/scale.json
	@$(BIN)/python -m tests.scale --size $(SIZE)

chaos: .venv/.dev ## Break what can break for ROUNDS rounds (SEED repeats them); writes build/chaos.json
	@$(BIN)/python -m tests.chaos --rounds $(ROUNDS) $(if $(SEED),--seed $(SEED))

mutation: .venv/.dev ## Change the rules one at a time: do the unit tests notice? writes build/mutation.txt
	@$(BIN)/python -m tools.mutation

fmt: .venv/.dev ## Format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

lock: .venv/.dev ## Lock the dependencies anew
	@PATH=$(CURDIR)/$(BIN):$$PATH $(BIN)/python tools/lock.py

clean: ## Remove what the set-up made (not the data of the local installation)
	rm -rf .venv node_modules shared/ui/static/vendor build mutants

.venv/bin/uv: requirements/bootstrap.txt
	@echo "Setting up Python in .venv"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed"; exit 1; }
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --require-hashes -r requirements/bootstrap.txt
	@touch $@

.venv/.local: .venv/bin/uv requirements/local.txt pyproject.toml package-lock.json tools/frontend.py
	@$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements/local.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q shared services deploy
	@$(BIN)/python tools/frontend.py
	@touch $@

.venv/.dev: .venv/.local requirements/dev.txt tools/machine.py
	@$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@$(BIN)/python tools/frontend.py --dev
	@$(PYTHON) tools/machine.py
	@touch $@
