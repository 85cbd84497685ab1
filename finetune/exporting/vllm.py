"""A script that serves adapters with vLLM, one base for all of them."""

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from codegen_lsp.errors import UsageError
from codegen_lsp.models.adapters import Adapter

RANKS = (8, 16, 32, 64, 128, 256, 320, 512)
"""Values that vLLM takes for the largest rank."""

_SCRIPT = """\
#!/bin/sh
# Written by `codegen-lsp finetune serve-config vllm`: serves {count} on
# {base_text}
#
# - These are to be the weights that the adapters were trained for: {trained}.
# - A request chooses an adapter by its name: "model": "{first}".
# - A new version of an adapter is loaded under a new name, which ends in its id: vLLM keeps what it
#   has computed by name. The variable below allows that while the server runs:
#       POST /v1/load_lora_adapter   {{"lora_name": "NAME", "lora_path": "PATH"}}
#       POST /v1/unload_lora_adapter {{"lora_name": "NAME"}}
#   Whoever reaches these two can load any folder: close them to all but yourself, at the proxy.
# - vLLM refuses "suffix"; the fill-in-the-middle prompt is the client's part.
export VLLM_ALLOW_RUNTIME_LORA_UPDATING=True

exec vllm serve {base} \\
  --enable-lora \\
  --max-lora-rank {rank} \\
  --max-loras {slots} \\
  --lora-modules \\
{modules}
  --enable-prefix-caching
# Speculation from the prompt's own n-grams, not tried here together with adapters; add to the line
# above, with a backslash before it:
#   --speculative-config \
'{{"method": "ngram", "num_speculative_tokens": 5, "prompt_lookup_max": 4}}'
"""


@dataclass(frozen=True, slots=True)
class ServedAdapter:
    """An adapter and the name of the repository that it was trained on."""

    repository: str
    adapter: Adapter

    @property
    def name(self) -> str:
        """What requests ask for: the repository and the adapter's id, another for each version."""
        readable = re.sub(r"[^\w.-]+", "-", self.repository).strip("-")
        return f"{readable or 'repository'}-{self.adapter.id}"


def serve_config_vllm(adapters: Sequence[ServedAdapter], base: str) -> str:
    """A commented shell script that serves `base`, a hub id or folder, with `adapters`.

    Raises:
        UsageError: there is no adapter, they are for different bases, or vLLM cannot serve one.
    """
    _check(adapters)
    rank = max(served.adapter.rank for served in adapters)
    modules = [f"{served.name}={served.adapter.folder.absolute()}" for served in adapters]
    number = len(adapters)
    return _SCRIPT.format(
        base=shlex.quote(base),
        base_text=" ".join(base.split()),
        count="one adapter" if number == 1 else f"{number} adapters",
        trained=" ".join(adapters[0].adapter.base.split()),
        first=adapters[0].name,
        rank=next(allowed for allowed in RANKS if allowed >= rank),
        slots=number + 1,  # one for a new version beside the old
        modules="\n".join(f"    {shlex.quote(module)} \\" for module in modules),
    )


def _check(adapters: Sequence[ServedAdapter]) -> None:
    if not adapters:
        raise UsageError("there is no adapter to serve; train one with `codegen-lsp finetune run`")
    bases = {served.adapter.base_sha256: served.adapter.base for served in adapters}
    if len(bases) > 1:
        names = ", ".join(sorted(bases.values()))
        raise UsageError(f"the adapters are for different weights ({names}); serve each by itself")
    for served in adapters:
        problem = _problem_with(served.adapter)
        if problem:
            raise UsageError(f"vLLM cannot serve the adapter {served.adapter.id}: {problem}")


def _problem_with(adapter: Adapter) -> str | None:
    if adapter.has_magnitudes:
        return "it is a DoRA; export it merged"
    if adapter.rank > RANKS[-1]:
        return f"its rank, {adapter.rank}, is above {RANKS[-1]}; export it merged"
    if {"=", ","} & set(str(adapter.folder)):
        return f"its path, {adapter.folder}, has a = or a comma; export it for peft elsewhere"
    return None
