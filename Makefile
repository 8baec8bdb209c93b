# Everything a newcomer needs: `make demo` and `make test`. Only Python 3.11+, pip, make and git are assumed.
SHELL := bash
.ONESHELL:
.SHELLFLAGS := -euo pipefail -c
PYTHON ?= python3
BIN := .venv/bin
# Trust what the machine trusts, as pip does.
export UV_SYSTEM_CERTS := 1
export UV_NATIVE_TLS := 1

.PHONY: install dev demo test check format bench faults hostile fuzz conformance tamper-bench label-bench docs lock clean

install: .venv/.installed  ## run-time packages only

.venv/.installed: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	touch $@

dev: .venv/.dev  ## what tests, checks and docs need as well

.venv/.dev: .venv/.installed requirements-dev.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.lock
	touch $@

demo: install  ## the main job, on the embedded default
	$(BIN)/kontora demo --exit

check: dev  ## format, lint, types, contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/mypy --config-file tools/mypy.ini -p bench -p tools
	$(BIN)/lint-imports

format: dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

test: check  ## every check and the whole test suite
	$(BIN)/python -m tests.browser.chromium
	$(BIN)/python -m pytest -n 2 --dist loadgroup

bench: dev
	$(BIN)/python -m bench

faults: dev  ## break everything on purpose; strace shows the order of system calls
	if ! command -v strace > /dev/null; then
	  [ "$$(id -u)" = 0 ] || { echo "make faults needs strace. Install it (apt: strace)."; exit 1; }
	  apt-get update -qq && apt-get install -y -qq strace
	fi
	$(BIN)/python -m pytest tests/faults -p no:cacheprovider -m slow -n 4 --timeout 300

hostile: dev  ## read every hostile PDF as a server does
	$(BIN)/python -m tools.hostile_pdfs --check

fuzz: dev  ## a minute of texts that statement layouts were not made for, guided by coverage
	$(BIN)/python -m tools.statement_fuzz --seconds 60

conformance: dev
	$(BIN)/python -m tools.conformance

tamper-bench: dev  ## forge statements with every tool at hand, and count what is seen
	if ! $(BIN)/python -m tools.tamper_bench.programs; then
	  [ "$$(id -u)" = 0 ] || exit 1
	  apt-get update -qq
	  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
	    $$($(BIN)/python -m tools.tamper_bench.programs --packages)
	fi
	$(BIN)/python -m tools.tamper_bench

label-bench: dev  ## labels against the gold set, on clean and on damaged text
	$(BIN)/python -m tools.label_bench

docs: dev
	$(BIN)/python -m tools.docs

lock:  ## after a change of dependencies
	$(BIN)/uv lock --quiet
	$(BIN)/uv export --quiet --no-header --no-emit-project --no-dev -o requirements.lock
	$(BIN)/uv export --quiet --no-header --no-emit-project --only-dev -o requirements-dev.lock

clean:
	rm -rf .venv build site dist node_modules
