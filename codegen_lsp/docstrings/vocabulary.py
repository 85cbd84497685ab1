"""Words of sentences about code: which of them say something, and which need evidence."""

import re
from functools import cache
from importlib.resources import files

TELLS = frozenset({"is", "has", "can", "should", "was", "are", "does", "will", "must", "needs"})
"""Words that the name of what tells whether something is so begins with."""

_WORD = re.compile(r"[A-Za-z]+")
_HUMPS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_STEM = 4


def word_list(name: str) -> frozenset[str]:
    """The words of the list `name` in the folder `lists`."""
    return frozenset((files("codegen_lsp.docstrings") / "lists" / name).read_text("utf-8").split())


_EMPTY = word_list("empty")
"""Words without a meaning of their own: beside a name they say nothing of it."""

_COMMON = word_list("common")
"""Words that can be said of any code."""


def words(text: str) -> list[str]:
    """The words of `text` in lower case, names taken apart at their humps and underscores."""
    return [part.lower() for word in _WORD.findall(text) for part in _HUMPS.findall(word)]


def meaningful(text: str) -> frozenset[str]:
    """Stems of the words in `text` that say something."""
    return frozenset(stem(word) for word in words(text) if word not in _EMPTY and len(word) > 1)


def unfounded(sentence: str, evidence: str) -> list[str]:
    """Words of `sentence` that are neither common nor, by their stem, in `evidence`."""
    return [word for word in ungrounded(sentence, evidence) if stem(word) not in _common_stems()]


def ungrounded(sentence: str, evidence: str) -> list[str]:
    """Words of `sentence` that say something and are not, by their stem, in `evidence`."""
    known = evidence.lower()
    return [
        word
        for word in words(sentence)
        if len(word) > 2
        and word not in _EMPTY
        and stem(word)[:_LONGEST_EVIDENCE] not in known
        and _SHORT_FORMS.get(word, word) not in known
    ]


_SHORT_FORMS = {
    "authentication": "auth",
    "database": "db",
    "directory": "dir",
    "environment": "env",
    "expression": "expr",
    "image": "img",
    "index": "idx",
    "length": "len",
    "markdown": "md",
    "message": "msg",
    "maximum": "max",
    "minimum": "min",
    "number": "num",
    "package": "pkg",
    "repository": "repo",
    "temporary": "tmp",
}
"""How code writes words that sentences write out."""
_LONGEST_EVIDENCE = 5
"""Characters that a word and its evidence share: "configuration" is founded on `config`."""


def stem(word: str) -> str:
    """`word` without the ending that number or tense gives it; rough, but the same for both."""
    for ending in ("ations", "ation", "ings", "ing", "ies", "ied", "ers", "ors", "ed", "es", "er"):
        if word.endswith(ending) and len(word) - len(ending) >= _STEM - 1:
            return _plain(word[: -len(ending)])
    return _plain(word[:-1] if word.endswith("s") and len(word) > _STEM else word)


def _plain(root: str) -> str:
    if len(root) >= _STEM and root[-1] == root[-2]:
        root = root[:-1]  # "stopping"
    return root[:-1] if root.endswith(("e", "y", "i")) and len(root) > 3 else root


@cache
def _common_stems() -> frozenset[str]:
    return frozenset(map(stem, _COMMON | _EMPTY))
