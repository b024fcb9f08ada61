# Every target sets itself up: a virtual environment, the pinned requirements, the package in editable mode.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
export HF_HUB_OFFLINE := 1
export ANONYMIZED_TELEMETRY := False
export LANGSMITH_TRACING := false
# A machine that forbids bytecode compiles what a process imports at each start: half a minute where PyTorch is.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test deep check style types whole bench audit format sizes lock clean

run: $(READY)  ## the bot and its web chat on loopback, or on Telegram with TELEGRAM_BOT_TOKEN
	$(BIN)/shopbot run

test: $(READY)  ## the tests that are quick, in five minutes
	$(BIN)/pytest

deep: $(READY)  ## the suite with ten times the examples of each property and the long forms of proofs
	$(BIN)/pytest -m "" --hypothesis-profile deep -o timeout=900

check: style types whole  ## format, lint, types, import rules, all tests but the deep ones: what CI runs

style: $(READY)
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/lint-imports

types: $(READY)
	$(BIN)/mypy

whole: $(READY)
	$(BIN)/pytest -m "not deep"

bench: $(READY)  ## speed, load, kills and constraint searches; prints a table
	$(BIN)/python -m tests.bench

audit: $(READY)  ## licences of what is pinned, and its known faults (asks the registry; in an environment of its own)
	$(BIN)/python -m tests.bench.dependencies --check
	$(PYTHON) -m venv $(VENV)-audit && $(VENV)-audit/bin/pip install -q pip-audit
	$(VENV)-audit/bin/pip-audit --strict --disable-pip --no-deps -r requirements.lock

format: $(READY)  ## put the code in the house's form
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

sizes:  ## the longest files
	@git ls-files '*.py' | xargs wc -l | sort -rn | sed -n 2,16p

# WHEELS: a folder with a processor-only build of torch, so that no CUDA package is locked; pip adds them where needed.
lock: $(READY)  ## compile requirements.lock anew: make lock WHEELS=/folder
	$(BIN)/pip install -q uv
	sed -i 's/^torch==2.13.0$$/torch==2.13.0+cpu/' requirements.lock
	$(BIN)/uv pip compile pyproject.toml --extra dev --find-links $(WHEELS) --python-version 3.11 \
	  --no-header --no-emit-find-links --no-emit-index-url -q -o requirements.lock
	sed -i 's/^torch==2.13.0+cpu/torch==2.13.0/' requirements.lock

clean:  ## remove what was built, not your data
	rm -rf $(VENV) *.egg-info .mypy_cache .ruff_cache .pytest_cache

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q --no-compile -r requirements.lock
	$(BIN)/pip install -q --no-deps --no-build-isolation -e .
	@touch $@
