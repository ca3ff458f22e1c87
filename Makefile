# Everything runs in .venv, which is made from requirements.lock.
# `make help` lists the targets; PYTHON picks the interpreter: make demo PYTHON=python3.12

PYTHON ?= python3
BIN := .venv/bin
UV_VERSION := 0.13.8
ASSIGNMENTS := $(notdir $(wildcard solutions/*))
export TF_CPP_MIN_LOG_LEVEL ?= 3

.PHONY: help demo book test exercises publish lock clean
.DEFAULT_GOAL := help

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "make %-10s %s\n", $$1, $$2}' Makefile

.venv/installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "The course needs Python 3.11 or newer; name one: make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	$(BIN)/uv pip install --quiet --compile-bytecode --require-hashes -r requirements.lock
	$(BIN)/uv pip install --quiet --no-deps --editable .
	$(BIN)/python -m course_utils.quick_kernel
	@touch $@

demo: export COURSE_DATA := drawn
demo: .venv/installed  ## build the book, release the exercises, grade a sample class
	$(MAKE) --no-print-directory book exercises
	$(BIN)/python -m course_utils.grading.demo

book: .venv/installed  ## build the book into _build/html; any warning is an error
	$(BIN)/jupyter-book build . -W -n --keep-going

test: .venv/installed  ## lint, types, doctests and tests; with CI=true the thorough ones, too
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/python -m pytest $(if $(CI),,-m 'not thorough')

exercises: .venv/installed  ## make the students' notebooks from solutions/
	$(BIN)/course release $(ASSIGNMENTS)

publish: .venv/installed  ## run every chapter in full on the real sets and keep the outputs
	$(BIN)/python -m course_utils.publishing

lock: .venv/installed  ## work out requirements.lock anew from pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --extra dev pyproject.toml --output-file requirements.lock

clean:  ## remove what the other targets made, .venv too
	rm -rf .venv _build *.egg-info .mypy_cache .pytest_cache .ruff_cache
