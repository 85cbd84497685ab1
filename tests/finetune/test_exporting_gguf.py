"""GGUF files of tiny models, read by the gguf package, transformers and our own converter."""

import json
from pathlib import Path
from typing import Any

import gguf
import pytest
import torch
from safetensors.torch import load_file, save_file
from tokenizers import AddedToken, Regex, decoders, models, normalizers, pre_tokenizers
from tokenizers import Tokenizer as Library

from codegen_lsp.errors import UsageError
from codegen_lsp.models.convert import convert
from codegen_lsp.models.store import ModelFolder, resolve
from codegen_lsp.models.tokenizer import Tokenizer
from codegen_lsp.prompt.formats import by_name
from finetune.exporting import gguf_tensors
from finetune.exporting.gguf_file import KINDS, Kind, export_gguf
from finetune.exporting.gguf_tensors import interleave_halves
from finetune.exporting.gguf_tokenizer import fim_ids
from finetune.exporting.merged_folder import export_merged
from tests.adapters import make_adapter
from tests.engine.tiny_models import other_configs, save_tiny_model
from tests.finetune.exported import logits_of, save_tokenizer, set_config, tiny_model
from tests.scripted_models import TOKENIZER, tiny_library

QWEN_PATTERN = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
LLAMA3_PATTERN = QWEN_PATTERN.replace(r"|\p{N}|", r"|\p{N}{1,3}|")
CODE = "def Füße(a1, b=12345):\n\n    return  {'it\\'s': a1}  # 😀 \r\n"


def adapter_for(model: ModelFolder) -> Path:
    return make_adapter(model.folder.with_name("adapter"), model.folder, name=model.name, std=0.05)


def cut_with(*steps: pre_tokenizers.PreTokenizer) -> Library:
    """The tiny tokenizer with another pre-tokenizer."""
    library = tiny_library()
    library.pre_tokenizer = pre_tokenizers.Sequence(list(steps))
    return library


def cut_by(pattern: str) -> Library:
    bytes_ = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    return cut_with(pre_tokenizers.Split(Regex(pattern), "isolated"), bytes_)


def metadata_of(file: Path) -> dict[str, Any]:
    return {name: field.contents() for name, field in gguf.GGUFReader(file).fields.items()}


@pytest.mark.parametrize("family", ["qwen2", "llama"])
@pytest.mark.parametrize("kind", KINDS)
def test_transformers_computes_the_same_from_it(tmp_path: Path, family: str, kind: Kind) -> None:
    model = tiny_model(tmp_path / "base", family)
    adapter = adapter_for(model)
    export_gguf(model, adapter, tmp_path / "out.gguf", kind=kind, scale=0.9)
    export_merged(model, adapter, tmp_path / "merged", scale=0.9)
    expected = logits_of(tmp_path / "merged")
    logits = logits_of(tmp_path, gguf_file="out.gguf")
    tolerance = 0.3 if kind == "q8_0" else 0.02
    assert (logits - logits_of(model.folder)).abs().max() > 1
    torch.testing.assert_close(logits, expected, rtol=0.01, atol=tolerance)


def test_grouped_queries_of_a_llama(tmp_path: Path) -> None:
    """Keys have fewer heads than queries, so their rows are ordered by another number."""
    model = tiny_model(tmp_path / "base", "llama with biases")
    weights = load_file(model.folder / "model.safetensors")
    plain = {name: tensor for name, tensor in weights.items() if not name.endswith(".bias")}
    save_file(plain, model.folder / "model.safetensors", metadata={"format": "pt"})
    set_config(model.folder, attention_bias=False, mlp_bias=False)
    export_gguf(model, None, tmp_path / "out.gguf", kind="bf16")
    torch.testing.assert_close(
        logits_of(tmp_path, gguf_file="out.gguf"), logits_of(model.folder), rtol=0.01, atol=0.01
    )


