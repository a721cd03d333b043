# Two commands are all a user needs:
#
#   make run      sets, works out and marks both exams; open build/index.html
#   make test     style, types and tests
#
# Each makes .venv on its first call and installs locked versions there (requirements/), then does its job.
# Another Python than python3:  make run PYTHON=/path/to/python3.12

.DELETE_ON_ERROR:
.NOTPARALLEL:
.SHELLFLAGS = -euc
.DEFAULT_GOAL := help

DEMO := rechenweg.demo
ARGS ?=
JOBS ?= 2
PYTHON ?=

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip install --disable-pip-version-check
# Wheels only: building from source would fetch build tools that no lock names.
LOCKED := $(PIP) --quiet --require-hashes --only-binary :all: --requirement

.PHONY: help run test lint types pytest format benchmark lock clean distclean

help:
	@echo 'make run         set, work out and mark both exams; leaves build/index.html'
	@echo 'make test        ruff, mypy --strict and pytest, as continuous integration runs them'
	@echo
	@echo 'make lint        the style check alone; make format puts the style right'
	@echo 'make types       the type check alone'
	@echo 'make pytest      the tests alone; some of them: make pytest ARGS="tests/numbers -k sqrt"'
	@echo 'make benchmark   measure: runs benchmarks/*.py one after the other'
	@echo 'make lock        resolve requirements/*.txt from pyproject.toml; ARGS=--upgrade takes new versions'
	@echo 'make clean       remove build/ and caches; make distclean removes .venv as well'

run: $(VENV)/run.stamp
	@$(PY) -m $(DEMO) $(ARGS)

test: lint types pytest

lint: $(VENV)/test.stamp
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

types: $(VENV)/test.stamp
	$(PY) -m mypy

pytest: $(VENV)/test.stamp
	$(PY) -m pytest -n $(JOBS) $(ARGS)

format: $(VENV)/test.stamp
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

benchmark: $(VENV)/test.stamp
	@for file in $(sort $(wildcard benchmarks/*.py)); do echo "== $$file"; $(PY) "$$file" $(ARGS); done

# ---- installation ------------------------------------------------------------------------------------------

# The environment knows the folder it was made in. Where that does not hold (a copied or renamed clone), or its
# Python is gone (a system upgrade), it is made anew. An environment that works but that we did not make is kept.
USABLE := $(shell [ "$$(cat $(VENV)/made-in 2>/dev/null)" = '$(CURDIR)' ] && $(PY) -c '' 2>/dev/null && echo yes)
ifneq ($(USABLE),yes)
.PHONY: $(VENV)/made-in
endif

$(VENV)/made-in:
	@if [ ! -e $@ ] && $(PY) -m pip --version >/dev/null 2>&1; then \
	    echo "Using the environment that is there: $(VENV)"; \
	else \
	    found=; seen=; \
	    for python in $(or $(PYTHON),python3 python3.13 python3.12 python3.11); do \
	        version=$$($$python -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue; \
	        seen="$$seen$$python ($$version) "; \
	        if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then found=$$python; break; fi; \
	    done; \
	    if [ -z "$$found" ]; then \
	        echo "make: expected Python 3.11 or newer, found $${seen:-none }- name one: make run PYTHON=/path/to/python3.12" >&2; \
	        exit 2; \
	    fi; \
	    if ! $$found -c 'import ensurepip, venv' 2>/dev/null; then \
	        echo "make: expected $$found with its venv module, found it without; on Debian and Ubuntu: apt install python$$version-venv" >&2; \
	        exit 2; \
	    fi; \
	    echo "Making $(VENV) with Python $$version"; \
	    rm -rf $(VENV); \
	    $$found -m venv $(VENV); \
	fi
	@printf '%s\n' '$(CURDIR)' > $@

$(VENV)/run.stamp: $(VENV)/made-in requirements/run.txt pyproject.toml src/rechenweg/__init__.py
	@echo "Installing the locked versions of requirements/run.txt"
	@$(LOCKED) requirements/run.txt
	@$(PIP) --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/test.stamp: $(VENV)/run.stamp requirements/test.txt requirements/torch.txt
	@echo "Installing the locked versions of requirements/test.txt"
	@$(LOCKED) requirements/test.txt
	@echo "Installing PyTorch, the tests' oracle (once; it is large)"
	@$(PIP) --requirement requirements/torch.txt
	@touch $@

# ---- locks -------------------------------------------------------------------------------------------------

UV := build/lock/bin/uv
COMPILE := $(UV) pip compile pyproject.toml --group build --universal --python-version 3.11 \
    --fork-strategy fewest --generate-hashes --only-binary :all: --quiet \
    --custom-compile-command 'make lock'

lock: $(VENV)/made-in
	$(PY) -m venv build/lock
	build/lock/bin/python -m pip install --disable-pip-version-check --quiet uv==0.13.9
	$(COMPILE) $(ARGS) --output-file requirements/run.txt
	$(COMPILE) $(ARGS) --group test --group torch-needs --constraints requirements/run.txt \
	    --output-file requirements/test.txt
	rm -rf build/lock

# ---- tidying -----------------------------------------------------------------------------------------------

clean:
	rm -rf build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

distclean: clean
	rm -rf $(VENV)
