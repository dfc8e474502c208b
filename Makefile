.DEFAULT_GOAL := help
.SHELLFLAGS := -eu -o pipefail -c
SHELL := /bin/bash
PYTHON ?= $(or $(shell command -v python3.11),python3)
VENV := .venv
PY := $(VENV)/bin/python
PACKAGES := libs/call-contract libs/event-log libs/line-audio libs/ivr-sim services/flow-api services/call-engine
SIMULATE_N := $(or $(N),1000)
SIMULATE_SEED := $(or $(SEED),1)

.PHONY: help setup demo run doctor test test-page screenshots references lint types proto bench bench-hearing train-hearing simulate clean

help: ## this text
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

setup: $(VENV)/.ready ## make .venv from requirements.lock and install our packages into it

$(VENV)/.ready: requirements.lock $(addsuffix /pyproject.toml,$(PACKAGES))
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { echo "Python 3.11 is needed: make PYTHON=/path/to/python3.11"; exit 1; }
	test -x $(PY) || $(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation $(addprefix -e ./,$(PACKAGES))
	$(PY) -c "from line_audio import ear, fingerprint; ear.warm_up(); fingerprint.warm_up()"
	touch $@

demo: setup ## explore a simulated company over real SIP, learn the flow, follow it, bridge the human (KEEP=1 leaves it up)
	@$(PY) -m demo $(if $(KEEP),--keep)

run: setup ## the two services on the embedded store in ./data; settings from .env (see .env.example)
	@set -a; if [ -f .env ]; then . ./.env; fi; set +a; exec $(PY) -m demo.run

doctor: setup ## what the engine needs and lacks on this machine, with settings from .env: ports, store, models, codecs, registration
	@set -a; if [ -f .env ]; then . ./.env; fi; set +a; $(PY) -m call_engine doctor

test: setup lint types ## everything CI runs
	$(PY) -m pytest tests

test-page: setup ## the web page in a real browser; installs Debian's chromium where there is none
	@command -v chromium >/dev/null || apt-get install --yes --quiet chromium
	$(PY) -m pytest tests/e2e/page

screenshots: test-page ## the pictures in the documents, made anew
	mkdir -p docs/pictures
	cp artefacts/{flow,call,history,company}.png docs/pictures/

references: setup ## the generated pages in docs/, made anew
	$(PY) -m tests.support.references

lint: setup
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

types: setup
	$(PY) -m mypy

proto: setup ## generate the gRPC code from proto/
	$(PY) -m grpc_tools.protoc -Iproto --python_out=libs/call-contract/src --pyi_out=libs/call-contract/src \
		--grpc_python_out=libs/call-contract/src proto/call_contract/v1/call_engine.proto

bench: setup ## benchmarks: one JSON line each, with a peer's figure from the same run
	@$(PY) -m tests.benchmarks

bench-hearing: setup ## accuracy and speed of the ear on real audio beside its peers, with pictures; fetches 3 GB into a cache folder, takes hours
	@$(PY) -m tests.benchmarks --hearing

train-hearing: setup ## train the weights of the ear anew
	OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 MKL_NUM_THREADS=1 $(PY) libs/line-audio/training/train.py

simulate: setup ## N seeded random phone systems in virtual time: make simulate N=1000 SEED=1 (AUDIO=1: with real sound; installs Debian's flite where it can)
	@test -z "$(AUDIO)" || command -v flite >/dev/null || { apt-get update && apt-get install --yes flite; } >/dev/null 2>&1 || true
	@$(PY) -m tests.simulation --n $(SIMULATE_N) --seed $(SIMULATE_SEED) $(if $(AUDIO),--audio)

clean: ## remove what was made, but not ./data
	rm -rf $(VENV) .cache .pytest_cache .mypy_cache .ruff_cache
