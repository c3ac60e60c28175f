# Everything from a fresh clone: own virtual environment, every dependency. PYTHON names the interpreter (3.11 or later).
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo test test-slow check format docs-tables bundle clean

$(STAMP): pyproject.toml hatch_build.py netpursuit/kernel/native.c
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $(STAMP)

demo: $(STAMP)
	$(BIN)/netpursuit demo --workspace demo-workspace

test: $(STAMP)
	tools/system_packages.sh
	$(BIN)/python -m pytest -n 2 --dist loadgroup -m 'not slow'

test-slow: $(STAMP)
	tools/system_packages.sh
	$(BIN)/python -m pytest -n 2 --dist loadgroup -m slow

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs-tables:
	$(PYTHON) tools/promise_table.py

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# One file to install from where there is no network: dist/netpursuit-VERSION-PYTHON-PLATFORM.tar
bundle: $(STAMP)
	$(BIN)/python -m tools.bundle

clean:
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
