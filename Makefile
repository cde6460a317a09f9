# make run: install, load the demo, serve it.  make test: install, then every check.  README.md has the rest.
PYTHON ?= python3
DATA ?= tesela-data

.PHONY: run test setup setup-dev bench format lock docs clean

run: setup
	@sh scripts/run.sh "$(DATA)"

test: setup-dev
	@.venv/bin/python scripts/check.py

setup: python
	@$(PYTHON) scripts/setup.py

setup-dev: python
	@$(PYTHON) scripts/setup.py --dev

.PHONY: python
python:
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is not installed; Tesela needs Python 3.11 or newer." >&2; exit 1; }

bench: setup-dev
	@.venv/bin/python -m bench --keep $(BENCH)

format: setup-dev
	@.venv/bin/ruff check --quiet --fix .; .venv/bin/ruff format --quiet .; cd web && npm run --silent format

lock:
	@sh scripts/lock.sh

docs: setup-dev
	@.venv/bin/python scripts/settings_docs.py; .venv/bin/python scripts/openapi.py; cd web && npm run --silent gen

clean:
	rm -rf .venv web/node_modules src/tesela/web_dist .mypy_cache .ruff_cache .pytest_cache test-results
