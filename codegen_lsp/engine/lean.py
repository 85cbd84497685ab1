"""A lean decoder for the Llama and Qwen2 family, written directly in torch.

Fused query-key-value and gate-up projections, preallocated KV buffers, logits only for the rows
asked for. It follows `LlamaForCausalLM` of transformers in what it computes; how is chosen for few
rows on a CPU. Rotary embeddings are complex products: the query and key rows are permuted once at
loading, so that each rotated pair lies side by side.

With int8 products, whose rows do not see each other, the logits of a pass equal those of
single-token passes bit for bit, which is what lossless drafting needs: for any number of tokens
where `attention.Attention` runs, so that a cached prefix changes nothing either; else for up to
`EXACT_ROWS`, which then attend one query at a time, with the calls that a pass of one token makes.
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from torch.nn import functional

from codegen_lsp.engine.attention import Attention, can_attend
from codegen_lsp.engine.kv_cache import KVCache
from codegen_lsp.engine.linear import FbgemmLinear, Linear, Norm, NormedLinear, PlainLinear
from codegen_lsp.engine.precision import Placement
from codegen_lsp.engine.sequences import DEFAULT_CACHE_BYTES, SequencePool
from codegen_lsp.engine.vnni_linear import VnniLinear, is_available

EXACT_ROWS = 16
MAX_SEQ_LEN = 8192
"""Most tokens kept: long enough for every prompt we build, short enough for a laptop's memory."""


@dataclass(frozen=True, slots=True)
class LeanConfig:
    """The sizes of a Llama-like model, as its `config.json` names them."""

    hidden_size: int
    num_layers: int
    num_heads: int
    num_kv_heads: int
    head_dim: int
    rms_norm_eps: float
    rope_theta: float
    rope_factor: float
    max_seq_len: int

    @staticmethod
    def read(config: Mapping[str, Any]) -> "LeanConfig | None":
        """Take the sizes from a `config.json`; None if the model is of another family."""
        rope = config.get("rope_parameters") or config.get("rope_scaling") or {}
        rope_type = rope.get("rope_type", rope.get("type", "default"))
        if (
            config.get("model_type") not in ("llama", "qwen2")
            or config.get("hidden_act", "silu") != "silu"
            or rope_type not in ("default", "linear")
            or config.get("use_sliding_window", False)
        ):
            return None
        heads = config["num_attention_heads"]
        return LeanConfig(
            hidden_size=config["hidden_size"],
            num_layers=config["num_hidden_layers"],
            num_heads=heads,
            num_kv_heads=config.get("num_key_value_heads", heads),
            head_dim=config.get("head_dim") or config["hidden_size"] // heads,
            rms_norm_eps=config["rms_norm_eps"],
            rope_theta=rope.get("rope_theta") or config.get("rope_theta", 10_000.0),
            rope_factor=rope.get("factor", 1.0) if rope_type == "linear" else 1.0,
            max_seq_len=min(config["max_position_embeddings"], MAX_SEQ_LEN),
        )


@dataclass(frozen=True, slots=True)
class _Layer:
    qkv: Linear  # with the norm before it
    output: Linear
    gate_up: Linear  # with the norm before it
    down: Linear


