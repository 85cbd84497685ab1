"""Exported folders, loaded by peft, by transformers and by our own engine."""

import errno
import json
import shutil
from pathlib import Path
from typing import Any

import peft
import pytest
import torch
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM

from codegen_lsp.completion.pipeline import Completer
from codegen_lsp.engine.load import load_engine
from codegen_lsp.errors import CodegenError, DamagedModelError, DiskFullError, UsageError
from codegen_lsp.models.adapters import FILES, read_adapter
from codegen_lsp.models.merging import Merge
from codegen_lsp.models.store import ModelFolder
from codegen_lsp.prompt.model import load_model
from finetune.exporting import merged_folder
from finetune.exporting.merged_folder import export_merged
from finetune.exporting.peft_folder import export_peft
from tests.adapters import make_adapter
from tests.finetune.exported import IDS, logits_of, tiny_model


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> ModelFolder:
    return tiny_model(tmp_path_factory.mktemp("model") / "tiny")


@pytest.fixture(scope="module")
def adapter(model: ModelFolder) -> Path:
    return make_adapter(model.folder.with_name("adapter"), model.folder, name=model.name)


def merged_at_load(model: ModelFolder, adapter: Path, scale: float) -> torch.Tensor:
    merge = Merge(read_adapter(adapter), scale)
    return logits_by_us(model.folder, merge)


def logits_by_us(folder: Path, merge: Merge | None = None) -> torch.Tensor:
    decoder = load_engine(folder, precision="fp32", merge=merge).decoder
    return decoder.forward(IDS, len(IDS))


@pytest.mark.parametrize("scale", [1.0, 0.6])
def test_a_merged_folder_computes_what_merging_at_load_does(
    model: ModelFolder, adapter: Path, tmp_path: Path, scale: float
) -> None:
    export_merged(model, adapter, tmp_path / "out", scale=scale)
    expected = merged_at_load(model, adapter, scale)
    assert (logits_by_us(model.folder) - expected).abs().max() > 1
    assert torch.equal(logits_by_us(tmp_path / "out"), expected)
    torch.testing.assert_close(logits_of(tmp_path / "out"), expected, rtol=1e-3, atol=1e-2)


def test_a_merged_folder_completes_as_a_model(
    model: ModelFolder, adapter: Path, tmp_path: Path
) -> None:
    export_merged(model, adapter, tmp_path / "out")
    loaded = load_model(str(tmp_path / "out"), precision="fp32")
    assert loaded.fim_format is not None
    assert loaded.fim_format.name == "qwen2.5-coder"
    assert Completer(loaded).model is loaded
    config = json.loads((tmp_path / "out" / "config.json").read_text())
    assert config["dtype"] == "bfloat16"
    weights = load_file(tmp_path / "out" / "model.safetensors")
    assert {tensor.dtype for tensor in weights.values()} == {torch.bfloat16}


def test_large_models_are_cut_in_shards(model: ModelFolder, adapter: Path, tmp_path: Path) -> None:
    export_merged(model, adapter, tmp_path / "out", shard_bytes=60_000)
    shards = sorted((tmp_path / "out").glob("model-*.safetensors"))
    assert len(shards) > 2
    assert all(shard.stat().st_size < 70_000 for shard in shards)
    expected = merged_at_load(model, adapter, 1.0)
    assert torch.equal(logits_by_us(tmp_path / "out"), expected)
    torch.testing.assert_close(logits_of(tmp_path / "out"), expected, rtol=1e-3, atol=1e-2)


def test_an_older_name_of_the_precision_goes(tmp_path: Path) -> None:
    model = tiny_model(tmp_path / "old", torch_dtype="float32")
    adapter = make_adapter(tmp_path / "adapter", model.folder, name=model.name)
    export_merged(model, adapter, tmp_path / "out")
    assert "torch_dtype" not in json.loads((tmp_path / "out" / "config.json").read_text())


