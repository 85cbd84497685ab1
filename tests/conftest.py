"""Fixtures of the whole suite: the real default model, fetched by `make test` beforehand."""

from pathlib import Path

import pytest

from codegen_lsp.completion.model import Model, load_model
from codegen_lsp.models.catalogue import DEFAULT_MODEL
from codegen_lsp.models.store import resolve


@pytest.fixture(scope="session")
def default_model_folder() -> Path:
    """Folder of the real default model; `make test` has pulled it."""
    return resolve(DEFAULT_MODEL).folder


@pytest.fixture(scope="session")
def default_model() -> Model:
    """The real default model, loaded once."""
    return load_model(DEFAULT_MODEL)
