"""The tokenizer inside a GGUF file -> tokenizer.json and tokenizer_config.json.

A GGUF file holds the vocabulary, the merges and the kind of each token, but not how text is cut
before the merges apply; that is given here for Qwen2 and equals the tokenizer that Qwen publishes.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import gguf
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers

from codegen_lsp.errors import ModelUnavailableError

_QWEN2_PATTERN = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)

_CONTROL_KINDS = (gguf.TokenType.CONTROL, gguf.TokenType.USER_DEFINED)


def write_tokenizer(metadata: Mapping[str, Any], folder: Path) -> None:
    """Write tokenizer.json and tokenizer_config.json into `folder`.

    Args:
        metadata: the fields of a `gguf.GGUFReader`.
        folder: an existing folder.

    Raises:
        ModelUnavailableError: the pre-tokenizer is not Qwen2's.
    """
    cut = metadata["tokenizer.ggml.pre"].contents()
    if cut != "qwen2":
        raise ModelUnavailableError(f"the GGUF file's tokenizer {cut!r} is not known, only 'qwen2'")
    tokens = metadata["tokenizer.ggml.tokens"].contents()
    kinds = metadata["tokenizer.ggml.token_type"].contents()
    merges = metadata["tokenizer.ggml.merges"].contents()
    tokenizer = _build(tokens, kinds, merges)
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    config = {
        "tokenizer_class": "Qwen2Tokenizer",
        "model_max_length": metadata["qwen2.context_length"].contents(),
        "bos_token": None,
        "eos_token": tokens[metadata["tokenizer.ggml.eos_token_id"].contents()],
        "pad_token": tokens[metadata["tokenizer.ggml.padding_token_id"].contents()],
        "unk_token": None,
        "clean_up_tokenization_spaces": False,
        "chat_template": metadata["tokenizer.chat_template"].contents(),
    }
    text = json.dumps(config, indent=2, ensure_ascii=False) + "\n"
    (folder / "tokenizer_config.json").write_text(text, encoding="utf-8")


def _build(tokens: list[str], kinds: list[int], merges: list[str]) -> Tokenizer:
    """The tokenizer; unused ids get no entry, so that no text becomes one of them."""
    vocabulary = {
        token: id_
        for id_, (token, kind) in enumerate(zip(tokens, kinds, strict=True))
        if kind == gguf.TokenType.NORMAL or kind in _CONTROL_KINDS
    }
    pairs = [(left, right) for left, _, right in (merge.partition(" ") for merge in merges)]
    tokenizer = Tokenizer(models.BPE(vocabulary, pairs, fuse_unk=False, byte_fallback=False))
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(_QWEN2_PATTERN), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    # Special also where Qwen's own file says otherwise (<tool_call>): only special tokens can be
    # told not to match in the user's text.
    tokenizer.add_special_tokens(
        [
            AddedToken(token, special=True, normalized=False)
            for token, kind in zip(tokens, kinds, strict=True)
            if kind in _CONTROL_KINDS
        ]
    )
    return tokenizer
