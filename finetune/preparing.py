"""What comes before training: the split on disk, the cases, and the base that is to learn."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from codegen_lsp.completion.pipeline import budget_within
from codegen_lsp.errors import DiskFullError, UsageError
from codegen_lsp.evaluate.cases import Case
from codegen_lsp.models.store import resolve
from codegen_lsp.models.tokenizer import Tokenizer
from codegen_lsp.prompt.build import PromptBudget
from codegen_lsp.prompt.formats import FimFormat
from codegen_lsp.prompt.model import format_of
from finetune.examples import Around, Example, draw_examples
from finetune.held_out import held_out_cases
from finetune.settings import FinetuneSettings
from finetune.splitting import Split, check, split
from finetune.tree_folder import around_tree, write_tree

_USUAL_WINDOW = 8192  # of a model that does not say how much it reads


@dataclass(frozen=True, slots=True)
class Base:
    """The model that is to learn, as far as examples need it.

    Attributes:
        name: as the user gave it.
        folder: its files.
        tokenizer: of it.
        fim_format: in which it is asked, and so trained.
        budget: of its prompts.
    """

    name: str
    folder: Path
    tokenizer: Tokenizer
    fim_format: FimFormat
    budget: PromptBudget


@dataclass(frozen=True, slots=True)
class Prepared:
    """All that a run learns from and is judged by.

    Attributes:
        base: the model.
        split: of the repository.
        tree: folder with the files that are learnt, which contexts are chosen from.
        cases: to be judged by.
        validation: further ones, to stop by.
    """

    base: Base
    split: Split
    tree: Path
    cases: Sequence[Case]
    validation: Sequence[Case]


def load_base(name: str) -> Base:
    """The model called `name`.

    Raises:
        UsageError: there is none of that name, or it cannot infill.
        ModelUnavailableError: it has not been fetched, or its files are damaged.
    """
    found = resolve(name)
    tokenizer = Tokenizer.load(found.folder)
    fim_format = format_of(found, tokenizer)
    if fim_format is None:
        raise UsageError(
            f"{name} has no fill-in-the-middle format that is known: choose a model that has one, "
            "such as those of `codegen-lsp model list`"
        )
    config = json.loads((found.folder / "config.json").read_text("utf-8"))
    budget = budget_within(config.get("max_position_embeddings", _USUAL_WINDOW))
    return Base(found.name, found.folder, tokenizer, fim_format, budget)


def prepare(  # noqa: PLR0913 - what a run begins with
    repository: Path,
    base: Base,
    settings: FinetuneSettings,
    out: Path,
    *,
    since: str | None = None,
    denied: Sequence[str] = (),
) -> Prepared:
    """Split `repository` and write what is learnt into `out`; again gives the same.

    Raises:
        UsageError: it is no repository, or holds too little; see `finetune.splitting`.
        DiskFullError: there is no room in `out`.
    """
    found = split(repository, since, seed=settings.seed, cases=settings.cases, denied=denied)
    check(found, repository)
    wanted = settings.cases + settings.validation_cases
    cases = held_out_cases(found, wanted, settings.seed)
    tree = out / "tree" / repository.resolve().name
    if not tree.exists():
        _write_tree(found, tree)
    return Prepared(base, found, tree, cases[: settings.cases], cases[settings.cases :])


def examples(
    prepared: Prepared, settings: FinetuneSettings, around: Around, epoch: int
) -> list[Example]:
    """The examples of an epoch."""
    base = prepared.base
    return draw_examples(
        prepared.split.train,
        base.tokenizer,
        base.fim_format,
        seed=settings.seed,
        epoch=epoch,
        budget=base.budget,
        around=around,
        context_share=settings.context_share,
        prefix_weight=settings.prefix_weight,
    )


def around(prepared: Prepared) -> Around:
    """What chooses other files for the examples; indexes them first.

    Raises:
        CodegenError: the index cannot be written.
    """
    return around_tree(prepared.tree)


def _write_tree(found: Split, tree: Path) -> None:
    part = tree.with_name(f".{tree.name}.part") / tree.name
    shutil.rmtree(part.parent, ignore_errors=True)
    try:
        write_tree(found.train, part)
        part.rename(tree)
        part.parent.rmdir()
    except OSError as error:
        raise DiskFullError(
            f"{tree.parent} cannot be written: {error.strerror or error}; make room or name "
            "another folder with --out"
        ) from error
