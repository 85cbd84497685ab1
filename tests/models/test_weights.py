import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from codegen_lsp.errors import DamagedModelError
from codegen_lsp.models.weights import load_tensors

FIRST, SECOND = torch.arange(6.0).reshape(2, 3), torch.ones(4, dtype=torch.bfloat16)


def write_shards(folder: Path) -> None:
    save_file({"first": FIRST}, folder / "model-1.safetensors")
    save_file({"second": SECOND}, folder / "model-2.safetensors")
    weight_map = {"first": "model-1.safetensors", "second": "model-2.safetensors"}
    index = folder / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": weight_map}))


def test_one_file(tmp_path: Path) -> None:
    save_file({"first": FIRST, "second": SECOND}, tmp_path / "model.safetensors")
    tensors = load_tensors(tmp_path)
    assert sorted(tensors) == ["first", "second"]
    assert len(tensors) == 2
    assert "first" in tensors
    assert "third" not in tensors
    assert torch.equal(tensors["first"], FIRST)
    assert tensors["second"].dtype == torch.bfloat16


def test_shards(tmp_path: Path) -> None:
    write_shards(tmp_path)
    tensors = load_tensors(tmp_path)
    assert torch.equal(tensors["first"], FIRST)
    assert torch.equal(tensors["second"], SECOND)


def test_missing_tensor(tmp_path: Path) -> None:
    save_file({"first": FIRST}, tmp_path / "model.safetensors")
    with pytest.raises(DamagedModelError, match="'third'"):
        load_tensors(tmp_path)["third"]


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(DamagedModelError, match=r"missing.*model\.safetensors"):
        load_tensors(tmp_path)


def test_missing_shard(tmp_path: Path) -> None:
    write_shards(tmp_path)
    (tmp_path / "model-2.safetensors").unlink()
    with pytest.raises(DamagedModelError, match=r"missing.*model-2\.safetensors"):
        load_tensors(tmp_path)


def test_truncated_file(tmp_path: Path) -> None:
    file = tmp_path / "model.safetensors"
    save_file({"first": FIRST}, file)
    file.write_bytes(file.read_bytes()[:-4])
    with pytest.raises(DamagedModelError, match=r"model\.safetensors are damaged"):
        load_tensors(tmp_path)


@pytest.mark.parametrize("text", ["{", "{}", "[]", '{"weight_map": []}'])
def test_damaged_index(tmp_path: Path, text: str) -> None:
    (tmp_path / "model.safetensors.index.json").write_text(text)
    with pytest.raises(DamagedModelError, match=r"index\.json is damaged"):
        load_tensors(tmp_path)
