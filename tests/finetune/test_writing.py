"""What cannot be written is one line that says where, and what to do."""

import errno
import os
from pathlib import Path
from typing import NoReturn

import pytest
import torch
from peft import LoraConfig

from codegen_lsp.cli.finetune_progress import RunProgress
from codegen_lsp.errors import DiskFullError
from codegen_lsp.evaluate.cases import Case
from finetune.evaluation.measuring import Measurement, measure
from finetune.evaluation.report import BASE
from finetune.training.lora import save_adapter
from finetune.training.writing import write_whole
from tests.adapters import tiny_base


def full(*_: object, **__: object) -> NoReturn:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EIO])
def test_every_error_says_where_and_leaves_what_was_there(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: int) -> NoReturn:
        raise OSError(number, "broken")

    file = tmp_path / "file"
    write_whole(file, b"before")
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail)
        with pytest.raises(DiskFullError, match=r"file cannot be written: broken; make room or"):
            write_whole(file, b"after")
    assert file.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [file]


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DiskFullError, match="cannot be written"):
        write_whole(tmp_path / "file" / "below", b"")


def test_an_adapters_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LoraConfig, "save_pretrained", full)
    with pytest.raises(DiskFullError, match="adapter cannot be written: No space left on device"):
        save_adapter(tmp_path / "adapter", {"a": torch.zeros(1)}, LoraConfig())


def test_outcomes(tmp_path: Path) -> None:
    (tmp_path / "kept").touch()
    case = Case("1", "python", "x = ", "\n", "1", path="a.py")
    wanted = [Measurement(BASE, 0.0, False, (case,), None)]
    watch = RunProgress(is_plain=True, is_silent=True)
    base = str(tiny_base(tmp_path / "base"))
    with pytest.raises(DiskFullError, match=r"base\.jsonl cannot be written: .*; make room or"):
        measure(wanted, base, tmp_path / "adapter", tmp_path / "kept", watch)
