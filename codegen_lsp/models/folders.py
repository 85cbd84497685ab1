"""Where things live on disk. Light: the server's process, which loads no models, imports it."""

import os
import re
from pathlib import Path

import platformdirs

from codegen_lsp.models import catalogue

_HUB_ID = re.compile(r"\w[\w.-]*/\w[\w.-]*")


def is_hub_id(name: str) -> bool:
    """Whether `name` has the form of a hub id, owner/name."""
    return _HUB_ID.fullmatch(name) is not None


def full_name(model: str) -> str:
    """What a model is called from any working folder: as it is, or a folder by its whole path."""
    if catalogue.find(model) is not None or is_hub_id(model):
        return model
    # os.path, because Path's function raises where there is no home.
    return os.path.abspath(os.path.expanduser(model))  # noqa: PTH100, PTH111


def cache_folder() -> Path:
    """Where everything that can be fetched again lives; `CODEGEN_LSP_CACHE_DIR` moves it."""
    given = os.environ.get("CODEGEN_LSP_CACHE_DIR")
    return Path(given).absolute() if given else Path(platformdirs.user_cache_dir("codegen-lsp"))


def data_folder() -> Path:
    """Where what belongs to the user lives; `CODEGEN_LSP_DATA_DIR` moves it."""
    given = os.environ.get("CODEGEN_LSP_DATA_DIR")
    return Path(given).absolute() if given else Path(platformdirs.user_data_dir("codegen-lsp"))


def installed_folder(name: str) -> Path:
    """Where the catalogue's model `name` is, or would be."""
    return cache_folder() / "models" / name


def installed_at(name: str) -> int | None:
    """When the catalogue's model `name` came to its place, in nanoseconds; None: it is not there.

    It may be damaged all the same; one that is mended came later.
    """
    try:
        return installed_folder(name).stat().st_mtime_ns
    except OSError:
        return None
