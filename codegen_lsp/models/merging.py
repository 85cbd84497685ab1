"""An adapter merged into its base's weights, one tensor at a time, as they are asked for.

What loads the model sees ordinary weights, and quantises them if it does: decoding with an adapter
costs what decoding without one does. The arithmetic is peft's (`merge` of its LoRA layers, and of
their DoRA variant), in float32 whatever the weights are in.
"""

from collections.abc import Iterator, Mapping

import torch

from codegen_lsp.errors import DamagedModelError
from codegen_lsp.models.adapter_files import LORA_A, LORA_B, MAGNITUDE, PREFIX, WEIGHTS_FILE
from codegen_lsp.models.adapters import Adapter
from codegen_lsp.models.weights import Tensors


class Merge:
    """What an adapter makes of the weights of the modules that it changes.

    Attributes:
        modules: their names.
    """

    def __init__(self, adapter: Adapter, scale: float = 1.0) -> None:
        """Multiply by `scale` what the adapter adds."""
        self.modules = adapter.modules
        self._adapter = adapter
        self._scaling = adapter.scaling * scale
        self._tensors = Tensors(adapter.folder, [WEIGHTS_FILE])

    def apply(self, module: str, weight: torch.Tensor) -> torch.Tensor:
        """The weight (out, in) of `module` with the adapter in it, in the dtype of `weight`.

        Raises:
            DamagedModelError: the adapter is for a module of another size.
        """
        name, device = f"{PREFIX}{module}", weight.device
        a = self._tensors[f"{name}{LORA_A}"].to(device, torch.float32)  # (rank, in)
        b = self._tensors[f"{name}{LORA_B}"].to(device, torch.float32)  # (out, rank)
        if weight.shape != (b.shape[0], a.shape[1]):
            raise self._misfit(module, f"is of another size than {tuple(weight.shape)}")
        merged = weight.to(torch.float32, copy=True).addmm_(b, a, alpha=self._scaling)
        if self._adapter.has_magnitudes:
            magnitudes = self._tensors[f"{name}{MAGNITUDE}"].to(device, torch.float32)  # (out,)
            if magnitudes.shape != weight.shape[:1]:
                raise self._misfit(module, "has magnitudes of another number")
            merged *= (magnitudes / torch.linalg.vector_norm(merged, dim=1)).unsqueeze(1)
        return merged.to(weight.dtype)

    def check(self, names: Mapping[str, object]) -> None:
        """Refuse to merge into a model without the weights of a module; `names` has all of its own.

        Raises:
            DamagedModelError: the adapter changes a module that the model has not.
        """
        for module in self.modules:
            if f"{module}.weight" not in names:
                raise self._misfit(module, "is not in the model")

    def _misfit(self, module: str, what: str) -> DamagedModelError:
        return DamagedModelError(
            f"the adapter in {self._adapter.folder} is damaged: its {module} {what}; train it again"
            " or activate another"
        )


class MergedTensors(Mapping[str, torch.Tensor]):
    """The tensors of a model with an adapter in those that it changes."""

    def __init__(self, base: Mapping[str, torch.Tensor], merge: Merge) -> None:
        merge.check(base)
        self._base = base
        self._merge = merge
        self._module_of = {f"{module}.weight": module for module in merge.modules}

    def __getitem__(self, name: str) -> torch.Tensor:
        tensor = self._base[name]
        module = self._module_of.get(name)
        return tensor if module is None else self._merge.apply(module, tensor)

    def __iter__(self) -> Iterator[str]:
        return iter(self._base)

    def __len__(self) -> int:
        return len(self._base)

    def __contains__(self, name: object) -> bool:
        return name in self._base
