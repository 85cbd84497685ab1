# Everything runs in .venv, which `make` creates and fills by itself.

PYTHON ?= python3
BIN := .venv/bin
# Exact versions, so that every machine runs the same.
CONSTRAINTS := .ci/constraints.txt

.PHONY: help demo check test test-units test-editors editor-programs editors-installed format clean

help:
	@echo "make demo    install, fetch the default model, complete a sample through the server"
	@echo "make test    install what tests need, real editors too, and run them all"
	@echo "make test-units    all but the editors"
	@echo "make test-editors  the editors"
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

# Real editors, each in a folder of its own: what tests/editors drives.
.venv/neovim/nvim: tests/editors/install_neovim.sh tests/editors/debian_packages.sh | .venv/base
	$< $(@D)

.venv/neovim-%/nvim: tests/editors/install_neovim.sh tests/editors/debian_packages.sh | .venv/base
	PATH="$(CURDIR)/$(BIN):$$PATH" $< $(@D) $*

.venv/emacs/ready: tests/editors/install_emacs.sh tests/editors/debian_packages.sh | .venv/base
	$< $(@D)

# Two versions of VS Code, the newest on the Node.js that it wants.
.venv/vscode-1.139/ready: tests/editors/vscode/install_vscode.sh tests/editors/vscode/strict_patch.mjs | .venv/base
	$< $(@D) 4.139.1 24.21.0

.venv/vscode-1.96/ready: tests/editors/vscode/install_vscode.sh tests/editors/vscode/strict_patch.mjs | .venv/base
	$< $(@D) 4.96.4

editors/vscode/node_modules/.package-lock.json: editors/vscode/package-lock.json
	npm --prefix editors/vscode ci --ignore-scripts --no-audit --no-fund
	touch $@

editor-programs:
	tests/editors/install_programs.sh chromium emacs tmux

editors-installed: editor-programs .venv/neovim/nvim .venv/neovim-0.10/nvim .venv/neovim-0.11/nvim \
	.venv/emacs/ready .venv/vscode-1.139/ready .venv/vscode-1.96/ready \
	editors/vscode/node_modules/.package-lock.json

test: test-units test-editors

test-units: .venv/dev
	$(BIN)/codegen-lsp model pull
	$(BIN)/pytest -m "not editors"

# Screenshots of what was seen are kept in build/screenshots.
test-editors: .venv/dev
	$(MAKE) --jobs 4 editors-installed
	$(BIN)/codegen-lsp model pull
	npm --prefix editors/vscode run check
	npm --prefix editors/vscode run package
	$(BIN)/pytest -m editors --numprocesses 2

format: .venv/dev
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
