# Two commands: `make run` and `make test`. Both begin with `make setup`; nothing is installed outside this folder.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
ASSETS := src/dianchi/interfaces/web/static/vendor/.fetched
UV     := uv

.PHONY: setup run test check fix docs lock bench-setup clean

setup: $(STAMP) $(ASSETS)

$(STAMP): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "dianchi needs Python 3.11 or newer; name one with PYTHON=python3.12"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	touch $(STAMP)

$(ASSETS): package-lock.json | $(STAMP)
	$(BIN)/python -m dianchi.interfaces.web.assets

run: setup
	$(BIN)/dianchi up

test: setup
	$(BIN)/python tests/run.py

check: setup
	$(BIN)/ruff check src tests bench
	$(BIN)/ruff format --check src tests bench
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: setup
	$(BIN)/ruff check --fix src tests bench
	$(BIN)/ruff format src tests bench

docs: setup
	$(BIN)/dianchi docs generate

bench-setup: $(STAMP)
	test -x .venv-bench/bin/python || $(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python -m pip install --quiet --require-hashes -r requirements/bench.txt

lock:
	for group in base dev node bench spark; do $(UV) pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 requirements/$$group.in -o requirements/$$group.txt || exit 1; done

clean:
	rm -rf $(VENV) .venv-bench var build dist node_modules .pytest_cache .mypy_cache .ruff_cache
