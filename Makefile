# Everything runs in .venv, which `make` creates and fills by itself.

PYTHON ?= python3
BIN := .venv/bin
# Exact versions, so that every machine runs the same.
CONSTRAINTS := .ci/constraints.txt

.PHONY: help demo check test format clean

help:
	@echo "make demo    install, fetch the default model, complete a sample through the server"
	@echo "make test    install and run all tests"
	@echo "make check   format, lint, types and import contracts"
	@echo "make format  format the code and mend what the linter can"
	@echo "make clean   remove .venv and caches; fetched models stay"

.venv/base: pyproject.toml $(CONSTRAINTS)
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --constraint $(CONSTRAINTS) pip
	$(BIN)/python -m pip install --quiet --constraint $(CONSTRAINTS) --editable .
	touch $@

.venv/dev: .venv/base
	$(BIN)/python -m pip install --quiet --constraint $(CONSTRAINTS) --editable '.[dev]'
	touch $@

demo: .venv/base
	$(BIN)/codegen-lsp model pull
	@echo
	$(BIN)/codegen-lsp demo

check: .venv/dev
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports

# A real editor for tests/editors.
.venv/neovim/nvim: tests/editors/install_neovim.sh | .venv/base
	$< $(@D)

test: .venv/dev .venv/neovim/nvim
	$(BIN)/codegen-lsp model pull
	$(BIN)/pytest

format: .venv/dev
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
