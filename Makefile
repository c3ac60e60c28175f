# Everything from a fresh clone: own virtual environment, every dependency. PYTHON names the interpreter (3.11 or later).
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PROGRAM := $(VENV)/.program
STAMP := $(VENV)/.installed
KERNEL := $(addprefix netpursuit/kernel/,native.c join.c name_levels.c bounds.c fields.c)
BUILT_FROM := pyproject.toml hatch_build.py tools/page.py $(KERNEL)
PAGE := $(VENV)/.page
PAGE_SOURCES := $(shell find web -name node_modules -prune -o -type f -print)

# Compiled modules are kept, whatever the environment says: tests start hundreds of processes.
unexport PYTHONDONTWRITEBYTECODE

# Where there is room in memory, tests have their temporary files there: thousands of them wait for a disk to have
# written what is thrown away at once.
IN_MEMORY = $(shell awk '/MemAvailable/ {exit $$2 < 8000000}' /proc/meminfo 2>/dev/null && \
  df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 && $$4 > 6000000 {print "PYTEST_DEBUG_TEMPROOT=/dev/shm"}')

.PHONY: demo demo-page page test test-slow check format docs docs-tables bundle dist dist-source wheels sbom clean

# The program alone, its kernel and its page built on the way.
$(PROGRAM): $(BUILT_FROM)
	@echo "Installing the program into $(VENV): one to three minutes"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $(PROGRAM)

# With all that tests, checks and documentation need.
$(STAMP): $(BUILT_FROM)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $(STAMP) $(PROGRAM)

# The installation builds the page; this builds it again after a change of its sources.
$(PAGE): $(STAMP) $(PAGE_SOURCES)
	$(BIN)/python -m tools.page
	touch $(PAGE)

page: $(PAGE)

demo: $(PROGRAM)
	$(BIN)/netpursuit demo --workspace demo-workspace
	@echo "From here: make demo-page opens it in a browser; docs/first-quarter.md tells the first steps with such data"

# The page on the data of the demonstration; for who develops it, as its sources are now.
demo-page: $(PROGRAM) $(if $(wildcard $(STAMP)),$(PAGE))
	[ -e demo-workspace/truth.sqlite ] || $(BIN)/netpursuit demo --workspace demo-workspace
	$(BIN)/netpursuit web --workspace demo-workspace --as-of 2025-12-31

test: $(STAMP) $(PAGE)
	tools/system_packages.sh
	$(IN_MEMORY) $(BIN)/python -m pytest -n 3 --dist loadgroup -m 'not slow'

test-slow: $(STAMP) $(PAGE)
	tools/system_packages.sh
	$(BIN)/python -m pytest -n 2 --dist loadgroup -m slow

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tools.page --check

# The documentation's site, in site/: strictly built, every link in it checked.
docs: $(STAMP)
	$(BIN)/python -m tools.docs_site

docs-tables:
	$(PYTHON) tools/promise_table.py

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# One file to install from where there is no network: dist/netpursuit-VERSION-PYTHON-PLATFORM.tar
bundle: $(STAMP) $(PAGE)
	$(BIN)/python -m tools.bundle

# What is handed on, in dist: the source distribution, a wheel for this machine, bill of materials and licence report.
dist: $(STAMP) $(PAGE)
	$(BIN)/python -m tools.dist

dist-source: $(STAMP) $(PAGE)
	$(BIN)/python -m tools.dist --source

# Wheels for every platform, compiled by Zig on this machine.
wheels: $(STAMP) $(PAGE)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check ziglang
	$(BIN)/python -m tools.dist --for all

# Bill of materials (CycloneDX) and licence report of the program with all that it needs.
sbom: $(STAMP) $(PAGE)
	$(BIN)/python -m tools.sbom

clean:
	rm -rf $(VENV) dist build site .mypy_cache .ruff_cache .pytest_cache .hypothesis web/node_modules netpursuit/web/built
