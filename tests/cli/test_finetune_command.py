"""What `codegen-lsp finetune` says where something of the machine is missing."""

from types import SimpleNamespace
from typing import NoReturn

import pytest
import torch

from codegen_lsp.cli import finetune, main

COMMANDS = (["run", "."], ["estimate", "."], ["inspect", "."], ["eval", "."], ["list"])


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_missing_extra_is_named(
    command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def missing(_: str) -> NoReturn:
        raise ModuleNotFoundError("No module named 'peft'", name="peft")

    monkeypatch.setattr(finetune, "import_module", missing)
    assert main(["finetune", *command]) == 2
    said = capsys.readouterr().err
    assert "needs peft, which is not installed: pip install 'codegen-lsp[finetune]'" in said
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB."),
        RuntimeError(
            "[enforce fail at alloc_cpu.cpp:119] DefaultCPUAllocator: can't allocate"
            " memory: you tried to allocate 8000000000000 bytes."
        ),
        RuntimeError("MPS backend out of memory (MPS allocated: 17.00 GB)"),
    ],
    ids=["python", "cuda", "cpu", "mps"],
)
def test_running_out_of_memory_names_what_lowers_it(
    error: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _fails_with(error, monkeypatch)
    assert main(["finetune", "run", "."]) == 1
    said = capsys.readouterr().err
    assert "not enough memory" in said
    assert "gradient_checkpointing = true or a lower tokens_per_batch" in said
    assert said.count("\n") == 1


def test_other_errors_are_not_taken_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    _fails_with(RuntimeError("shape mismatch"), monkeypatch)
    with pytest.raises(RuntimeError, match="shape mismatch"):
        main(["finetune", "run", "."])


def _fails_with(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> NoReturn:
        raise error

    monkeypatch.setattr(finetune, "import_module", lambda _: SimpleNamespace(run=fail))
