"""An adapter as peft loads it: a copy that is checked, with a README."""

import shutil
from pathlib import Path

from codegen_lsp.models.adapters import FILES, read_adapter
from finetune.exporting.card import adapter_card
from finetune.exporting.targets import new_target


def export_peft(adapter_folder: Path, out: Path) -> None:
    """Copy the adapter in `adapter_folder` to the new folder `out`.

    Raises:
        UsageError: `out` exists or cannot be written, or the adapter is of an unknown variant.
        DamagedModelError: the adapter is not whole.
        DiskFullError: there is no room for it.
    """
    adapter = read_adapter(adapter_folder)
    with new_target(out) as folder:
        folder.mkdir()
        for name in FILES:
            shutil.copyfile(adapter_folder / name, folder / name)
        (folder / "README.md").write_text(adapter_card(adapter), encoding="utf-8")
