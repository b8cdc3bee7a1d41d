# `make help` lists what there is. Everything happens in .venv, which the targets make by themselves.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install

.DEFAULT_GOAL := help
.PHONY: run test ui eval bench pictures docs site lint format lock help clean

run: $(VENV)/.run ## Bring the warehouse and its snapshot up to date (the samples, out of the box)
	$(BIN)/newsledger run

test: $(VENV)/.dev ## Run the tests, a process a core
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

ui: $(VENV)/.run ## Open the Dagster UI on http://127.0.0.1:3000
	$(BIN)/newsledger ui

eval: $(VENV)/.dev ## Measure quality on labelled pages; fails below the floors (EVAL="--only seeds", docs/evaluation.md)
	$(BIN)/python -m evals $(EVAL)

bench: $(VENV)/.dev ## Measure speed and memory against named baselines
	$(BIN)/python -m benchmarks

pictures: $(VENV)/.pictures ## Make the pictures in docs/ anew (needs a Chromium)
	$(BIN)/python docs/make_pictures.py

docs: $(VENV)/.dev ## Write the pages anew that are made: checks, dictionary, questions, shown outputs
	$(BIN)/newsledger checks --format markdown > docs/checks.md.new
	mv docs/checks.md.new docs/checks.md
	$(BIN)/newsledger describe --format markdown > docs/dictionary.md.new
	mv docs/dictionary.md.new docs/dictionary.md
	$(BIN)/python docs/questions_page.py > docs/questions.md.new
	mv docs/questions.md.new docs/questions.md
	UPDATE_DOCS=1 $(BIN)/python -m pytest --quiet tests/docs

site: $(VENV)/.dev ## Build the docs as a site, into site/ (opens from the disk)
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict

lint: $(VENV)/.dev ## Check format, style, types and SQL
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/sqlfluff lint sql --processes 2 --disable-progress-bar

format: $(VENV)/.dev ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: ## Resolve the dependencies anew (needs uv)
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --no-strip-extras --extra build -o requirements.lock
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --no-strip-extras --extra build --extra dev \
		-o requirements-dev.lock
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --no-strip-extras --extra build --extra postgres \
		--constraint requirements.lock -o requirements-postgres.lock
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --no-strip-extras --extra build --extra french \
		--constraint requirements.lock -o requirements-french.lock
	echo 'playwright>=1.55' | uv pip compile - --constraint requirements-dev.lock --universal \
		--python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		-o requirements-pictures.lock

clean: ## Remove the environment (data/ stays)
	rm -rf $(VENV)

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# The lock is complete, so pip resolves nothing (--no-deps): every pip reads it alike.
$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "newsledger needs Python 3.11 or later: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(PIP) --no-deps --require-hashes --only-binary :all: -r requirements.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	$(PIP) --no-deps --require-hashes --only-binary :all: -r requirements-dev.lock
	@touch $@

$(VENV)/.pictures: requirements-pictures.lock $(VENV)/.dev
	$(PIP) --no-deps --require-hashes --only-binary :all: -r requirements-pictures.lock
	@touch $@
