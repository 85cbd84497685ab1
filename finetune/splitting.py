"""What is learnt, and what is held out to see whether that helped.

By time: the tree at a commit is learnt, and lines that were added after it are held out, as in use.
By file, where there is too little history: some files are learnt, the others are held out. Nothing
that is held out has a duplicate or near duplicate among what is learnt. By time, the earlier state
of a file is learnt in which the held-out lines came to stand later: it is there in use, too, and
lines that were only moved do not count as added.
"""

import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from codegen_lsp.context.reading import is_code
from codegen_lsp.errors import UsageError
from finetune.collecting import Corpus, corpus_at, in_order
from finetune.corpus import Known, Rejected, SourceFile, read
from finetune.duplicates import groups, without_duplicates
from finetune.git import commit_of
from finetune.history import added_lines, commit_before, commit_before_newest, date_of

HELD_OUT_SHARE = 0.15
"""Of the code's characters, in a split by file."""

NEW_SHARE = 0.1
"""Of the code's lines, that have to be newer than the commit of a split by time."""

CASES = 150
_LINES_PER_CASE = 3
_CHARACTERS_PER_CASE = 250
_MOST_HELD_OUT = 0.3
_LEAST_LEARNT = 0.5
_TEST = re.compile(r"(?:^|[/_.])(?:tests?|specs?|testing|__tests__)(?:[/_.]|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class HeldOut:
    """A file of which parts are asked for.

    Attributes:
        file: as it is at the end.
        places: offsets between which cases are cut; nothing: anywhere.
    """

    file: SourceFile
    places: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Split:
    """A repository in two.

    Attributes:
        kind: how it was split.
        commit: whose tree is learnt, and shown as context.
        until: whose files are held out; `commit` in a split by file.
        date: of `commit`, in ISO 8601.
        train: the files to learn.
        held_out: what is asked for.
        rejected: every other file of `commit`.
    """

    kind: Literal["time", "file"]
    commit: str
    until: str
    date: str
    train: tuple[SourceFile, ...]
    held_out: tuple[HeldOut, ...]
    rejected: tuple[Rejected, ...]


def split(
    folder: Path,
    since: str | None = None,
    *,
    seed: int = 0,
    cases: int = CASES,
    denied: Sequence[str] = (),
) -> Split:
    """Split the repository that holds `folder`, of which only what is below it counts.

    Args:
        folder: with some history.
        since: a revision or a date to split at; None: the newest tenth of the lines is held out,
            or, where the history does not reach that far, files are.
        seed: of the choice of files.
        cases: how many are wanted of what is held out.
        denied: the setting `denied_files`: patterns of files that are not read.

    Returns:
        Nothing may be held out, or there may be nothing to learn: see `check`.

    Raises:
        UsageError: git cannot read it.
    """
    until = commit_of(folder)
    if since is not None:
        return by_time(folder, commit_before(folder, since), until, denied)
    known: Known = {}
    corpus = corpus_at(folder, until, denied, known)
    lines = sum(file.text.count("\n") for file in corpus.kept)
    wanted = max(int(NEW_SHARE * lines), cases * _LINES_PER_CASE)
    earlier = commit_before_newest(folder, until, wanted, lambda path: is_code(Path(path)))
    if earlier is not None:
        found = by_time(folder, earlier, until, denied, known)
        if _is_enough(found, corpus.kept, cases):
            return found
    return by_file(folder, until, corpus, seed=seed, cases=cases)


def check(found: Split, folder: Path) -> None:
    """Have enough in a split of `folder` to learn and to ask for.

    Raises:
        UsageError: there is not.
    """
    if not found.train:
        raise UsageError(
            f"{folder} holds no code to learn at {found.commit[:12]}; "
            "`codegen-lsp finetune inspect` says why each file was rejected"
        )
    if not found.held_out and found.kind == "file":
        raise UsageError(
            f"only {found.train[0].path} in {folder} can be learnt, and a second file is needed to "
            "hold out; `codegen-lsp finetune inspect` says why others were rejected"
        )
    if not found.held_out:
        raise UsageError(
            f"no new code was added to {folder} since {found.date}; name an earlier date, or none"
        )


def by_time(
    folder: Path,
    since: str,
    until: str,
    denied: Sequence[str] = (),
    known: Known | None = None,
) -> Split:
    """Learn the tree of the commit `since`, and hold out what `until` has and it has not.

    For the other arguments see `read`.

    Raises:
        UsageError: git cannot read it.
    """
    corpus = corpus_at(folder, since, denied, known)
    added = added_lines(folder, since, until)
    newest = read(folder, until, denied=denied, only=added, known=known)
    changed, _ = without_duplicates([each for each in newest if isinstance(each, SourceFile)])
    held_out = [HeldOut(file, _places(file.text, added[file.path])) for file in changed]
    held_out = [each for each in held_out if each.places]
    twins = _twins(corpus.kept, [each.file for each in held_out])
    return Split(
        kind="time",
        commit=since,
        until=until,
        date=date_of(folder, since),
        train=tuple(file for file in corpus.kept if file.path not in twins),
        held_out=tuple(held_out),
        rejected=in_order([*corpus.rejected, *twins.values()]),
    )


def by_file(
    folder: Path, commit: str, corpus: Corpus, *, seed: int = 0, cases: int = CASES
) -> Split:
    """Learn most of the files of `commit`, and hold out some, tests as well as others.

    Raises:
        UsageError: git cannot read it.
    """
    kept = corpus.kept
    total = max(sum(len(file.text) for file in kept), 1)
    share = min(max(HELD_OUT_SHARE, cases * _CHARACTERS_PER_CASE / total), _MOST_HELD_OUT)
    tests = [file for file in kept if _TEST.search(file.path)]
    others = [file for file in kept if not _TEST.search(file.path)]
    chance = random.Random(seed)
    held_out = [*_some(others, share, chance), *_some(tests, share, chance)]
    if not held_out and len(kept) > 1:
        held_out = [min(kept, key=lambda file: len(file.text))]
    paths = {file.path for file in held_out}
    return Split(
        kind="file",
        commit=commit,
        until=commit,
        date=date_of(folder, commit),
        train=tuple(file for file in kept if file.path not in paths),
        held_out=tuple(HeldOut(file) for file in sorted(held_out, key=lambda file: file.path)),
        rejected=corpus.rejected,
    )


def _some(files: Iterable[SourceFile], share: float, chance: random.Random) -> list[SourceFile]:
    """Random ones with about `share` of the characters; none that alone has much more than that."""
    shuffled = list(files)
    chance.shuffle(shuffled)
    wanted = share * sum(len(file.text) for file in shuffled)
    taken: list[SourceFile] = []
    size = 0
    for file in shuffled:
        if size < wanted and size + len(file.text) <= 1.5 * wanted:
            taken.append(file)
            size += len(file.text)
    return taken


def _twins(kept: Sequence[SourceFile], held_out: Sequence[SourceFile]) -> dict[str, Rejected]:
    """The rejections of those `kept` that are near to a file held out under another path."""
    numbers = groups([file.text for file in (*held_out, *kept)])
    paths: dict[int, list[str]] = {}
    for file, group in zip(held_out, numbers, strict=False):
        paths.setdefault(group, []).append(file.path)
    found = {}
    for file, group in zip(kept, numbers[len(held_out) :], strict=True):
        others = [path for path in paths.get(group, []) if path != file.path]
        if others:
            found[file.path] = Rejected(file.path, f"near-duplicate of held-out {others[0]}")
    return found


def _places(text: str, numbers: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """Offsets of the lines with these numbers, from one; of several in a row together."""
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    places: list[tuple[int, int]] = []
    for number in numbers:
        if number <= len(lines):
            start, end = starts[number - 1], starts[number] - 1
            joins = bool(places) and places[-1][1] + 1 == start
            places[-1:] = [(places[-1][0], end)] if joins else [*places[-1:], (start, end)]
    return tuple(place for place in places if text[slice(*place)].strip())


def _is_enough(found: Split, kept: Sequence[SourceFile], cases: int) -> bool:
    """Whether a split by time leaves something to learn, and enough to ask for."""
    lines = sum(
        len([line for line in each.file.text[slice(*place)].split("\n") if line.strip()])
        for each in found.held_out
        for place in each.places
    )
    learnt = sum(len(file.text) for file in found.train)
    total = sum(len(file.text) for file in kept)
    return lines >= cases * _LINES_PER_CASE and learnt >= _LEAST_LEARNT * total
