# make demo, make test: the two that matter. Each sets up what it needs.
VENV ?= .venv
PORT ?= 8000
HOST ?= 127.0.0.1
BASE_URL ?= http://127.0.0.1:$(PORT)
export VENV BASE_URL
RUN = $(VENV)/bin/python
VAR = $(or $(VAR_DIR),var)
STATIC = $(VAR)/static/.collected

.PHONY: demo demo-reset serve install test lint bench requirements
.DEFAULT_GOAL = demo

install:
	@scripts/setup.sh

$(STATIC): $(shell find static -type f) requirements.txt | install
	@$(RUN) manage.py collectstatic --no-input --clear --verbosity 0
	@touch "$@"

demo: install $(STATIC)
	@$(RUN) manage.py migrate --no-input --verbosity 0
	@$(RUN) manage.py load_demo
	@$(RUN) manage.py serve --host $(HOST) --port $(PORT)

demo-reset: install $(STATIC)
	@$(RUN) manage.py migrate --no-input --verbosity 0
	@$(RUN) manage.py load_demo --reset

serve: install $(STATIC)
	@$(RUN) manage.py migrate --no-input --verbosity 0
	@$(RUN) manage.py serve --host $(HOST) --port $(PORT)

test:
	@scripts/setup.sh test
	@$(RUN) -m pytest $(ARGS)

lint:
	@scripts/setup.sh test
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .
	@$(RUN) manage.py makemigrations --check --dry-run --verbosity 0

bench:
	@scripts/setup.sh test
	@$(RUN) -m benchmarks $(ARGS)

# Only when a dependency changes: pins every version with its hashes, without naming where it came from.
requirements:
	@scripts/setup.sh test
	@$(RUN) -m pip install --quiet pip-tools
	@$(RUN) -m piptools compile --quiet --strip-extras --generate-hashes --no-header --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options --no-annotate --output-file requirements.txt pyproject.toml
	@$(RUN) -m piptools compile --quiet --strip-extras --generate-hashes --no-header --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options --no-annotate --extra dev --output-file requirements-dev.txt pyproject.toml