def test_biases_of_a_llama_are_ordered_as_its_weights(tmp_path: Path) -> None:
    model = tiny_model(tmp_path / "base", "llama with biases")
    export_gguf(model, None, tmp_path / "out.gguf", kind="bf16")
    tensors = {tensor.name: tensor for tensor in gguf.GGUFReader(tmp_path / "out.gguf").tensors}
    weights = load_file(model.folder / "model.safetensors")
    biases = weights["model.layers.1.self_attn.q_proj.bias"].float()
    expected = interleave_halves(biases, 4)
    assert torch.equal(torch.tensor(tensors["blk.1.attn_q.bias"].data), expected)
    assert not torch.equal(expected, biases)
    assert "blk.2.ffn_down.bias" in tensors


def test_rows_are_paired_as_neighbours() -> None:
    rows = torch.arange(12).reshape(12, 1)
    assert interleave_halves(rows, 2).flatten().tolist() == [0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11]


def test_linear_scaling_of_positions_and_own_head_size(tmp_path: Path) -> None:
    model = tiny_model(tmp_path / "base", "llama with linear rope")
    export_gguf(model, None, tmp_path / "out.gguf")
    metadata = metadata_of(tmp_path / "out.gguf")
    assert metadata["llama.rope.scaling.type"] == "linear"
    assert metadata["llama.rope.scaling.factor"] == 4.0
    assert metadata["llama.rope.freq_base"] == 100_000.0
    assert metadata["llama.attention.key_length"] == 32


def test_metadata(tmp_path: Path) -> None:
    model = tiny_model(tmp_path / "base", eos_token_id=[301, 302], pad_token_id=300)
    save_tokenizer(model.folder, tiny_library(), chat_template="{{ messages }}")
    export_gguf(model, adapter_for(model), tmp_path / "out.gguf")
    metadata = metadata_of(tmp_path / "out.gguf")
    controls = TOKENIZER.control_ids
    assert metadata["general.architecture"] == "qwen2"
    assert metadata["general.name"].startswith("base-")
    assert metadata["general.file_type"] == gguf.LlamaFileType.MOSTLY_Q8_0
    assert metadata["qwen2.context_length"] == 1024
    assert metadata["qwen2.feed_forward_length"] == 96
    assert metadata["tokenizer.ggml.eos_token_id"] == 301
    assert metadata["tokenizer.ggml.padding_token_id"] == 300
    assert "tokenizer.ggml.bos_token_id" not in metadata
    assert metadata["tokenizer.ggml.add_bos_token"] is False
    assert metadata["tokenizer.chat_template"] == "{{ messages }}"
    for role, sentinel in {
        "pre": "<|fim_prefix|>",
        "suf": "<|fim_suffix|>",
        "mid": "<|fim_middle|>",
        "rep": "<|repo_name|>",
        "sep": "<|file_sep|>",
    }.items():
        assert metadata[f"tokenizer.ggml.fim_{role}_token_id"] == controls[sentinel]


def test_the_end_is_that_of_the_format_where_the_model_names_none(tmp_path: Path) -> None:
    model = tiny_model(tmp_path / "base")
    (model.folder / "chat_template.jinja").write_text("{{ other }}")
    export_gguf(model, None, tmp_path / "out.gguf")
    metadata = metadata_of(tmp_path / "out.gguf")
    end = TOKENIZER.control_ids["<|endoftext|>"]
    assert metadata["tokenizer.ggml.eos_token_id"] == end
    assert metadata["tokenizer.chat_template"] == "{{ other }}"
    assert "general.finetune" not in metadata


