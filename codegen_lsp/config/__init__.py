"""Settings: what there is to set, where the values come from, and what is wrong with them."""

from codegen_lsp.config.files import project_folder
from codegen_lsp.config.schema import SETTINGS, Setting, Settings
from codegen_lsp.config.sources import Resolved, editor_settings, resolve

__all__ = [
    "SETTINGS",
    "Resolved",
    "Setting",
    "Settings",
    "editor_settings",
    "project_folder",
    "resolve",
]
