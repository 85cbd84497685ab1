"""A model's tokenizer as a GGUF file has it: tokens, their kinds, merges, and special ids.

How text is cut before the merges apply is not in the file; it names one of llama.cpp's ways, which
is told here from the tokenizer's own pattern.
"""

import json
from pathlib import Path
from typing import Any

import gguf

from codegen_lsp.errors import UsageError
from codegen_lsp.prompt.formats import FimFormat
from finetune.exporting.source import Source

_WORDS = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}%s"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
_DIGITS, _GPT2 = "each digit", "GPT-2's pattern"
_CUTS = {
    (_WORDS % "",): "qwen2",
    (_WORDS % "{1,3}",): "llama-bpe",
    (_GPT2,): "gpt-2",
    (_DIGITS, _GPT2): "starcoder",
}
"""llama.cpp's names of the ways to cut text, by what the tokenizer's own file does in turn."""


def add_tokenizer(writer: gguf.GGUFWriter, source: Source) -> None:
    """Add the tokenizer of `source` to a file's metadata.

    Raises:
        UsageError: it is not byte-level, or cuts text in a way that has no name here.
    """
    content = json.loads((source.model.folder / "tokenizer.json").read_text(encoding="utf-8"))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(_cut_of(content, source))
    tokens, kinds = _tokens(content, source)
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    writer.add_token_merges([_merge_text(merge) for merge in content["model"]["merges"]])
    writer.add_add_bos_token(source.tokenizer.bos_id is not None)
    _add_special_ids(writer, source)
    template = _chat_template(source.model.folder)
    if template:
        writer.add_chat_template(template)


def fim_ids(fim_format: FimFormat, control_ids: dict[str, int]) -> dict[str, int]:
    """Ids of the format's sentinels under the names that GGUF has for them.

    Sentinels are told by their names where these say prefix, suffix and middle, else by their
    order, which then is this one.
    """
    roles = {"prefix": "pre", "suffix": "suf", "middle": "mid"}
    ids = {}
    for sentinel, unnamed in zip(fim_format.sentinels, roles.values(), strict=False):
        named = (role for word, role in roles.items() if word in sentinel.lower())
        ids[next(named, unnamed)] = control_ids[sentinel]
    others = {"rep": fim_format.repository.repository, "sep": fim_format.repository.file}
    ids |= {role: control_ids[sentinel] for role, sentinel in others.items() if sentinel}
    return {f"tokenizer.ggml.fim_{role}_token_id": id_ for role, id_ in ids.items()}


def _cut_of(content: dict[str, Any], source: Source) -> str:
    steps = tuple(_steps(content["pre_tokenizer"]))
    if steps not in _CUTS:
        raise UsageError(
            f"the tokenizer of {source.model.name} cuts text in a way that has no name here for"
            " llama.cpp; export it merged and use llama.cpp's converter"
        )
    return _CUTS[steps]


def _steps(part: Any) -> list[str]:
    """What a pre-tokenizer does in turn, apart from spelling bytes."""
    match part:
        case {"type": "Sequence", "pretokenizers": parts}:
            return [step for each in parts for step in _steps(each)]
        case {"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Isolated"}:
            return [pattern]
        case {"type": "Digits", "individual_digits": True}:
            return [_DIGITS]
        case {"type": "ByteLevel", "use_regex": cuts}:
            return [_GPT2] if cuts else []
        case _:
            return ["unknown"]


def _tokens(content: dict[str, Any], source: Source) -> tuple[list[str], list[gguf.TokenType]]:
    """The token of each row of the embeddings, and its kind; some rows have none."""
    size = source.shapes["model.embed_tokens.weight"][0]
    tokens = [f"[PAD{id_}]" for id_ in range(size)]
    kinds = [gguf.TokenType.UNUSED] * size
    for token, id_ in content["model"]["vocab"].items():
        tokens[id_], kinds[id_] = token, gguf.TokenType.NORMAL
    for added in content["added_tokens"]:
        is_control = added["content"] in source.tokenizer.control_ids
        tokens[added["id"]] = added["content"]
        kinds[added["id"]] = gguf.TokenType.CONTROL if is_control else gguf.TokenType.USER_DEFINED
    return tokens, kinds


def _merge_text(merge: str | list[str]) -> str:
    """A merge as one text; newer files have the two parts apart."""
    return merge if isinstance(merge, str) else " ".join(merge)


def _add_special_ids(writer: gguf.GGUFWriter, source: Source) -> None:
    config, controls, fim_format = source.config, source.tokenizer.control_ids, source.fim_format
    end = config.get("eos_token_id")
    if isinstance(end, list):
        end = end[0]
    if end is None and fim_format is not None:  # else llama.cpp takes token 11
        end = controls[fim_format.stop_tokens[0]]
    ids = {"bos": config.get("bos_token_id"), "eos": end, "padding": config.get("pad_token_id")}
    keys = {f"tokenizer.ggml.{role}_token_id": id_ for role, id_ in ids.items() if id_ is not None}
    if fim_format is not None:
        keys |= fim_ids(fim_format, controls)
    for key, id_ in keys.items():
        writer.add_uint32(key, id_)


def _chat_template(folder: Path) -> Any:
    """The chat template, or several of them with names; None where there is none."""
    file = folder / "chat_template.jinja"
    if file.is_file():
        return file.read_text(encoding="utf-8")
    file = folder / "tokenizer_config.json"
    if not file.is_file():
        return None
    return json.loads(file.read_text(encoding="utf-8")).get("chat_template")
