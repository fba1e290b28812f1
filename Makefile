# Each target makes its own environment; nothing needs to be installed but Python 3.11 or later.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
EXAMPLE := project_example
.DEFAULT_GOAL := help

.PHONY: help example test check lint types layers bench bench-repair bench-prompts bench-run clean

help:
	@echo "make example  compile (from recorded completions) and run project_example, and score it"
	@echo "make test     run the tests"
	@echo "make check    lint, types, import layers, rdc compile --check, tests"
	@echo "make bench    write the figures of the README: start-up, repairs, prompts, runs"
	@echo "make clean    remove the environment and all that was built"

$(VENV)/ready: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@

example: $(VENV)/ready
	@printf '\n1. What was found, what compile accepted and refused, and who wrote it\n\n'
	@$(BIN)/rdc compile --locked --project-dir $(EXAMPLE)
	@printf '\n2. What a run changes\n\n'
	@$(BIN)/rdc diff --examples 1 --top 12 --project-dir $(EXAMPLE)
	@printf '\n3. Test, run, check and publish\n\n'
	@$(BIN)/rdc build --project-dir $(EXAMPLE)
	@printf '\n4. How much of the dirt was repaired: precision, recall, F1 and damaged cells\n\n'
	@$(BIN)/python $(EXAMPLE)/score.py

test: $(VENV)/ready
	$(BIN)/python -m pytest -q -n auto --dist loadgroup

lint: $(VENV)/ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/ready
	$(BIN)/mypy

layers: $(VENV)/ready
	$(BIN)/lint-imports

check: lint types layers
	$(BIN)/rdc compile --check --project-dir $(EXAMPLE)
	$(MAKE) test

bench: bench-repair bench-prompts bench-run
	$(BIN)/python benchmarks/startup.py

# RDC_BENCH_DATA names the folder of the data sets.
bench-repair: $(VENV)/ready
	$(BIN)/python benchmarks/repair/measure.py

# Fetches the tables with npm; the model's answers are those that benchmarks/prompts/generate.py wrote.
bench-prompts: $(VENV)/ready
	$(BIN)/python benchmarks/prompts/study.py --goals --results benchmarks/prompts/RESULTS.md

# BENCH_RUN takes options, such as `--rows 100000`; RDC_BENCH_PEER names a Python that has recursive-cleaner.
bench-run: $(VENV)/ready
	$(BIN)/python -m pip install --quiet --editable '.[bench]'
	$(BIN)/python benchmarks/run.py $(BENCH_RUN)

clean:
	rm -rf $(VENV) build dist $(EXAMPLE)/target .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