def test_tokens_and_their_kinds(tmp_path: Path) -> None:
    model = tiny_model(tmp_path / "base")
    library = tiny_library()
    library.add_tokens([AddedToken("    ", normalized=False)])
    save_tokenizer(model.folder, library)
    export_gguf(model, None, tmp_path / "out.gguf")
    metadata = metadata_of(tmp_path / "out.gguf")
    tokens, kinds = metadata["tokenizer.ggml.tokens"], metadata["tokenizer.ggml.token_type"]
    assert len(tokens) == len(kinds) == 320
    kind_of = dict(zip(tokens, kinds, strict=True))
    assert kind_of["Ġ"] == gguf.TokenType.NORMAL
    assert kind_of["<|fim_prefix|>"] == gguf.TokenType.CONTROL
    assert kind_of["    "] == gguf.TokenType.USER_DEFINED
    assert kind_of["[PAD319]"] == gguf.TokenType.UNUSED
    merges = json.loads(library.to_str())["model"]["merges"]
    assert metadata["tokenizer.ggml.merges"] == [" ".join(merge) for merge in merges]


def test_our_converter_takes_it_back(tmp_path: Path) -> None:
    """The way back gives the same weights and the same tokenizer."""
    model = tiny_model(tmp_path / "base", pad_token_id=300, bos_token_id=300)
    save_tokenizer(model.folder, cut_by(QWEN_PATTERN), chat_template="{{ messages }}")
    export_gguf(model, None, tmp_path / "out.gguf", kind="bf16")
    (tmp_path / "back").mkdir()
    convert(tmp_path / "out.gguf", tmp_path / "back", lambda _: None)
    weights = load_file(model.folder / "model.safetensors")
    back = load_file(tmp_path / "back" / "model.safetensors")
    assert back.keys() == weights.keys()
    assert all(torch.equal(back[name], tensor) for name, tensor in weights.items())
    before, after = Tokenizer.load(model.folder), Tokenizer.load(tmp_path / "back")
    assert after.encode(CODE) == before.encode(CODE)
    assert after.control_ids == before.control_ids


_BYTES = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)


