"""Environments: where the packages installed for a workspace are, and what of them may be read."""

import os
import re
from pathlib import Path

from codegen_lsp.context.documents import is_denied_name
from codegen_lsp.context.files import Rules, why_not_installed
from codegen_lsp.context.imports.folders import listing
from codegen_lsp.context.imports.project import is_file
from codegen_lsp.context.refusals import Refusal

_ENVIRONMENTS = (".venv", "venv", "env")


def site_packages(root: Path, environment: Path | None = None) -> list[Path]:
    """The folders of the packages installed for the workspace at `root`, by its environment.

    Args:
        root: in which a virtual environment is looked for under its usual names.
        environment: the folder of one to use where the workspace has none.
    """
    own = [root / name for name in _ENVIRONMENTS]
    for folder in own if environment is None else [*own, environment]:
        if is_file(folder / "pyvenv.cfg"):
            versions = sorted(listing(folder / "lib").folders, key=_version, reverse=True)
            homes = [*(folder / "lib" / version for version in versions), folder / "Lib"]
            found = (home / "site-packages" for home in homes)
            return [each for each in found if os.path.isdir(each)]  # noqa: PTH112 - never raises
    return []


def why_not(root: Path, name: str, rules: Rules) -> Refusal | None:
    """Why the file called `name`, from the folder of packages on, may not be read; None if it may.

    Patterns of the settings count from the workspace's root and from that folder.
    """
    for folder in site_packages(root):
        if is_file(folder / name):
            if is_denied_name(folder / name, [folder], rules.denied_files):
                return Refusal.DENIED
            return why_not_installed(root, folder / name, rules)
    return Refusal.UNREADABLE


def _version(name: str) -> list[int]:
    return [int(number) for number in re.findall(r"[0-9]+", name)]
