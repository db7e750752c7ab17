# `make demo` places a phone call through the whole system, `make run` keeps it up, `make test` checks everything.
SHELL := /bin/bash
# What a Python says of itself: "Python 3.12 /usr/bin/python3.12", without the last word if it cannot make environments.
IDENTITY := import os, platform, sys; \
	kind = platform.python_implementation().replace("CPython", "Python"); \
	sys.stdout.write("%s %d.%d " % (kind, sys.version_info[0], sys.version_info[1])); sys.stdout.flush(); \
	import ensurepip, venv; print(os.path.realpath(getattr(sys, "_base_executable", sys.executable)))
NAMED := $(PYTHON)
PYTHON ?= $(shell for p in python3.12 python3.11 python3; do \
	$$p -c '$(IDENTITY)' 2>/dev/null | grep -q '^Python 3\.1[12] .' && echo $$p && break; done)
PERSONA ?= qualified
SEED ?= 1
CAMPAIGN ?=
VENV := .venv
BIN := $(VENV)/bin
PACKAGES := libs/common libs/vocabulary libs/dialogue libs/intent_classifier libs/phone_simulator libs/callers libs/local_stack \
	libs/callwright_cli services/voice_gateway services/agent_orchestrator services/escalation_budget \
	services/persistence
SOURCES := libs services tests

.DEFAULT_GOAL := help
.PHONY: help demo run call test train train-report evals evals-models evals-audio chaos lint types imports protos protos-check unit-tests service-tests setup setup-dev lock clean FORCE

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## /  make \1\t/' | expand -t 24

demo: setup ## place one simulated phone call through the whole system (PERSONA=…, SEED=…, CAMPAIGN=…)
	@$(BIN)/callwright demo --persona "$(PERSONA)" --seed "$(SEED)" --campaign "$(CAMPAIGN)"

run: setup ## keep the whole system up until Ctrl-C
	@$(BIN)/callwright run

call: setup ## place one simulated call on what `make run` keeps up (PERSONA=…, SEED=…, CAMPAIGN=…)
	@$(BIN)/callwright call --persona "$(PERSONA)" --seed "$(SEED)" --campaign "$(CAMPAIGN)"

setup: $(VENV)/.runtime ## install what runs the system into .venv
setup-dev: $(VENV)/.dev ## install what tests and looks into it as well

# Two at a time: those of the services wait for servers more than they compute.
test: setup-dev ## lint, types, import directions, protos, all fast tests
	@$(MAKE) --no-print-directory -j 2 --output-sync=line service-tests lint types imports protos-check unit-tests

evals: setup-dev ## hold labelled dialogues and calls of many callers with the agent, and tell how it did (takes minutes)
	PYTHONPATH=tests $(BIN)/python -m evals

evals-models: setup-dev ## the same beside models of a script: one that helps, and one that lies, stalls and breaks off (takes minutes)
	PYTHONPATH=tests $(BIN)/python -m evals --scripted helpful --seeds 2 --out out/evals-helpful
	PYTHONPATH=tests $(BIN)/python -m evals --scripted hostile --seeds 2 --out out/evals-hostile

evals-audio: setup-dev ## hold short calls in text and over the simulated telephone, and tell what hearing costs (takes minutes)
	PYTHONPATH=tests $(BIN)/python -m evals.hearing

chaos: setup-dev ## kill, stop and break the running system in the middle of real calls (takes minutes)
	$(BIN)/pytest tests/chaos -m chaos

unit-tests: setup-dev
	$(BIN)/pytest tests/unit tests/evals

service-tests: setup-dev
	$(BIN)/pytest --ignore=tests/unit --ignore=tests/evals

# What trains is installed apart: nothing that runs needs it, and it is large.
TRAINING := .venv-train
$(TRAINING)/.made: requirements.lock requirements-train.lock | setup
	@echo "Installing what trains the classifier (large)"
	@$(BIN)/uv venv --quiet --python $(BIN)/python --clear $(TRAINING)
	@$(pip_settings); [ -z "$$index" ] || export UV_DEFAULT_INDEX="$$index"; \
	[ -z "$$certificate" ] || export SSL_CERT_FILE="$$certificate"; export VIRTUAL_ENV=$(TRAINING); \
	$(BIN)/uv pip install --quiet --require-hashes --no-deps -r requirements.lock -r requirements-train.lock && \
	$(BIN)/uv pip install --quiet --no-deps $(addprefix --editable ,$(PACKAGES))
	@touch $@

train: $(TRAINING)/.made ## train the classifier of intents from its lines and write its weights
	$(TRAINING)/bin/python libs/intent_classifier/training/train.py

