"""Examples: the prompt that the server would build at a place, and the tokens to write there.

Nothing here builds a prompt: `codegen_lsp.prompt.build` does, as for a completion. The labels are
the tokens in which the text behind the prompt is written as the model knows it, the healed bytes
included, and the token that ends a middle. They hang on the arguments alone, so an epoch can be
drawn anew.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path

from codegen_lsp.completion.pipeline import DEFAULT_BUDGET
from codegen_lsp.completion.sticky import Choose
from codegen_lsp.context.chosen import NOTHING, Context
from codegen_lsp.models.tokenizer import Tokenizer, utf8
from codegen_lsp.prompt.build import Prompt, PromptBudget, build_prompt
from codegen_lsp.prompt.formats import FimFormat, Part
from codegen_lsp.prompt.repository import Surroundings
from codegen_lsp.text import Snapshot
from finetune.corpus import SourceFile
from finetune.spans import MIX, Drawer, Kind, Span

LONGEST_MIDDLE = 192
"""Tokens; more are not generated at once either."""

CONTEXT_SHARE = 0.25
CHARACTERS_PER_EXAMPLE = 800

SHORTEST_WINDOW = 64
"""Tokens before the cursor."""


@dataclass(frozen=True, slots=True)
class Example:
    """What a model is trained on.

    Attributes:
        ids: of the prompt, the middle behind it and the token that ends it.
        num_labels: how many of the last ids are what the model is to write.
        num_prefix: how many ids before these are of the text before the cursor, and in one piece
            with it: the ids before them have no loss.
        prefix_weight: of the loss of those, where that of a label is 1.
        path: of the file.
        kind: of the span.
        has_context: the prompt shows parts of other files.
    """

    ids: tuple[int, ...]
    num_labels: int
    path: str
    kind: Kind
    has_context: bool
    num_prefix: int = 0
    prefix_weight: float = 0.0

    @property
    def num_predicted(self) -> int:
        """How many of the last ids have a loss."""
        return self.num_labels + self.num_prefix

    @property
    def weights(self) -> list[float]:
        """Of the loss of each of these."""
        return [self.prefix_weight] * self.num_prefix + [1.0] * self.num_labels


@dataclass(frozen=True, slots=True)
class Around:
    """What chooses parts of other files: the folder of the tree that it knows, and the choice."""

    folder: Path
    choose: Choose


def draw_examples(  # noqa: PLR0913 - all that an epoch hangs on
    files: Sequence[SourceFile],
    tokenizer: Tokenizer,
    fim_format: FimFormat,
    *,
    seed: int,
    epoch: int,
    count: int | None = None,
    budget: PromptBudget = DEFAULT_BUDGET,
    around: Around | None = None,
    context_share: float = CONTEXT_SHARE,
    prefix_weight: float = 0.0,
    mix: Mapping[Kind, float] = MIX,
) -> list[Example]:
    """The examples of an epoch, in random order: the same ones for the same arguments.

    Their windows are of all sizes up to the budget, as at the beginning and the end of a file: the
    short ones teach more in the same time, as most of a long one's tokens are only read.

    Args:
        files: to learn; a longer one gives more examples, and each one at least, unless there are
            more files than examples.
        tokenizer: of the base model.
        fim_format: of the base model.
        seed: of all that is drawn.
        epoch: another one is another draw.
        count: about how many; None: one for every `CHARACTERS_PER_EXAMPLE`.
        budget: of the prompt's windows at most.
        around: shows parts of other files; None: nothing does.
        context_share: of the examples, in which other files are shown if something helps.
        prefix_weight: of the loss of the text before the cursor; see `Example`.
        mix: share of each kind of span.
    """
    characters = sum(len(file.text) for file in files)
    per_example = CHARACTERS_PER_EXAMPLE if count is None else max(characters / max(count, 1), 1)
    least = int(count is None or count >= len(files))
    drawn: list[Example | None] = []
    for file in files:
        chance = random.Random(f"{seed}:{epoch}:{file.path}")
        number = max(_rounded(len(file.text) / per_example, chance), least)
        for span in _spans(file, number, chance, mix):
            shows_others = around is not None and chance.random() < context_share
            context = _context(file, span, around) if around and shows_others else NOTHING
            window = _narrowed(budget, chance)
            drawn.append(
                example_of(
                    file,
                    span,
                    tokenizer,
                    fim_format,
                    budget=window,
                    context=context,
                    prefix_weight=prefix_weight,
                )
            )
    examples = [example for example in drawn if example is not None]
    random.Random(f"{seed}:{epoch}").shuffle(examples)
    return examples


def example_of(  # noqa: PLR0913 - all that an example is made of
    file: SourceFile,
    span: Span,
    tokenizer: Tokenizer,
    fim_format: FimFormat,
    *,
    budget: PromptBudget = DEFAULT_BUDGET,
    context: Context = NOTHING,
    prefix_weight: float = 0.0,
) -> Example | None:
    """The example for one span; None where the text is cut inside a character."""
    around = Surroundings(context.repository, context.path, file.language, context.pieces)
    prefix, middle, suffix = parts(file, span)
    prompt = build_prompt(tokenizer, fim_format, prefix, suffix, budget, around=around)
    labels = labels_of(tokenizer, fim_format, prompt, middle)
    if labels is None:
        return None
    return Example(
        ids=(*prompt.ids, *labels),
        num_labels=len(labels),
        path=file.path,
        kind=span.kind,
        has_context=bool(prompt.excerpts),
        num_prefix=_prefix_behind_sentinel(prompt) if prefix_weight else 0,
        prefix_weight=prefix_weight,
    )


def labels_of(
    tokenizer: Tokenizer, fim_format: FimFormat, prompt: Prompt, middle: str
) -> list[int] | None:
    """What is to be written behind the prompt: the healed bytes, the middle, and the end token.

    A long middle is cut off, and then has no end token. None where the text is cut inside a
    character.
    """
    written = _written(tokenizer, fim_format, prompt, middle)
    if written is None or len(written) > LONGEST_MIDDLE:
        return written and written[:LONGEST_MIDDLE]
    return [*written, tokenizer.control_ids[fim_format.stop_tokens[0]]]


def parts(file: SourceFile, span: Span) -> tuple[str, str, str]:
    """Prefix, middle and suffix."""
    return file.text[: span.start], file.text[span.start : span.end], file.text[span.end :]


def _spans(
    file: SourceFile, number: int, chance: random.Random, mix: Mapping[Kind, float]
) -> list[Span]:
    if not number:
        return []  # unparsed
    drawer = Drawer(file)
    drawn = (drawer.draw(chance, mix) for _ in range(number))
    return [span for span in drawn if span is not None]


def _narrowed(budget: PromptBudget, chance: random.Random) -> PromptBudget:
    """Between the shortest windows and those of `budget`, uniform in the logarithm."""
    share = min(SHORTEST_WINDOW / budget.prefix_tokens, 1.0) ** chance.random()
    return replace(
        budget,
        prefix_tokens=round(share * budget.prefix_tokens),
        suffix_tokens=round(share * budget.suffix_tokens),
    )


def _prefix_behind_sentinel(prompt: Prompt) -> int:
    """How many ids of the text before the cursor the prompt ends with."""
    behind = takewhile(lambda id_: id_ not in prompt.stop_ids, reversed(prompt.ids))
    return min(sum(1 for _ in behind), prompt.prefix_tokens)


def _rounded(number: float, chance: random.Random) -> int:
    """`number` rounded up or down by chance, so that it is kept on average."""
    return int(number) + (chance.random() < number % 1)


def _context(file: SourceFile, span: Span, around: Around) -> Context:
    """What would be shown of other files while the middle is not there.

    The index knows the file as it is, and may show a definition of its own that is the middle.
    """
    prefix, middle, suffix = parts(file, span)
    uri = (around.folder / file.path).absolute().as_uri()
    snapshot = Snapshot(uri, 0, file.language, prefix + suffix)
    context = around.choose(snapshot, len(prefix)) or NOTHING
    lines = set(_code_lines(middle))
    told = (piece for piece in context.pieces if piece.path == file.path)
    tells = any(not lines.isdisjoint(_code_lines(piece.text)) for piece in told)
    return NOTHING if tells else context


def _code_lines(text: str) -> Iterator[str]:
    return (code for line in text.split("\n") if len(code := line.strip().rstrip(":{;")) > 3)


def _written(
    tokenizer: Tokenizer, fim_format: FimFormat, prompt: Prompt, middle: str
) -> list[int] | None:
    """The tokens behind the prompt: the forced bytes and the middle, as they stand in a text.

    Where no token of the text begins behind the prompt's last one, those of the rest by itself.
    """
    window = prompt.prefix
    if tokenizer.splits_at_lines or Part.LINE in fim_format.segments:
        window = window[window.rfind("\n") + 1 :]
    kept = len(utf8(window)) - len(prompt.forced)
    ids = tokenizer.encode(window + middle)
    number, length = 0, 0
    while length < kept:
        length += len(tokenizer.token_bytes(ids[number]))
        number += 1
    if length == kept:
        return ids[number:]
    try:
        return tokenizer.encode(prompt.forced.decode() + middle)
    except UnicodeDecodeError:
        return None