class LeanDecoder:
    """Forward passes over one sequence; see `engine.decoder.Decoder` for the contract."""

    def __init__(
        self,
        config: LeanConfig,
        tensors: Mapping[str, torch.Tensor],
        placement: Placement,
        cache_bytes: int = DEFAULT_CACHE_BYTES,
    ) -> None:
        self._config = config
        self._placement = placement
        self.context_window = config.max_seq_len
        self._embeddings = tensors["model.embed_tokens.weight"]
        if placement.precision != "int8":  # under int8 only the looked-up rows are ever read
            self._embeddings = self._placed(self._embeddings)
        with ThreadPoolExecutor(torch.get_num_threads()) as pool:
            lm_head = pool.submit(self._load_lm_head, tensors)  # the largest first
            load = partial(self._load_layer, tensors)
            self._layers = list(pool.map(load, range(config.num_layers)))
            self._lm_head = lm_head.result()
        self._rotations = _rotations(config, placement.device)
        shape = (config.num_layers, config.num_kv_heads, config.max_seq_len, config.head_dim)
        empty = KVCache(shape, dtype=placement.dtype, device=placement.device)
        self.sequences = SequencePool(empty, cache_bytes)
        # Wider products in bf16 and fp32 sum in another order than those of one row.
        sizes = config.num_heads, config.num_kv_heads, config.head_dim
        ours = placement.device == "cpu" and placement.dtype == torch.float32
        self._attend_rows = Attention(*sizes) if ours and can_attend(*sizes) else _attend_by_torch
        self.exact_rows = EXACT_ROWS if placement.precision == "int8" else 1

    @property
    def cache(self) -> KVCache:
        """The current sequence."""
        return self.sequences.current

    @property
    def cache_bytes(self) -> int:
        """Memory of all sequences; see `engine.decoder.Decoder`."""
        return self.sequences.num_bytes

    @property
    def weight_bytes(self) -> int:
        """Bytes of weights that one pass reads."""
        layers = sum(
            linear.weight_bytes
            for layer in self._layers
            for linear in (layer.qkv, layer.output, layer.gate_up, layer.down)
        )
        return layers + self._lm_head.weight_bytes

    def holds_two(self, num_tokens: int) -> bool:
        """Whether the budget has room for them; see `engine.decoder.Decoder`."""
        return self.sequences.holds_two(num_tokens)

    def begin(self, ids: list[int]) -> None:
        """Make current the sequence that shares most with `ids`; see `SequencePool.begin`."""
        self.sequences.begin(ids)

    @torch.inference_mode()
    def forward(self, ids: list[int], num_logits: int) -> torch.Tensor:
        """Read `ids` after the cached ones; logits (num_logits, vocabulary) of the last ones."""
        cache = self.cache
        start = len(cache.ids)
        self.sequences.reserve(start + len(ids))
        rows = torch.tensor(ids)
        x = self._embeddings[rows.to(self._embeddings.device)].to(self._placement.dtype)
        rotation = self._rotations[start : start + len(ids), None]  # (T, 1, head_dim / 2)
        for index, layer in enumerate(self._layers):
            x += layer.output(self._attend(index, layer.qkv(x), start, rotation))
            gate, up = layer.gate_up(x).chunk(2, dim=-1)
            x += layer.down(functional.silu(gate).mul_(up))
        cache.extend(ids)
        return self._lm_head(x[len(ids) - num_logits :]).float()

    def _attend(
        self, index: int, qkv: torch.Tensor, start: int, rotation: torch.Tensor
    ) -> torch.Tensor:
        """Rotate, store keys and values, attend; `qkv` is (T, (heads + 2 kv_heads) * head_dim)."""
        config, count = self._config, qkv.shape[0]
        end = start + count
        heads = qkv.view(count, -1, config.head_dim)
        rotated = _rotate(heads[:, : config.num_heads + config.num_kv_heads], rotation)
        queries = rotated[:, : config.num_heads]
        keys, values = self.cache.keys[index], self.cache.values[index]
        keys[:, start:end] = rotated[:, config.num_heads :].transpose(0, 1)
        values[:, start:end] = heads[:, config.num_heads + config.num_kv_heads :].transpose(0, 1)
        return self._attend_rows(queries, keys, values, start)

    def _load_lm_head(self, tensors: Mapping[str, torch.Tensor]) -> Linear:
        name = "lm_head.weight" if "lm_head.weight" in tensors else "model.embed_tokens.weight"
        return self._linear(tensors[name], None, tensors["model.norm.weight"])

    def _load_layer(self, tensors: Mapping[str, torch.Tensor], index: int) -> _Layer:
        prefix = f"model.layers.{index}."

        def fused(*names: str, norm: str | None = None) -> Linear:
            weights = [self._rows(tensors, f"{prefix}{name}", "weight") for name in names]
            biases = [
                self._rows(tensors, f"{prefix}{name}", "bias")
                for name in names
                if f"{prefix}{name}.bias" in tensors
            ]
            norm_weight = tensors[f"{prefix}{norm}.weight"] if norm else None
            return self._linear(
                torch.cat(weights), torch.cat(biases) if biases else None, norm_weight
            )

        return _Layer(
            qkv=fused(
                *("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"),
                norm="input_layernorm",
            ),
            output=fused("self_attn.o_proj"),
            gate_up=fused("mlp.gate_proj", "mlp.up_proj", norm="post_attention_layernorm"),
            down=fused("mlp.down_proj"),
        )

    def _rows(self, tensors: Mapping[str, torch.Tensor], module: str, kind: str) -> torch.Tensor:
        tensor = tensors[f"{module}.{kind}"]
        if module.endswith(("q_proj", "k_proj")):
            return _interleave_halves(tensor, self._config.head_dim)
        return tensor

    def _linear(
        self, weight: torch.Tensor, bias: torch.Tensor | None, norm: torch.Tensor | None = None
    ) -> Linear:
        """The product with `weight`, of rows normed by `norm` if it is given."""
        placed_bias = None if bias is None else self._placed(bias)
        placed_norm = None if norm is None else Norm(self._placed(norm), self._config.rms_norm_eps)
        linear: Linear
        if self._placement.precision != "int8":
            linear = PlainLinear(self._placed(weight), placed_bias)
        elif is_available():
            return VnniLinear(weight, placed_bias, placed_norm)
        else:
            linear = FbgemmLinear(weight, placed_bias)
        return linear if placed_norm is None else NormedLinear(linear, placed_norm)

    def _placed(self, tensor: torch.Tensor) -> torch.Tensor:
        return tensor.to(self._placement.device, self._placement.dtype)