train-report: $(TRAINING)/.made ## leave each of some authors out (AUTHORS="…") and tell how they are understood
	for author in $(or $(AUTHORS),$(basename $(notdir $(wildcard libs/intent_classifier/utterances/*.jsonl)))); do \
		$(TRAINING)/bin/python libs/intent_classifier/training/train.py --without $$author --out out/without_$$author && \
		$(TRAINING)/bin/python libs/intent_classifier/training/report.py --weights out/without_$$author --authors $$author \
			|| exit 1; done

lint: setup-dev
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)

types: setup-dev
	$(BIN)/mypy $(SOURCES)

imports: setup-dev
	$(BIN)/lint-imports

protos: setup-dev ## generate the Python code of protos/
	$(BIN)/python protos/generate.py

protos-check: setup-dev
	$(BIN)/python protos/generate.py --check

# Index and certificate as pip knows them, from any of its files or its variables; the nearest wins.
define pip_settings
settings="$$($(BIN)/pip config list 2>/dev/null || true)"; \
	told() { for place in :env: install global; do sed -n "s|^$$place\.$$1='\(.*\)'$$|\1|p" <<<"$$settings"; done | head -n 1; }; \
	index="$$(told index-url)"; certificate="$$(told cert)"
endef

# uv installs in seconds what takes pip a minute. It does not read pip's configuration, so what is set there is passed on.
define install
	@$(pip_settings); \
	[ -z "$$index" ] || [ -n "$$UV_DEFAULT_INDEX" ] || export UV_DEFAULT_INDEX="$$index"; \
	[ -z "$$certificate" ] || [ -n "$$SSL_CERT_FILE" ] || export SSL_CERT_FILE="$$certificate"; \
	export UV_LINK_MODE=copy VIRTUAL_ENV=$(VENV); \
	$(BIN)/uv pip install --quiet --require-hashes --no-deps $(1) && \
	$(BIN)/uv pip install --quiet --no-deps $(addprefix --editable ,$(PACKAGES))
endef

# Made anew unless it works, lies where it was made and is of the Python that was named, if one was.
$(VENV)/.python: FORCE
	@identity() { "$$1" -c '$(IDENTITY)' 2>/dev/null </dev/null | head -n 1; }; \
	refuse() { echo "Callwright needs Python 3.11 or 3.12 with venv: $$1" >&2; exit 1; }; \
	present="$$(identity $(BIN)/python)"; \
	[ "$(CURDIR) $$present" = "$$(cat $@ 2>/dev/null)" ] || present=; \
	[ -z "$$present" ] || [ -n "$(NAMED)" ] || exit 0; \
	python="$(PYTHON)"; wanted="$$(identity "$$python")"; \
	case "$$python:$$wanted" in \
	:*) refuse "install it, or name it with make PYTHON=/path/to/python" ;; \
	*:"Python 3.1"[12]" "?*) ;; \
	*:"Python 3.1"[12]" ") refuse "$$python cannot make environments (python3-venv is missing)" ;; \
	*:*" "[0-9]*.[0-9]*" "*) refuse "$$python is $${wanted% *}" ;; \
	*) refuse "$$python is no Python that starts" ;; \
	esac; \
	[ "$$present" != "$$wanted" ] || exit 0; \
	echo "Creating $(VENV) with $$python"; \
	rm -rf $(VENV) && "$${wanted#* * }" -m venv $(VENV) && echo "$(CURDIR) $$wanted" >$@

$(BIN)/uv: requirements-installer.lock $(VENV)/.python
	@$(pip_settings); \
	[ -n "$$certificate" ] || [ -z "$$SSL_CERT_FILE" ] || export PIP_CERT="$$SSL_CERT_FILE"; \
	$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --require-hashes -r requirements-installer.lock
	@touch $@

$(VENV)/.runtime: requirements.lock pyproject.toml $(addsuffix /pyproject.toml,$(PACKAGES)) $(VENV)/.python | $(BIN)/uv
	@echo "Installing the locked packages"
	$(call install,-r requirements.lock)
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	@echo "Installing the locked development tools"
	$(call install,-r requirements-dev.lock)
	@touch $@

lock: setup ## resolve all dependencies anew
	$(BIN)/uv lock --upgrade
	$(BIN)/uv export --quiet --frozen --all-packages --no-emit-workspace --no-dev --no-header --no-annotate -o requirements.lock
	$(BIN)/uv export --quiet --frozen --only-group dev --no-emit-workspace --no-header --no-annotate -o requirements-dev.lock
	$(BIN)/uv export --quiet --frozen --only-group train --no-emit-workspace --no-header --no-annotate -o requirements-train.lock

clean: ## remove the environment and everything that was made, the records in var/ too
	rm -rf $(VENV) $(TRAINING) out var uv.lock .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