@pytest.mark.parametrize(
    ("library", "name"),
    [
        (cut_by(QWEN_PATTERN), "qwen2"),
        (cut_by(LLAMA3_PATTERN), "llama-bpe"),
        (tiny_library(), "gpt-2"),
        (cut_with(pre_tokenizers.Digits(individual_digits=True), _BYTES), "starcoder"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_ways_of_cutting_text(tmp_path: Path, library: Library, name: str) -> None:
    model = tiny_model(tmp_path / "base")
    save_tokenizer(model.folder, library)
    export_gguf(model, None, tmp_path / "out.gguf")
    assert metadata_of(tmp_path / "out.gguf")["tokenizer.ggml.pre"] == name


def fallback_library() -> Library:
    vocabulary = {f"<0x{byte:02X}>": byte for byte in range(256)} | {"▁": 256}
    library = Library(models.BPE(vocabulary, [], byte_fallback=True))
    library.normalizer = normalizers.Replace(" ", "▁")
    library.decoder = decoders.ByteFallback()
    return library


@pytest.mark.parametrize(
    "library",
    [cut_by(r"\w+"), cut_with(pre_tokenizers.Punctuation(), _BYTES), fallback_library()],
    ids=["another pattern", "another step", "not byte-level"],
)
def test_unknown_tokenizers_are_refused(tmp_path: Path, library: Library) -> None:
    model = tiny_model(tmp_path / "base")
    save_tokenizer(model.folder, library)
    with pytest.raises(UsageError, match="cuts text in a way that has no name here"):
        export_gguf(model, None, tmp_path / "out.gguf")
    assert not (tmp_path / "out.gguf").exists()


def test_other_families_are_refused(tmp_path: Path) -> None:
    folder = save_tiny_model(other_configs()["gpt-neox"], tmp_path / "base")
    save_tokenizer(folder, tiny_library())
    with pytest.raises(UsageError, match=r"gpt_neox model.* only Llama and Qwen2"):
        export_gguf(resolve(str(folder)), None, tmp_path / "out.gguf")


def test_unknown_tensors_and_quantised_weights_are_refused(tmp_path: Path) -> None:
    model = tiny_model(tmp_path / "base")
    weights = load_file(model.folder / "model.safetensors")
    file = model.folder / "model.safetensors"
    save_file(weights | {"model.extra.weight": torch.zeros(4, 32)}, file)
    with pytest.raises(UsageError, match=r"model\.extra\.weight of .* has no place"):
        export_gguf(model, None, tmp_path / "out.gguf")
    save_file(weights | {"model.norm.weight": torch.zeros(64, dtype=torch.int8)}, file)
    with pytest.raises(UsageError, match=r"quantised \(model\.norm\.weight is torch\.int8\)"):
        export_gguf(model, None, tmp_path / "out.gguf")


def test_an_output_that_is_a_copy_of_the_embeddings_is_left_out(tmp_path: Path) -> None:
    model = tiny_model(tmp_path / "base")
    file = model.folder / "model.safetensors"
    weights = load_file(file)
    save_file(weights | {"lm_head.weight": weights["model.embed_tokens.weight"].clone()}, file)
    export_gguf(model, None, tmp_path / "out.gguf")
    names = {tensor.name for tensor in gguf.GGUFReader(tmp_path / "out.gguf").tensors}
    assert "token_embd.weight" in names
    assert "output.weight" not in names


def test_rows_that_are_no_whole_blocks_keep_16_bits(tmp_path: Path) -> None:
    model = tiny_model(tmp_path / "base")
    weights = load_file(model.folder / "model.safetensors")
    for name in [name for name in weights if "mlp" in name]:
        tensor = weights[name]
        weights[name] = (tensor[:, :90] if "down" in name else tensor[:90]).contiguous()
    save_file(weights, model.folder / "model.safetensors")
    set_config(model.folder, intermediate_size=90)
    export_gguf(model, None, tmp_path / "out.gguf")
    types = {
        tensor.name: tensor.tensor_type for tensor in gguf.GGUFReader(tmp_path / "out.gguf").tensors
    }
    assert types["blk.0.ffn_down.weight"] == gguf.GGMLQuantizationType.F16
    assert types["blk.0.ffn_up.weight"] == gguf.GGMLQuantizationType.Q8_0
    assert types["blk.0.attn_q.bias"] == gguf.GGMLQuantizationType.F32


def test_weights_are_quantised_some_rows_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = tiny_model(tmp_path / "base")
    export_gguf(model, None, tmp_path / "whole.gguf")
    monkeypatch.setattr(gguf_tensors, "_CHUNK_VALUES", 1000)
    export_gguf(model, None, tmp_path / "pieces.gguf")
    assert (tmp_path / "pieces.gguf").read_bytes() == (tmp_path / "whole.gguf").read_bytes()


def test_nothing_is_written_over(tmp_path: Path) -> None:
    model = tiny_model(tmp_path / "base")
    (tmp_path / "out.gguf").write_text("mine")
    with pytest.raises(UsageError, match=r"out\.gguf exists: remove it or name another"):
        export_gguf(model, None, tmp_path / "out.gguf")
    assert (tmp_path / "out.gguf").read_text() == "mine"


def test_sentinels_are_told_by_name_else_by_order() -> None:
    for name, expected in {
        "mellum": ["<fim_prefix>", "<fim_suffix>", "<fim_middle>"],
        "seed-coder": ["<[fim-prefix]>", "<[fim-suffix]>", "<[fim-middle]>"],
        "codellama": ["▁<PRE>", "▁<SUF>", "▁<MID>"],
        "codestral": ["[PREFIX]", "[SUFFIX]"],
    }.items():
        fim_format = by_name(name)
        names = (*fim_format.sentinels, *filter(None, [fim_format.repository.file]))
        controls = {sentinel: id_ for id_, sentinel in enumerate(names)}
        ids = fim_ids(fim_format, controls)
        roles = [f"tokenizer.ggml.fim_{role}_token_id" for role in ("pre", "suf", "mid")]
        found = [names[ids[role]] for role in roles if role in ids]
        assert found == expected
