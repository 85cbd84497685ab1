"""What would be trained on, for people and as JSON: files, reasons, tokens, examples."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from codegen_lsp.models.tokenizer import Tokenizer
from codegen_lsp.prompt.build import PromptBudget
from codegen_lsp.prompt.formats import FimFormat
from finetune.examples import Example, draw_examples
from finetune.held_out import drawn_cases
from finetune.settings import FinetuneSettings
from finetune.splitting import Split, split

EXAMPLES = 5
_SHOWN = PromptBudget(prefix_tokens=96, suffix_tokens=32)
"""Of the windows in the examples shown; in training they are larger."""


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that is learnt or held out.

    Attributes:
        path: in the repository.
        language: LSP identifier.
        tokens: of the model.
        licence: SPDX expression, if it has one of its own.
        is_held_out: it is asked for, not learnt.
    """

    path: str
    language: str
    tokens: int
    licence: str | None
    is_held_out: bool


@dataclass(frozen=True, slots=True)
class Inspection:
    """What `finetune inspect` says.

    Attributes:
        split: the repository in two.
        kept: the files of both parts; in a split by time, those learnt alone.
        tokens: of the files that are learnt.
        cases: how many are held out to be judged by.
        validation_cases: how many more, to stop by.
        wanted: how many of both are asked for.
        examples: some of the first epoch, with short windows, and as text.
    """

    split: Split
    kept: tuple[KeptFile, ...]
    tokens: int
    cases: int
    validation_cases: int
    wanted: tuple[int, int]
    examples: tuple[tuple[Example, str, str], ...]

    def as_json(self) -> dict[str, object]:
        """A JSON object."""
        return {
            "commit": self.split.commit,
            "split": {
                "kind": self.split.kind,
                "until": self.split.until,
                "date": self.split.date,
                "held_out": [each.file.path for each in self.split.held_out],
                "cases": self.cases,
                "validation_cases": self.validation_cases,
            },
            "kept": [
                {
                    "path": file.path,
                    "language": file.language,
                    "tokens": file.tokens,
                    "licence": file.licence,
                    "held_out": file.is_held_out,
                }
                for file in self.kept
            ],
            "rejected": [
                {"path": file.path, "reason": file.reason, "licence": file.licence}
                for file in self.split.rejected
            ],
            "tokens": self.tokens,
        }


def inspect(  # noqa: PLR0913 - what a training is given
    folder: Path,
    tokenizer: Tokenizer,
    fim_format: FimFormat,
    settings: FinetuneSettings,
    *,
    since: str | None = None,
    denied: Sequence[str] = (),
) -> Inspection:
    """Look at the repository that holds `folder` as a training would.

    Raises:
        UsageError: see `split`.
    """
    seed, wanted = settings.seed, (settings.cases, settings.validation_cases)
    found = split(folder, since, seed=seed, cases=settings.cases, denied=denied)
    files = [(file, False) for file in found.train]
    if found.kind == "file":
        files += [(each.file, True) for each in found.held_out]
    kept = tuple(
        KeptFile(file.path, file.language, len(tokenizer.encode(file.text)), file.licence, held)
        for file, held in sorted(files, key=lambda each: each[0].path)
    )
    examples = draw_examples(
        found.train,
        tokenizer,
        fim_format,
        seed=seed,
        epoch=0,
        count=EXAMPLES,
        budget=_SHOWN,
        prefix_weight=settings.prefix_weight,
    )
    cases, validation = drawn_cases(found, *wanted, seed)
    return Inspection(
        split=found,
        kept=kept,
        tokens=sum(file.tokens for file in kept if not file.is_held_out),
        cases=len(cases),
        validation_cases=len(validation),
        wanted=wanted,
        examples=tuple(_as_text(each, tokenizer) for each in examples[:EXAMPLES]),
    )


def render(inspection: Inspection, *, colour: bool = False) -> Iterator[str]:
    """Lines for a terminal; with `colour`, the prompts are dim."""
    found = inspection.split
    languages = Counter(file.language for file in inspection.kept if not file.is_held_out)
    listed = ", ".join(f"{count} {language}" for language, count in languages.most_common())
    yield f"commit {found.commit[:12]} of {found.date}"
    yield f"learnt: {len(found.train)} files ({listed}), {inspection.tokens:,} tokens"
    yield f"held out: {_held_out(found)}, {_cases(inspection)}"
    yield f"rejected: {len(found.rejected)} files"
    for file in found.rejected:
        yield f"  {file.path}: {file.reason}{f' ({file.licence})' if file.licence else ''}"
    for example, prompt, middle in inspection.examples:
        labels = f"{example.num_predicted} of {len(example.ids)} tokens with loss"
        if example.num_prefix:
            labels += f", {example.num_prefix} of them at weight {example.prefix_weight:g}"
        yield ""
        yield f"{example.kind} in {example.path}: {labels}"
        yield f"{_dim(prompt) if colour else prompt}⟦{middle}⟧"


def _held_out(found: Split) -> str:
    if found.kind == "file":
        return f"{len(found.held_out)} files"
    return f"lines added until {found.until[:12]} in {len(found.held_out)} files"


def _cases(inspection: Inspection) -> str:
    there = inspection.cases, inspection.validation_cases
    told = f"{there[0]} cases and {there[1]} more to stop by"
    if there == inspection.wanted:
        return told
    return f"{told}, of {inspection.wanted[0]} and {inspection.wanted[1]} wanted"


def _dim(text: str) -> str:
    return f"\x1b[2m{text}\x1b[22m"


def _as_text(example: Example, tokenizer: Tokenizer) -> tuple[Example, str, str]:
    """The example with its prompt and its labels as text, control tokens by their names."""
    names = {id_: name for name, id_ in tokenizer.control_ids.items()}

    def spelled(ids: tuple[int, ...]) -> str:
        pieces = (
            names[id_].encode() if id_ in names else tokenizer.token_bytes(id_) for id_ in ids
        )
        return b"".join(pieces).decode("utf-8", "replace")

    at = len(example.ids) - example.num_labels
    return example, spelled(example.ids[:at]), spelled(example.ids[at:])
