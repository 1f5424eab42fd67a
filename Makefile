# Everything a person needs to try, test and change Circlet. Works with GNU make 3.81 and later, on Linux and macOS.
SHELL := /bin/bash
.DEFAULT_GOAL := help
# What Python has compiled is kept, whatever the shell says: it is a quarter of a second of each start.
unexport PYTHONDONTWRITEBYTECODE
.PHONY: help demo demo-reset setup node test check words bench lock clean

# The first Python that is new enough; say PYTHON=... to choose another.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
DEMO_DATA := var/demo.db
ONLY ?=

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' Makefile | expand -t 20

demo: .venv/.demo ## try it: the local chat with a small company in it, for this computer only
	@$(BIN)/python -m adapters local --data $(DEMO_DATA)

demo-reset: ## forget what happened in the demo
	@rm -f $(DEMO_DATA) $(DEMO_DATA)-wal $(DEMO_DATA)-shm $(DEMO_DATA).key
	@echo "Forgotten. The next make demo starts over."

setup: .venv/.installed ## everything for developing, in .venv

node: node_modules/.installed ## what the tests need of Microsoft's own, in node_modules (needs node and npm)

test: .venv/.installed ## the tests
	$(BIN)/python -m pytest -n 2 --dist worksteal

check: .venv/.installed ## what must be true besides the tests: lint, types, imports, guides, migrations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict bot adapters
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m adapters guides check
	$(BIN)/python -m adapters library check
	$(BIN)/python -m pytest tests/edge/test_migrations.py

# A catalog like de@formal holds only what differs from de: the tests say what it should no longer have.
words: .venv/.installed ## bring everything that the bot says into the catalogs in bot/locale, ready to be translated
	@mkdir -p var
	$(BIN)/pybabel -q extract -k t -k N_ -k count:1,2 -k Grammar:3 --sort-by-file --add-location=file -w 120 \
		-o var/circlet.pot bot adapters
	@for file in bot/locale/*/LC_MESSAGES/circlet.po; do \
		tag=$${file#bot/locale/}; tag=$${tag%%/*}; \
		[[ $$tag == *@* ]] || $(BIN)/pybabel -q update -N --ignore-obsolete -w 120 \
			-i var/circlet.pot -o $$file -l $${tag//-/_} || exit 1; \
	done

bench: .venv/.installed ## measure; ONLY=core for a part of it
	$(BIN)/python -m bench $(ONLY)

LOCK = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links
UNLOCATED = sed -e '/^--find-links/d' -e '/^--index-url/d' -e '/^--extra-index-url/d'

lock: ## write the lock files anew from pyproject.toml (needs uv)
	@command -v uv >/dev/null || { echo "make lock needs uv: see https://docs.astral.sh/uv/" >&2; exit 1; }
	$(LOCK) pyproject.toml -o requirements.lock
	$(LOCK) --extra dev pyproject.toml -o requirements-dev.lock
	@for f in requirements.lock requirements-dev.lock; do $(UNLOCATED) $$f > $$f.new && mv $$f.new $$f; done

clean: ## remove everything that was made, but not the data in var/
	rm -rf .venv node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build ./*.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

node_modules/.installed: package.json package-lock.json .npmrc
	@command -v npm >/dev/null || { echo "make node needs node and npm (Debian: apt install nodejs npm)" >&2; exit 1; }
	npm ci --ignore-scripts --loglevel=error
	@touch $@

# The stamps say what .venv holds. The demo needs no more than what Circlet runs on; developing needs its tools too.
.venv/.demo: requirements.lock
	@$(VENV)
	@echo "Installing what Circlet needs into .venv (once; about a minute)"
	$(PIP) install --require-hashes -r requirements.lock
	@touch $@

.venv/.installed: requirements-dev.lock pyproject.toml
	@$(VENV)
	$(PIP) install --require-hashes -r requirements-dev.lock
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@ .venv/.demo

# Makes .venv where there is none that works.
define VENV
if ! $(BIN)/python -m pip --version >/dev/null 2>&1; then \
	if [ -z "$(PYTHON)" ]; then \
		echo "Circlet needs Python 3.11 or newer, and none was found. Install it, or say make PYTHON=/path/to/python3" >&2; \
		exit 1; \
	fi; \
	if ! "$(PYTHON)" -c 'import venv, ensurepip' >/dev/null 2>&1; then \
		echo "$(PYTHON) lacks its venv module. On Debian and Ubuntu: sudo apt install python3-venv" >&2; \
		exit 1; \
	fi; \
	rm -rf .venv && "$(PYTHON)" -m venv .venv; \
fi
endef
