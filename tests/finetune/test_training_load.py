"""Which devices can be trained on, and how the base is computed there."""

import pytest

from codegen_lsp.errors import UsageError
from finetune.training import load
from finetune.training.load import choose_device, choose_precision


@pytest.mark.parametrize("requested", ["meta", "cuda:", "cuda:x", "xpu", "cpu:1", "", "gpu"])
def test_devices_that_cannot_be_trained_on_are_refused(requested: str) -> None:
    with pytest.raises(UsageError, match=r"give auto, cpu, cuda, cuda:N or mps"):
        choose_device(requested)


def test_a_device_that_is_not_there_is_refused() -> None:
    with pytest.raises(UsageError, match=r"--device cuda:99: this machine has none"):
        choose_device("cuda:99")


def test_devices_that_are_there_are_taken() -> None:
    assert choose_device("cpu") == "cpu"
    assert choose_device() in {"cpu", "cuda", "mps"}


@pytest.mark.parametrize("has_vnni", [True, False])
def test_a_process_among_several_computes_as_one_does_alone(
    monkeypatch: pytest.MonkeyPatch, *, has_vnni: bool
) -> None:
    monkeypatch.setattr(load, "is_available", lambda: has_vnni)
    assert choose_precision("cpu:0") == choose_precision("cpu")
    assert (choose_precision("cpu:0") == "int8") == has_vnni
