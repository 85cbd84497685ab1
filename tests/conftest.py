"""Fixtures of the whole suite: the real default model, fetched by `make test` beforehand."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from codegen_lsp.models.catalogue import DEFAULT_MODEL
from codegen_lsp.models.store import resolve
from codegen_lsp.prompt.model import Model, load_model


@pytest.fixture(scope="session", autouse=True)
def _no_user_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the settings and statistics of whoever runs the tests out of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CODEGEN_LSP_CONFIG_DIR", str(tmp_path_factory.mktemp("config")))
        patch.setenv("CODEGEN_LSP_DATA_DIR", str(tmp_path_factory.mktemp("data")))
        yield


@pytest.fixture(scope="session")
def default_model_folder() -> Path:
    """Folder of the real default model; `make test` has pulled it."""
    return resolve(DEFAULT_MODEL).folder


@pytest.fixture(scope="session")
def default_model() -> Model:
    """The real default model, loaded once."""
    return load_model(DEFAULT_MODEL)
