"""Words: what the index is searched by, cut from code on our side.

An identifier gives its whole and its parts: `getUserName` and `get_user_name` both give
"getusername", "get", "user" and "name", so that either finds the other.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

_IDENTIFIER = re.compile(r"\w+")
_BOUNDARY = re.compile(r"_+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_LONGEST = 64


def words(text: str) -> list[str]:
    """The words of `text` in lower case, in its order, as often as they stand in it.

    Single characters, numbers and what is longer than any name (encoded data) are left out.
    """
    found: list[str] = []
    for match in _IDENTIFIER.finditer(text):
        found += _split(match.group())
    return found


def distinct_words(texts: Iterable[str]) -> list[str]:
    """The words of all `texts`, each once, the first ones first."""
    return list(dict.fromkeys(word for text in texts for word in words(text)))


@lru_cache(maxsize=50_000)
def _split(identifier: str) -> tuple[str, ...]:
    if len(identifier) > _LONGEST:
        return ()
    parts = [part.lower() for part in _BOUNDARY.split(identifier) if part]
    whole = ["".join(parts)] if len(parts) > 1 else []
    return tuple(part for part in whole + parts if len(part) > 1 and not part.isnumeric())
