# make demo, make test: the two that matter. Each sets up what it needs.
VENV ?= .venv
PORT ?= 8000
HOST ?= 127.0.0.1
BASE_URL ?= http://127.0.0.1:$(PORT)
export VENV BASE_URL
RUN = $(VENV)/bin/python
PARALLEL = -n 2 --dist loadfile --no-loadscope-reorder
VAR = $(or $(VAR_DIR),var)
STATIC = $(VAR)/static/.collected

.PHONY: demo demo-reset serve serve-lan install test test-postgres lint bench requirements
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

# On the network of a room, without internet: finds the address of this computer. HOST= chooses another.
serve-lan: install $(STATIC)
	@$(RUN) manage.py migrate --no-input --verbosity 0
	@$(RUN) manage.py serve --lan --port $(PORT) $(if $(filter-out 127.0.0.1,$(HOST)),--host $(HOST))

# Two processes, a file at a time; those of the browser stay together (tests/conftest.py).
# ARGS chooses; with it everything runs in one process: make test ARGS='-k seat'
test:
	@scripts/setup.sh test
	@$(RUN) -m pytest $(or $(ARGS),$(PARALLEL))

# The same on a PostgreSQL of its own, which is gone afterwards.
test-postgres:
	@scripts/setup.sh test postgres
	@scripts/with_postgres.sh $(RUN) -m pytest $(or $(ARGS),$(PARALLEL))

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
