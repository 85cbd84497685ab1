"""All of a commit that may be learnt, each text once, and all that may not, with the reasons."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from finetune.corpus import Known, Rejected, SourceFile, read
from finetune.duplicates import without_duplicates


@dataclass(frozen=True, slots=True)
class Corpus:
    """The files of a commit that may be learnt, none twice, and all others, in order of paths."""

    kept: tuple[SourceFile, ...]
    rejected: tuple[Rejected, ...]


def corpus_at(
    folder: Path, commit: str, denied: Sequence[str] = (), known: Known | None = None
) -> Corpus:
    """The files of `commit` that may be learnt, and all others; for the arguments see `read`.

    Raises:
        UsageError: git cannot read it.
    """
    found: list[SourceFile] = []
    rejected: list[Rejected] = []
    for each in read(folder, commit, denied=denied, known=known):
        if isinstance(each, SourceFile):
            found.append(each)
        else:
            rejected.append(each)
    kept, duplicates = without_duplicates(found)
    return Corpus(tuple(kept), in_order([*rejected, *duplicates]))


def in_order(rejected: Iterable[Rejected]) -> tuple[Rejected, ...]:
    """The same in the order of their paths."""
    return tuple(sorted(rejected, key=lambda each: each.path))
