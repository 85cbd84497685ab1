"""The files of a commit on disk, where the server's own retriever finds what to show of them."""

from collections.abc import Iterable
from pathlib import Path

from codegen_lsp.evaluate.case_context import Repository
from finetune.corpus import SourceFile
from finetune.examples import Around


def write_tree(files: Iterable[SourceFile], folder: Path) -> None:
    """Write `files` into `folder`, which is new and named like the repository, as prompts say that.

    Raises:
        OSError: the disk is full, or the folder cannot be written.
    """
    folder.mkdir(parents=True)
    # What a repository around it ignores, such as all that is written to, does not count here.
    (folder / ".git").touch()
    for file in files:
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text, encoding="utf-8", newline="\n")


def around_tree(folder: Path) -> Around:
    """Chooses from the files of `folder` as in an editor, whatever time it takes.

    Raises:
        CodegenError: the index cannot be written.
    """
    return Around(folder, Repository(folder).choose)
