r"""Parts of a repository's other files, as a prompt shows them before the buffer.

A model that was trained on whole repositories has sentinels for that; a prompt then reads as its
training did: the repository's name, each file's path and text, at last the buffer's own path. Any
other model gets them as comments at the top of the prefix, which is how such parts were given to
models before there were sentinels (Ding et al. 2023, CrossCodeEval). Whatever a text holds, no
sentinel comes out of it. The same parts give the same tokens, so the KV cache keeps them while the
user types.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from codegen_lsp.models.tokenizer import Tokenizer
from codegen_lsp.prompt.formats import RepositoryTokens
from codegen_lsp.syntax.languages import line_comment


class Excerpt(Protocol):
    r"""A part of another file: its path in the repository, and whole lines that end in `\n`."""

    @property
    def path(self) -> str:
        """POSIX, relative to the repository's folder."""

    @property
    def text(self) -> str:
        """What the prompt shows of it."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a prompt shows of the repository besides the buffer.

    Attributes:
        repository: name of its folder.
        path: the buffer's own, in that folder.
        language: LSP identifier of the buffer, for comments in it.
        excerpts: the best last; hashable.
    """

    repository: str
    path: str
    language: str
    excerpts: tuple[Excerpt, ...]


ALONE = Surroundings("", "", "", ())


@dataclass(frozen=True, slots=True)
class Placed:
    """Surroundings as tokens.

    Attributes:
        ids: shared with other prompts, so not to be modified.
        excerpts: those that fitted, in their order, and how many tokens each takes.
        is_outside: they stand before the whole prompt, not at the top of the prefix.
    """

    ids: Sequence[int]
    excerpts: tuple[tuple[Excerpt, int], ...]
    is_outside: bool


_NOTHING = Placed((), (), is_outside=True)


@lru_cache(maxsize=16)
def place(
    tokenizer: Tokenizer, tokens: RepositoryTokens, around: Surroundings, budget: int
) -> Placed:
    """As many of the excerpts as `budget` tokens hold, the best first to be taken."""
    if not around.excerpts:
        return _NOTHING
    comment = line_comment(around.language)
    if tokens.file is not None:
        start, end = _frame(tokenizer, tokens, tokens.file, around)
        sentinel, mark = [tokenizer.control_ids[tokens.file]], ""
    elif comment:
        start, end, sentinel, mark = [], tokenizer.encode("\n"), [], f"{comment} "
    else:
        return _NOTHING
    room = budget - len(start) - len(end)
    taken: list[tuple[Excerpt, list[int]]] = []
    for excerpt in reversed(around.excerpts):
        ids = sentinel + tokenizer.encode(_as_text(excerpt, mark))
        if len(ids) <= room:
            room -= len(ids)
            taken.insert(0, (excerpt, ids))
    if not taken:
        return _NOTHING
    middle = [id_ for _, ids in taken for id_ in ids]
    fitting = tuple((excerpt, len(ids)) for excerpt, ids in taken)
    return Placed((*start, *middle, *end), fitting, is_outside=tokens.file is not None)


def _frame(
    tokenizer: Tokenizer, tokens: RepositoryTokens, file: str, around: Surroundings
) -> tuple[list[int], list[int]]:
    """What stands before the other files, and between them and the buffer."""
    control_ids = tokenizer.control_ids
    start: list[int] = []
    if tokens.repository is not None:
        start = [control_ids[tokens.repository], *tokenizer.encode(f"{around.repository}\n")]
    return start, [control_ids[file], *tokenizer.encode(f"{around.path}\n")]


def _as_text(excerpt: Excerpt, mark: str) -> str:
    text = excerpt.text.rstrip("\n")
    lines = [excerpt.path, *text.split("\n")]
    return "".join(f"{mark}{line}".rstrip() + "\n" if mark else f"{line}\n" for line in lines)