def _interleave_halves(tensor: torch.Tensor, head_dim: int) -> torch.Tensor:
    """Reorder each head's rows so that the pairs rotated together are neighbours."""
    heads = tensor.view(-1, 2, head_dim // 2, *tensor.shape[1:])
    return heads.transpose(1, 2).reshape(tensor.shape)


def _rotations(config: LeanConfig, device: str) -> torch.Tensor:
    """Unit complex numbers (max_seq_len, head_dim / 2) that rotate each pair at each position."""
    exponents = torch.arange(0, config.head_dim, 2).float() / config.head_dim
    frequencies = 1.0 / config.rope_theta**exponents
    positions = torch.arange(config.max_seq_len).float() / config.rope_factor
    angles = torch.outer(positions, frequencies)
    return torch.polar(torch.ones_like(angles), angles).to(device)


def _rotate(heads: torch.Tensor, rotation: torch.Tensor) -> torch.Tensor:
    """Rotate `heads` (T, heads, head_dim) by `rotation` (T, 1, head_dim / 2)."""
    pairs = torch.view_as_complex(heads.float().unflatten(-1, (-1, 2)))
    return torch.view_as_real(pairs * rotation).flatten(-2).type_as(heads)


def _attend_by_torch(
    queries: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, start: int
) -> torch.Tensor:
    """What `attention.Attention` computes, where it does not run; exact up to `EXACT_ROWS`."""
    end = start + queries.shape[0]
    attend = _attend_each if queries.shape[0] <= EXACT_ROWS else _attend_causal
    return attend(queries, keys[:, :end], values[:, :end], start)


def _attend_each(
    queries: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, start: int
) -> torch.Tensor:
    """Attention (T, heads * head_dim), a query at a time: the calls do not depend on T.

    The query heads that share a key head are taken together as rows of one product.
    """
    count, kv_heads, head_dim = queries.shape[0], keys.shape[0], keys.shape[2]
    grouped = queries.reshape(count, 1, kv_heads, -1, head_dim)
    keys, values = keys.unsqueeze(0), values.unsqueeze(0)
    outputs = [
        functional.scaled_dot_product_attention(
            grouped[row], keys[:, :, : start + row + 1], values[:, :, : start + row + 1]
        )
        for row in range(count)
    ]
    return torch.cat(outputs).view(count, -1)


def _attend_causal(
    queries: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, start: int
) -> torch.Tensor:
    """Attention (T, heads * head_dim) of all queries at once, each seeing what precedes it."""
    count, length = queries.shape[0], keys.shape[1]
    mask = None
    if start > 0:
        mask = torch.ones(count, length, dtype=torch.bool, device=keys.device).tril(start)
    output = functional.scaled_dot_product_attention(
        queries.transpose(0, 1).unsqueeze(0),
        keys.unsqueeze(0),
        values.unsqueeze(0),
        attn_mask=mask,
        is_causal=mask is None,
        enable_gqa=True,
    )
    return output.squeeze(0).transpose(0, 1).reshape(count, -1)
