"""Any causal LM of transformers with any LoRA of peft, plainly: for what `model` does not know.

Batches are padded; beyond that it differs from the usual loop in that logits are computed only
where a label is.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import peft
import torch
from transformers import AutoModelForCausalLM, BitsAndBytesConfig
from transformers.modeling_layers import GradientCheckpointingLayer
from transformers.utils.import_utils import is_bitsandbytes_available

from codegen_lsp.errors import UsageError
from finetune.examples import Example
from finetune.training.lora import LoraSettings, save_adapter, take_back
from finetune.training.loss import batch_loss


class PeftTraining:
    """A model of transformers with an adapter of peft; see `base.TrainingModel`."""

    def __init__(  # noqa: PLR0913 - what it is made of
        self,
        folder: Path,
        lora: LoraSettings,
        *,
        base: str,
        precision: str,
        device: str,
        is_checkpointed: bool = False,
    ) -> None:
        """Load the base in `folder` and draw an adapter.

        Raises:
            UsageError: a base in 4 bits is asked for where bitsandbytes does not run.
        """
        dtype = torch.float32 if precision == "fp32" else torch.bfloat16
        causal: Any = AutoModelForCausalLM.from_pretrained(
            folder,
            dtype=dtype,
            local_files_only=True,
            **({"quantization_config": _four_bits(device)} if lora.has_4bit_base else {}),
        )
        if is_checkpointed:
            _checkpoint(causal)
        torch.manual_seed(lora.seed)
        self._model = peft.get_peft_model(causal, lora.peft_config(None, "all-linear")).to(device)
        # peft would write the folder's path, which means nothing elsewhere
        self._model.peft_config["default"].base_model_name_or_path = base
        for parameter in self.parameters():
            parameter.data = parameter.data.float()
        self._device, self._dtype = torch.device(device), dtype

    def loss(self, batch: Sequence[Example]) -> tuple[torch.Tensor, float]:
        """Sum of the weighted losses of what is predicted, in nats, and of the weights."""
        sequences = [torch.tensor(example.ids[:-1]) for example in batch]
        ids = torch.nn.utils.rnn.pad_sequence(sequences, batch_first=True).to(self._device)
        lengths = torch.tensor([len(row) for row in sequences], device=self._device)
        mask = torch.arange(ids.shape[1], device=self._device) < lengths[:, None]
        causal: Any = self._model.get_base_model()
        with torch.autocast(self._device.type, self._dtype, enabled=self._is_narrow):
            inputs = {"input_ids": ids, "attention_mask": mask.long()}
            hidden = causal.base_model(**inputs, use_cache=False)[0]
        rows = [
            states[length - example.num_predicted : length]
            for states, length, example in zip(hidden, lengths.tolist(), batch, strict=True)
        ]
        head = causal.get_output_embeddings().weight.detach()
        return batch_loss(torch.cat(rows).to(head.dtype), head, batch)

    def parameters(self) -> list[torch.nn.Parameter]:
        """The trainable parameters, always in the same order."""
        return [parameter for parameter in self._model.parameters() if parameter.requires_grad]

    def state_dict(self) -> dict[str, torch.Tensor]:
        """The adapter's tensors by peft's names; copies on the CPU."""
        state = self._factors()
        return {name: tensor.detach().to("cpu", copy=True) for name, tensor in state.items()}

    def load_state_dict(self, state: dict[str, torch.Tensor]) -> None:
        """Take back what `state_dict` gave.

        Raises:
            DamagedModelError: it is another adapter's.
        """
        take_back(self._factors(), state)

    def save(self, folder: Path) -> None:
        """Write the adapter into `folder` as peft does.

        Raises:
            DiskFullError: the disk has no room for it.
        """
        save_adapter(folder, self.state_dict(), self._model.peft_config["default"])

    def _factors(self) -> dict[str, torch.Tensor]:
        # Asked whether the embeddings were trained too, peft would look the base up on the hub.
        state: dict[str, torch.Tensor] = peft.get_peft_model_state_dict(
            self._model, save_embedding_layers=False
        )
        return state

    @property
    def _is_narrow(self) -> bool:
        return self._dtype != torch.float32


def _checkpoint(causal: Any) -> None:
    """Have each layer compute its forward pass again when its gradients are due.

    Transformers does so only in a layer in training mode. The modules within it stay in evaluation
    mode, so whatever dropout the base was trained with, only the adapter's is on.
    """
    causal.activation_checkpointing_enable()
    for module in causal.modules():
        if isinstance(module, GradientCheckpointingLayer):
            module.training = True


def _four_bits(device: str) -> BitsAndBytesConfig:
    if torch.device(device).type != "cuda" or not is_bitsandbytes_available():
        raise UsageError(
            "a base in 4 bits (QLoRA) needs a CUDA device and the package bitsandbytes: "
            "leave qlora out"
        )
    return BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=torch.bfloat16,
    )
