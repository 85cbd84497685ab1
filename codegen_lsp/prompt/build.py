"""A buffer split at the cursor -> the token ids of a prompt, and what its output must begin with.

Completion and fine-tuning build their prompts here, so that a model is trained on what it is asked.
All that changes as the user types stands at the end, so the KV cache of the previous prompt is
reused up to the new characters: in a suffix-first format it is the prefix that does, in the others
the cursor's line, anchored behind the suffix. Nothing depends on time, chance or the order of a
set. Parts of other files stand before all of it, for they change least.
"""

from dataclasses import dataclass

from codegen_lsp.models.tokenizer import Tokenizer
from codegen_lsp.prompt.formats import FimFormat, Part, RepositoryTokens
from codegen_lsp.prompt.healing import Healed, heal
from codegen_lsp.prompt.repository import ALONE, Excerpt, Surroundings, place
from codegen_lsp.prompt.windows import LINES_PER_STEP, Window, prefix_window, suffix_window

_NOTHING = Window("", [])


@dataclass(frozen=True, slots=True)
class PromptBudget:
    """Most tokens of the buffer on each side of the cursor; for the steps see `windows`.

    What is shown of other files comes on top of these.
    """

    prefix_tokens: int
    suffix_tokens: int
    lines_per_step: int = LINES_PER_STEP
    context_tokens: int = 512


@dataclass(frozen=True, slots=True)
class Prompt:
    """What an engine is asked.

    Attributes:
        ids: never empty.
        forced: bytes that the output must begin with; the buffer has them already.
        stop_ids: every control token of the model.
        format_name: of the fill-in-the-middle format; None says that the model has none, and that
            it reads the prefix alone.
        prefix: the text before the cursor that the model is given, the forced bytes included.
        suffix: the text after the cursor that the model is given.
        prefix_tokens: how many of `ids` the text before the cursor takes.
        suffix_tokens: how many the text after it takes.
        excerpts: what it shows of other files, and how many tokens each takes.
    """

    ids: list[int]
    forced: bytes
    stop_ids: frozenset[int]
    format_name: str | None
    prefix: str
    suffix: str
    prefix_tokens: int
    suffix_tokens: int
    excerpts: tuple[tuple[Excerpt, int], ...] = ()


def build_prompt(  # noqa: PLR0913 - all that a prompt is made of
    tokenizer: Tokenizer,
    fim_format: FimFormat | None,
    prefix: str,
    suffix: str,
    budget: PromptBudget,
    *,
    around: Surroundings = ALONE,
) -> Prompt:
    r"""Build the prompt for a cursor between `prefix` and `suffix`, with `\n` between lines.

    Without excerpts in `around` it is the prompt of the buffer alone.
    """
    is_anchored = fim_format is not None and Part.LINE in fim_format.segments
    prefix_part = prefix_window(
        tokenizer,
        prefix,
        budget.prefix_tokens,
        lines_per_step=budget.lines_per_step,
        splits_line=is_anchored,
    )
    suffix_part = (
        _NOTHING if fim_format is None else suffix_window(tokenizer, suffix, budget.suffix_tokens)
    )
    above = prefix_part.ids[: prefix_part.tokens_above if is_anchored else 0]
    healed = heal(tokenizer, prefix_part.text, prefix_part.ids[len(above) :])
    start = [] if tokenizer.bos_id is None else [tokenizer.bos_id]
    tokens = RepositoryTokens() if fim_format is None else fim_format.repository
    others = place(tokenizer, tokens, around, budget.context_tokens)
    outside, inside = (others.ids, ()) if others.is_outside else ((), others.ids)
    if fim_format is None and not start and not healed.ids:
        healed = _something_to_read(tokenizer, prefix_part.ids)
    parts = {
        Part.PREFIX: [*inside, *(above if is_anchored else healed.ids)],
        Part.SUFFIX: suffix_part.ids,
        Part.LINE: healed.ids,
    }
    return Prompt(
        ids=[*start, *outside, *_fill(tokenizer, fim_format, parts)],
        forced=healed.forced,
        stop_ids=frozenset(tokenizer.control_ids.values()),
        format_name=None if fim_format is None else fim_format.name,
        prefix=prefix_part.text,
        suffix=suffix_part.text,
        prefix_tokens=len(above) + len(healed.ids),
        suffix_tokens=len(suffix_part.ids),
        excerpts=others.excerpts,
    )


def _fill(
    tokenizer: Tokenizer, fim_format: FimFormat | None, parts: dict[Part, list[int]]
) -> list[int]:
    if fim_format is None:
        return parts[Part.PREFIX]
    ids: list[int] = []
    for segment in fim_format.segments:
        ids += [tokenizer.control_ids[segment]] if isinstance(segment, str) else parts[segment]
    return ids


def _something_to_read(tokenizer: Tokenizer, prefix_ids: list[int]) -> Healed:
    """A model needs one token to go on from: the prefix unhealed, or a newline before nothing."""
    return Healed(prefix_ids or tokenizer.encode("\n"), b"")
