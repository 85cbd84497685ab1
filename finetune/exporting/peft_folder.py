"""An adapter as peft loads it: a copy that is checked, with a README.

It is meant for others: a base that is a folder here is called by the last part of its path.
"""

import json
import shutil
from pathlib import Path

from codegen_lsp.models.adapter_files import (
    BASE_KEY,
    CONFIG_FILE,
    RECORD_FILE,
    WEIGHTS_FILE,
    read_object,
)
from codegen_lsp.models.adapters import read_adapter
from finetune.exporting.card import adapter_card, public_name
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
        shutil.copyfile(adapter_folder / WEIGHTS_FILE, folder / WEIGHTS_FILE)
        for name, key in ((CONFIG_FILE, BASE_KEY), (RECORD_FILE, "base")):
            content = read_object(adapter_folder / name) | {key: public_name(adapter.base)}
            (folder / name).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
        (folder / "README.md").write_text(adapter_card(adapter), encoding="utf-8")
