# One verb a job. Every target sets up what it needs; Python 3.11 or newer is all that must be there.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BENCH := .venv-bench

.PHONY: help demo test lint format regenerate check-generated vendor adopt adopted diff faults soak kills bench audit sandbox build lock clean

help: ## Show the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

$(VENV)/.ready: pyproject.toml requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.11 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

demo: $(VENV)/.ready ## Run every kind of call against a sandbox (LIVE=1 with keys set: only read, from the real API)
	@$(BIN)/python examples/demo.py

test: $(VENV)/.ready ## Run the tests
	$(BIN)/python -m pytest -n auto

lint: $(VENV)/.ready ## Check style, types, imports and workflows
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pyright
	$(BIN)/lint-imports --no-cache --no-logo
	$(BIN)/zizmor --offline --quiet .github/workflows
	$(BIN)/bandit --quiet --configfile pyproject.toml --recursive overrides generated

audit: $(VENV)/.ready ## Look for known vulnerabilities in what is installed (needs the network)
	$(BIN)/pip-audit --requirement requirements-dev.txt --no-deps --disable-pip

format: $(VENV)/.ready ## Format the hand-written code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

regenerate: $(VENV)/.ready ## Make openapi/batch.json and generated/ from the pages and overlays
	$(BIN)/python -m scripts.codegen

check-generated: $(VENV)/.ready ## Fail if openapi/batch.json or generated/ is not what the sources give
	$(BIN)/python -m scripts.codegen --check

# What is vendored, for vendor and adopt.
SOURCE = $(if $(FROM),--from "$(FROM)") $(if $(URL),--url "$(URL)") $(if $(SKIP),--skip "$(SKIP)") \
	$(if $(ACCEPT_VERSION),--accept-version "$(ACCEPT_VERSION)")

vendor: $(VENV)/.ready ## Bring the published documents in (FROM=folder or file; URL=index, page or document; SKIP= DROP=)
	@$(BIN)/python -m scripts.vendor $(SOURCE) $(if $(DROP),--drop "$(DROP)")

adopt: $(VENV)/.ready ## Vendor, regenerate and try the client in a scratch copy, then report and write (as vendor; REPORT=)
	@$(BIN)/python -m scripts.adopt $(SOURCE) $(if $(REPORT),--report "$(REPORT)")

adopted: $(VENV)/.ready ## Adopt documents as Batch might publish them, in a copy, and run the client's tests there
	@$(BIN)/python -m tests.published

diff: $(VENV)/.ready ## Tell what a spec change means for callers (BASE=revision, or A=old B=new; FORMAT= FAIL_ON=)
	@$(BIN)/python -m scripts.specdiff $(if $(BASE),--base "$(BASE)") $(if $(FORMAT),--format $(FORMAT)) \
		$(if $(FAIL_ON),--fail-on $(FAIL_ON)) $(if $(A),"$(A)") $(if $(B),"$(B)")

faults: $(VENV)/.ready ## Show what a caller gets from every fault on every kind of operation
	@$(BIN)/python -m tests.faults

soak: $(VENV)/.ready ## Send 100,000 calls to a sandbox that fails a fifth of them (CALLS=)
	@$(BIN)/python -m tests.soak --calls $(or $(CALLS),100000)

kills: $(VENV)/.ready ## Kill imports at 200 random moments and check what the sandbox holds (KILLS=)
	@$(BIN)/python -m tests.kills --kills $(or $(KILLS),200)

# Without the development tools, some of which httpx imports where they are installed.
$(BENCH)/.ready: pyproject.toml
	$(PYTHON) -m venv $(BENCH)
	$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check "pip>=25.1"
	$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check --group bench --editable ".[bulk]"
	@touch $@

bench: $(VENV)/.ready $(BENCH)/.ready ## Measure what calls cost, and write BENCHMARKS.md (ONLY=rows prints them)
	@BENCHMARK_TOOLS=$(BIN) $(BENCH)/bin/python -m benchmarks $(if $(ONLY),--only "$(ONLY)")

sandbox: $(VENV)/.ready ## Run the sandbox by itself (PORT=8080)
	@$(BIN)/python -m batch_client.sandbox --port $(or $(PORT),8080)

build: $(VENV)/.ready ## Build the wheel and the source distribution into dist/
	$(BIN)/python -m pip install --quiet --disable-pip-version-check build
	$(BIN)/python -m build

lock: $(VENV)/.ready ## Pin anew what development uses
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip compile pyproject.toml --extra bulk --extra cli --extra sandbox --group dev --universal --python-version 3.11 \
		--no-emit-index-url --no-annotate --custom-compile-command "make lock" --quiet --upgrade --output-file requirements-dev.txt

clean: ## Remove what the targets made
	rm -rf $(VENV) $(BENCH) dist tests/*/node_modules tests/*/node_modules.lock .mypy_cache .pytest_cache .ruff_cache .hypothesis
