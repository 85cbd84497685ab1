"""The README.md that tells whoever finds an exported folder what it is."""

from pathlib import Path

from codegen_lsp.models import catalogue
from codegen_lsp.models.adapters import Adapter

_ADAPTER = """\
---
base_model: {base}
library_name: peft
pipeline_tag: text-generation
tags: [lora, code, fill-in-the-middle]
---
# Adapter {id} for {base}

A LoRA adapter of rank {rank} in peft's format, trained by codegen-lsp on one repository for code
completion in the middle of a file.

    peft.PeftModel.from_pretrained(model, "path of this folder")  # `model` is {base}

{common}
"""

_MERGED = """\
---
base_model: {base}
library_name: transformers
pipeline_tag: text-generation
tags: [code, fill-in-the-middle]
---
# {base} with adapter {id}

The weights of {base} in bfloat16, with a LoRA adapter merged into them at scale {scale:g}. The
adapter was trained by codegen-lsp on one repository for code completion in the middle of a file.

    codegen-lsp complete --model ./path-of-this-folder

{common}
"""

_COMMON = """\
- Prompts: the fill-in-the-middle format `{format_id}`, as codegen-lsp writes it. Prompts in another
  order, or built by another program, are not what the adapter has learned.
- Base: `{base}`, whose weights have the checksum `{base_sha256}`.
- Licence of the base: {licence}. It covers the base's weights; the rest follows from the code
  that the adapter was trained on.
- What was trained on a private repository may repeat parts of it: share it as you would share that
  code."""


def public_name(base: str) -> str:
    """What others are told of the model `base`: of a folder on this machine only its own name."""
    return Path(base).name if Path(base).is_absolute() else base


def adapter_card(adapter: Adapter) -> str:
    """The text for a folder that holds the adapter itself."""
    return _ADAPTER.format(
        base=public_name(adapter.base), id=adapter.id, rank=adapter.rank, common=_common(adapter)
    )


def merged_card(adapter: Adapter, scale: float) -> str:
    """The text for a folder that holds the base with the adapter in it."""
    base = public_name(adapter.base)
    return _MERGED.format(base=base, id=adapter.id, scale=scale, common=_common(adapter))


def _common(adapter: Adapter) -> str:
    entry = catalogue.find(adapter.base)
    return _COMMON.format(
        format_id=adapter.format_id,
        base=public_name(adapter.base),
        base_sha256=adapter.base_sha256,
        licence=entry.licence if entry else "see its own model card",
    )
