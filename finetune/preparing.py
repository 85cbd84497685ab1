"""What comes before training: the split on disk, the cases, and the base that is to learn."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from codegen_lsp.completion.pipeline import budget_within
from codegen_lsp.engine.load import read_config
from codegen_lsp.errors import DamagedModelError, UsageError
from codegen_lsp.evaluate.cases import Case
from codegen_lsp.models.store import resolve
from codegen_lsp.models.tokenizer import Tokenizer
from codegen_lsp.prompt.build import PromptBudget
from codegen_lsp.prompt.formats import FimFormat
from codegen_lsp.prompt.model import format_of
from finetune.digests import digest_of_files
from finetune.examples import Around, Example, draw_examples
from finetune.held_out import drawn_cases
from finetune.settings import FinetuneSettings
from finetune.splitting import Split, check, split
from finetune.training.writing import writing
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
    budget = budget_within(_context_window(found.folder))
    return Base(found.name, found.folder, tokenizer, fim_format, budget)


def _context_window(folder: Path) -> int:
    window = read_config(folder).get("max_position_embeddings", _USUAL_WINDOW)
    if not isinstance(window, int):
        raise DamagedModelError(
            f"{folder / 'config.json'} misstates max_position_embeddings: {str(window)[:20]!r}"
        )
    return window


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
        UsageError: it is no repository, or holds too little to learn or to ask for.
        DiskFullError: there is no room in `out`.
    """
    found = split(repository, since, seed=settings.seed, cases=settings.cases, denied=denied)
    check(found, repository)
    cases, validation = drawn_cases(found, settings.cases, settings.validation_cases, settings.seed)
    if not cases:
        raise UsageError(_nothing_to_ask(repository, found))
    tree = out / "tree" / repository.resolve().name
    _bring_tree_up_to_date(found, tree)
    return Prepared(base, found, tree, cases, validation)


def examples(
    prepared: Prepared,
    settings: FinetuneSettings,
    around: Around,
    epoch: int,
    count: int | None = None,
) -> list[Example]:
    """The examples of an epoch, or about `count` of them."""
    base = prepared.base
    return draw_examples(
        prepared.split.train,
        base.tokenizer,
        base.fim_format,
        seed=settings.seed,
        epoch=epoch,
        count=count,
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


def _nothing_to_ask(repository: Path, found: Split) -> str:
    if found.kind == "time":
        return (
            f"the code added to {repository} since {found.date} is too short, nothing can be cut "
            "out of it to ask for: name an earlier date with --since, or none"
        )
    paths = ", ".join(each.file.path for each in found.held_out[:3])
    return (
        f"what is held out of {repository} is too short, nothing can be cut out of it to ask for "
        f"({paths}): commit more code, or name another folder"
    )


def _bring_tree_up_to_date(found: Split, tree: Path) -> None:
    """Have in `tree` what is learnt, and nothing else: an earlier run may have learnt more."""
    digest, digest_file = digest_of_files(found.train), tree.with_name(f".{tree.name}.sha256")
    with writing(tree.parent):
        tree.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(tree.with_name(".lock")):  # all processes of a run come here
            if tree.exists() and digest_file.exists() and digest_file.read_text() == digest:
                return
            digest_file.unlink(missing_ok=True)
            part = tree.with_name(f".{tree.name}.part") / tree.name
            for old in (part.parent, tree):
                shutil.rmtree(old, ignore_errors=True)
            write_tree(found.train, part)
            part.rename(tree)
            part.parent.rmdir()
            digest_file.write_text(digest)
