"""Reading adapters, and refusing what is damaged or for another model."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from codegen_lsp.errors import DamagedModelError, UsageError
from codegen_lsp.models import manifest
from codegen_lsp.models.adapters import base_sha256, check_fits, read_adapter, seal
from tests.adapters import make_adapter

Damage = Callable[[Path], object]


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return make_base(tmp_path / "base")


@pytest.fixture
def adapter(tmp_path: Path, base: Path) -> Path:
    return make_adapter(tmp_path / "adapter", base)


def make_base(folder: Path, value: float = 0.0) -> Path:
    folder.mkdir()
    names = ("self_attn.q_proj", "mlp.down_proj")
    weights = {f"model.layers.0.{name}.weight": torch.full((4, 6), value) for name in names}
    save_file({**weights, "model.norm.weight": torch.ones(6)}, folder / "model.safetensors")
    return folder


def edit(folder: Path, name: str, **changes: Any) -> None:
    content = json.loads((folder / name).read_text())
    (folder / name).write_text(json.dumps(content | changes))


def edit_config(folder: Path, **changes: Any) -> None:
    """Change the configuration, and let the record be true of it."""
    edit(folder, "adapter_config.json", **changes)
    seal(folder, base="tiny", base_sha256="00", format_id="qwen2.5-coder")


def edit_tensors(folder: Path, change: Callable[[dict[str, torch.Tensor]], object]) -> None:
    """Change the tensors, and let the record be true of them."""
    file = folder / "adapter_model.safetensors"
    tensors = load_file(file)
    change(tensors)
    save_file(tensors, file)
    edit(folder, "codegen.json", sha256=manifest.sha256_of(file))


def write_header(folder: Path, header: bytes) -> None:
    file = folder / "adapter_model.safetensors"
    file.write_bytes(len(header).to_bytes(8, "little") + header)


def test_what_an_adapter_says_of_itself(adapter: Path, base: Path) -> None:
    read = read_adapter(adapter)
    assert (read.base, read.format_id, read.rank, read.scaling) == ("tiny", "qwen2.5-coder", 8, 2.0)
    assert sorted(read.modules) == [
        "model.layers.0.mlp.down_proj",
        "model.layers.0.self_attn.q_proj",
    ]
    assert not read.has_magnitudes
    assert re.fullmatch(r"[0-9a-f]{12}", read.id)
    check_fits(read, "tiny", base, "qwen2.5-coder")


def test_the_variants_that_can_be_merged(tmp_path: Path, base: Path) -> None:
    stabilised = read_adapter(make_adapter(tmp_path / "rs", base, rank=4, use_rslora=True))
    assert stabilised.scaling == 8 / 4**0.5
    assert read_adapter(make_adapter(tmp_path / "dora", base, use_dora=True)).has_magnitudes


@pytest.mark.parametrize(
    "config",
    [
        {"peft_type": "LOHA"},
        {"bias": "all"},
        {"init_lora_weights": "pissa_niter_16"},
        {"alpha_pattern": {"q_proj": 3}},
        {"modules_to_save": ["lm_head"]},
        {"fan_in_fan_out": True},
    ],
)
def test_a_variant_that_cannot_be_merged_is_refused(
    tmp_path: Path, base: Path, config: dict[str, Any]
) -> None:
    folder = make_adapter(tmp_path / "adapter", base)
    edit_config(folder, **config)
    with pytest.raises(UsageError, match=rf"uses {next(iter(config))}.*train it as a plain LoRA"):
        read_adapter(folder)


def truncate(folder: Path) -> None:
    file = folder / "adapter_model.safetensors"
    file.write_bytes(file.read_bytes()[:-5])


def alter(folder: Path) -> None:
    file = folder / "adapter_model.safetensors"
    content = bytearray(file.read_bytes())
    content[-5] ^= 1
    file.write_bytes(content)


def lose_a_matrix(tensors: dict[str, torch.Tensor]) -> None:
    del tensors["base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight"]


def reshape_a_matrix(tensors: dict[str, torch.Tensor]) -> None:
    tensors["base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight"] = torch.ones(4, 9)


def add_a_tensor(tensors: dict[str, torch.Tensor]) -> None:
    tensors["base_model.model.lm_head.weight"] = torch.ones(2)


DAMAGES: dict[str, tuple[Damage, str]] = {
    "no record": (lambda folder: (folder / "codegen.json").unlink(), "codegen.json is missing"),
    "no config": (lambda folder: (folder / "adapter_config.json").unlink(), "is missing"),
    "no weights": (lambda folder: (folder / "adapter_model.safetensors").unlink(), "is missing"),
    "a record that is no JSON": (
        lambda folder: (folder / "codegen.json").write_text("{"),
        "codegen.json cannot be read",
    ),
    "a record that is a list": (
        lambda folder: (folder / "codegen.json").write_text("[]"),
        "codegen.json is no JSON object",
    ),
    "a record without the base": (
        lambda folder: edit(folder, "codegen.json", base=None),
        "codegen.json lacks or misstates base",
    ),
    "truncated weights": (truncate, "truncated or altered"),
    "altered weights": (alter, "checksum"),
    "empty weights": (
        lambda folder: (folder / "adapter_model.safetensors").write_bytes(b""),
        "cannot be read",
    ),
    "weights of nonsense": (
        lambda folder: (folder / "adapter_model.safetensors").write_bytes(b"\xff" * 100),
        "cannot be read",
    ),
    "a rank that is a text": (
        lambda folder: edit_config(folder, r="8"),
        "misstates r or lora_alpha",
    ),
    "an alpha beyond all floats": (
        lambda folder: edit_config(folder, lora_alpha=10**400),
        "misstates r or lora_alpha",
    ),
    "a rank beyond all floats": (
        lambda folder: edit_config(folder, r=10**400, use_rslora=True),
        "misstates r or lora_alpha",
    ),
    "another alpha than it was sealed with": (
        lambda folder: edit(folder, "adapter_config.json", lora_alpha=128),
        "the checksum of adapter_config.json differs",
    ),
    "a record without a checksum of the configuration": (
        lambda folder: edit(folder, "codegen.json", config_sha256=None),
        "lacks or misstates config_sha256",
    ),
    "a DoRA without magnitudes": (
        lambda folder: edit_config(folder, use_dora=True),
        "misstates use_dora",
    ),
    "weights with a header that is nested without end": (
        lambda folder: write_header(folder, b"[" * 100_000),
        "cannot be read",
    ),
    "another rank than that of the weights": (
        lambda folder: edit_config(folder, r=4),
        "lacks or misstates",
    ),
    "a lost matrix": (lambda folder: edit_tensors(folder, lose_a_matrix), "lora_B"),
    "a matrix of another shape": (
        lambda folder: edit_tensors(folder, reshape_a_matrix),
        "lacks or misstates",
    ),
    "a tensor of something else": (
        lambda folder: edit_tensors(folder, add_a_tensor),
        "lm_head.weight",
    ),
}


@pytest.mark.parametrize(("damage", "said"), DAMAGES.values(), ids=DAMAGES)
def test_what_is_damaged_is_refused(adapter: Path, damage: Damage, said: str) -> None:
    damage(adapter)
    with pytest.raises(DamagedModelError, match=said) as caught:
        read_adapter(adapter)
    assert str(adapter) in str(caught.value)
    assert "train it again" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_adapter_for_another_model_is_refused(tmp_path: Path, adapter: Path, base: Path) -> None:
    read, other = read_adapter(adapter), make_base(tmp_path / "other", value=1.0)
    with pytest.raises(UsageError, match=r"was trained for tiny, and the model is big; choose"):
        check_fits(read, "big", other, "qwen2.5-coder")
    with pytest.raises(UsageError, match="was trained for other weights of tiny, and"):
        check_fits(read, "tiny", other, "qwen2.5-coder")
    check_fits(read, "the same under another name", base, "qwen2.5-coder")


@pytest.mark.parametrize("format_id", ["starcoder2", None])
def test_an_adapter_for_another_format_is_refused(
    adapter: Path, base: Path, format_id: str | None
) -> None:
    asked = format_id or "none"
    said = f"trained for the prompt format qwen2.5-coder, and the model tiny is asked in {asked};"
    with pytest.raises(UsageError, match=said):
        check_fits(read_adapter(adapter), "tiny", base, format_id)


def test_a_model_of_the_catalogue_is_known_by_what_was_published(base: Path) -> None:
    of_weights = base_sha256(base)
    assert of_weights == manifest.sha256_of(base / "model.safetensors")
    manifest.write(base, "published", 1)
    assert base_sha256(base) == "published"
    (base / "manifest.json").write_text("[]")
    with pytest.raises(DamagedModelError, match=r"manifest\.json is altered"):
        base_sha256(base)


def test_a_model_in_shards_is_known_by_all_of_them(tmp_path: Path) -> None:
    with pytest.raises(DamagedModelError, match="no safetensors file"):
        base_sha256(tmp_path)
    (tmp_path / "model-1-of-2.safetensors").write_bytes(b"first")
    (tmp_path / "model-2-of-2.safetensors").write_bytes(b"second")
    before = base_sha256(tmp_path)
    (tmp_path / "model-2-of-2.safetensors").write_bytes(b"another")
    assert base_sha256(tmp_path) != before


def test_facts_are_recorded_beside_what_is_needed(adapter: Path) -> None:
    id_ = seal(adapter, base="a", base_sha256="b", format_id="c", facts={"steps": 7})
    assert json.loads((adapter / "codegen.json").read_text())["steps"] == 7
    assert read_adapter(adapter).id == id_


def test_the_id_is_of_the_weights_and_the_configuration(tmp_path: Path, base: Path) -> None:
    first = read_adapter(make_adapter(tmp_path / "first", base)).id
    assert read_adapter(make_adapter(tmp_path / "again", base)).id == first
    assert read_adapter(make_adapter(tmp_path / "seed", base, seed=1)).id != first
    assert read_adapter(make_adapter(tmp_path / "scale", base, use_rslora=True)).id != first


def test_the_order_of_the_configuration_and_the_name_in_it_do_not_count(adapter: Path) -> None:
    id_ = read_adapter(adapter).id
    file = adapter / "adapter_config.json"
    config = json.loads(file.read_text())
    changes = {"target_modules": config["target_modules"][::-1], "base_model_name_or_path": "x"}
    file.write_text(json.dumps(dict(reversed((config | changes).items()))))
    assert read_adapter(adapter).id == id_


def test_importing_it_loads_no_torch() -> None:
    code = "import sys, codegen_lsp.models.active_adapters; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True, timeout=60
    ).stdout.split()
    assert "codegen_lsp.models.adapters" in loaded
    assert not {"torch", "numpy", "safetensors", "filelock"} & set(loaded)
