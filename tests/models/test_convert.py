import json
from collections.abc import Callable
from pathlib import Path

import gguf
import pytest
import torch
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer

from codegen_lsp.errors import ModelUnavailableError
from codegen_lsp.models import convert as converter
from codegen_lsp.models.convert import convert, tensor_name
from codegen_lsp.models.weights import load_tensors


@pytest.fixture(scope="module")
def folder(gguf_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("converted")
    convert(gguf_file, target, lambda _: None)
    return target


@pytest.mark.parametrize(
    ("gguf_name", "name"),
    [
        ("token_embd.weight", "model.embed_tokens.weight"),
        ("output_norm.weight", "model.norm.weight"),
        ("output.weight", "lm_head.weight"),
        ("blk.11.attn_q.bias", "model.layers.11.self_attn.q_proj.bias"),
        ("blk.0.ffn_norm.weight", "model.layers.0.post_attention_layernorm.weight"),
        ("blk.3.ffn_down.weight", "model.layers.3.mlp.down_proj.weight"),
    ],
)
def test_tensor_name(gguf_name: str, name: str) -> None:
    assert tensor_name(gguf_name) == name


@pytest.mark.parametrize("gguf_name", ["blk.0.ssm_a.weight", "rope_freqs.weight", "attn_q.weight"])
def test_tensor_of_another_architecture_is_refused(gguf_name: str) -> None:
    with pytest.raises(ModelUnavailableError, match=gguf_name):
        tensor_name(gguf_name)


def test_every_weight_is_the_dequantized_one_in_bfloat16(gguf_file: Path, folder: Path) -> None:
    tensors = load_tensors(folder)
    source = gguf.GGUFReader(gguf_file).tensors
    assert len(tensors) == len(source)
    for tensor in source:
        expected = torch.tensor(gguf.dequantize(tensor.data, tensor.tensor_type))
        assert torch.equal(tensors[tensor_name(tensor.name)], expected.to(torch.bfloat16))


def test_pieces_do_not_change_the_weights(
    gguf_file: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(converter, "_CHUNK_VALUES", 200)  # three rows at a time
    done: list[int] = []
    convert(gguf_file, tmp_path, done.append)
    for name in ("model.safetensors", "config.json", "tokenizer.json", "tokenizer_config.json"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()
    assert sum(done) == sum(int(tensor.n_bytes) for tensor in gguf.GGUFReader(gguf_file).tensors)


def test_transformers_loads_the_folder(folder: Path) -> None:
    model = AutoModelForCausalLM.from_pretrained(folder)
    assert model.dtype == torch.bfloat16
    tensors = load_tensors(folder)
    assert torch.equal(model.lm_head.weight, tensors["lm_head.weight"])
    assert not torch.equal(model.lm_head.weight, model.model.embed_tokens.weight)
    assert model(torch.tensor([[1, 2, 3]])).logits.isfinite().all()


def test_config_is_what_transformers_reads_from_the_gguf(gguf_file: Path, folder: Path) -> None:
    expected = AutoConfig.from_pretrained(gguf_file.parent, gguf_file=gguf_file.name).to_dict()
    config = AutoConfig.from_pretrained(folder).to_dict()
    ignored = {"architectures", "dtype", "_name_or_path", "_model_name_or_path"}
    for key in (expected.keys() | config.keys()) - ignored:
        value = config.get(key)
        assert value == (
            pytest.approx(expected[key]) if key == "rms_norm_eps" else expected.get(key)
        ), key
    assert json.loads((folder / "config.json").read_text())["rms_norm_eps"] == 1e-6


def test_control_tokens_match_and_unused_ones_do_not(folder: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(folder)
    ids = tokenizer.encode("def<|fim_prefix|><tool_call>")
    assert tokenizer.convert_ids_to_tokens(ids) == ["def", "<|fim_prefix|>", "<tool_call>"]
    assert tokenizer.eos_token_id == tokenizer.pad_token_id
    padding = tokenizer.encode("[PAD262]")
    assert len(padding) == len("[PAD262]")
    assert tokenizer.decode(padding) == "[PAD262]"


def test_control_tokens_can_be_told_to_be_plain_text(folder: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(folder).backend_tokenizer
    tokenizer.encode_special_tokens = True
    text = "<|fim_prefix|><tool_call>"
    assert len(tokenizer.encode(text).ids) == len(text)


def test_text_is_cut_as_qwen_cuts_it(folder: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(folder)
    assert tokenizer.tokenize("def  def") == ["def", "Ġ", "Ġ", "def"]
    assert tokenizer.tokenize("12") == ["1", "2"]
    text = "naïve\r\n\tfünf 🙂 e\u0301"
    assert tokenizer.decode(tokenizer.encode(text)) == "naïve\r\n\tfünf 🙂 \u00e9"  # NFC


def test_other_architecture_is_refused(make_gguf: Callable[[str], Path], tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailableError, match="'gemma'"):
        convert(make_gguf("gemma"), tmp_path, lambda _: None)
    assert list(tmp_path.glob("*.safetensors")) == []