@pytest.mark.filterwarnings("ignore::FutureWarning")  # peft asks transformers in an old way
def test_peft_loads_the_copy(model: ModelFolder, adapter: Path, tmp_path: Path) -> None:
    export_peft(adapter, tmp_path / "out")
    base: Any = AutoModelForCausalLM.from_pretrained(model.folder, dtype=torch.float32)
    tuned: Any = peft.PeftModel.from_pretrained(base, str(tmp_path / "out"))
    with torch.no_grad():
        logits = tuned(torch.tensor([IDS])).logits[0]
    # merged weights are rounded to bfloat16, peft's are not
    torch.testing.assert_close(logits, merged_at_load(model, adapter, 1.0), rtol=0.05, atol=0.3)
    weights = "adapter_model.safetensors"
    assert (tmp_path / "out" / weights).read_bytes() == (adapter / weights).read_bytes()
    assert read_adapter(tmp_path / "out").id == read_adapter(adapter).id


def test_the_cards_say_what_the_folders_are(
    model: ModelFolder, adapter: Path, tmp_path: Path
) -> None:
    known = make_adapter(tmp_path / "known", model.folder, name="qwen2.5-coder-0.5b", rank=4)
    export_peft(known, tmp_path / "out")
    card = (tmp_path / "out" / "README.md").read_text()
    assert f"Adapter {read_adapter(known).id} for qwen2.5-coder-0.5b" in card
    assert "rank 4" in card
    assert "Licence of the base: Apache-2.0" in card
    assert "format `qwen2.5-coder`" in card
    export_merged(model, adapter, tmp_path / "merged", scale=0.8)
    card = (tmp_path / "merged" / "README.md").read_text()
    assert f"with adapter {read_adapter(adapter).id}" in card
    assert "scale 0.8" in card
    assert "Licence of the base: see its own model card" in card


def test_nothing_is_written_over(model: ModelFolder, adapter: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"exists: remove it or name another"):
        export_peft(adapter, tmp_path)
    with pytest.raises(UsageError, match=r"exists: remove it or name another"):
        export_merged(model, adapter, tmp_path)


def test_missing_folders_above_are_made(adapter: Path, tmp_path: Path) -> None:
    export_peft(adapter, tmp_path / "a" / "b")
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b"]


def test_what_a_killed_export_has_left_is_replaced(adapter: Path, tmp_path: Path) -> None:
    (tmp_path / ".out.part" / "out").mkdir(parents=True)
    export_peft(adapter, tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize(
    ("code", "expected", "words"),
    [
        (errno.ENOSPC, DiskFullError, "no room for .*out: make room or name another place"),
        (errno.EACCES, UsageError, "out cannot be written: Permission denied; name another"),
    ],
)
def test_a_failed_export_leaves_nothing(  # noqa: PLR0917 - fixtures and cases
    model: ModelFolder,
    adapter: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    code: int,
    expected: type[CodegenError],
    words: str,
) -> None:
    def fail(*_: object) -> None:
        raise OSError(code, {errno.ENOSPC: "No space", errno.EACCES: "Permission denied"}[code])

    monkeypatch.setattr(merged_folder, "_write_shard", fail)
    with pytest.raises(expected, match=words):
        export_merged(model, adapter, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_damaged_and_foreign_adapters_are_refused(
    model: ModelFolder, adapter: Path, tmp_path: Path
) -> None:
    other = tiny_model(tmp_path / "other", "llama")
    with pytest.raises(UsageError, match="was trained for"):
        export_merged(other, adapter, tmp_path / "out")
    elsewhere = make_adapter(
        tmp_path / "elsewhere", model.folder, name=model.name, format_id="starcoder2"
    )
    with pytest.raises(UsageError, match="prompt format starcoder2"):
        export_merged(model, elsewhere, tmp_path / "out")
    broken = shutil.copytree(adapter, tmp_path / "broken")
    (broken / FILES[1]).write_bytes((adapter / FILES[1]).read_bytes()[:-1])
    with pytest.raises(DamagedModelError, match="truncated"):
        export_peft(broken, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_damaged_base_is_named(tmp_path: Path) -> None:
    model = tiny_model(tmp_path / "base")
    adapter = make_adapter(tmp_path / "adapter", model.folder, name=model.name)
    (model.folder / "config.json").write_text("[1]")
    with pytest.raises(DamagedModelError, match=r"config\.json is no model configuration"):
        export_merged(model, adapter, tmp_path / "out")
