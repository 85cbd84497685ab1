"""Files that say the same as another: exact and near duplicates, by MinHash.

Near is a Jaccard similarity of the sets of five tokens in a row of 0.7 or more (Lee et al. 2022,
arXiv 2107.06499; BigCode). MinHash (Broder 1997) finds the pairs to compare, and whether they are
near is then computed exactly. Written here because `datasketch` brings SciPy along.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from finetune.corpus import Rejected, SourceFile

NEAR = 0.7
"""Least Jaccard similarity of near duplicates."""

_TOKENS_IN_A_ROW = 5
# With 32 bands of 4, two files of similarity 0.7 are compared with a probability of 0.9998.
_BANDS, _ROWS = 32, 4
_PRIME = (1 << 61) - 1
_MOST_CANDIDATES = 64
"""Files that one is compared with; more are found only where many files share a large part."""

_TOKEN = re.compile(r"\w+|[^\w\s]")
_AT_ONCE = 4096
_Hashes = NDArray[np.uint64]

_random = np.random.default_rng(20251122)
_FACTORS = _random.integers(1 << 32, 1 << 63, size=_TOKENS_IN_A_ROW, dtype=np.uint64) | np.uint64(1)
_MULTIPLIERS = _random.integers(1, 1 << 31, size=(_BANDS * _ROWS, 1), dtype=np.uint64)
_ADDENDS = _random.integers(0, 1 << 60, size=(_BANDS * _ROWS, 1), dtype=np.uint64)


def without_duplicates(files: Sequence[SourceFile]) -> tuple[list[SourceFile], list[Rejected]]:
    """Of files that say the same, the first in the order of `files`, and the others' rejections."""
    kept: list[SourceFile] = []
    rejected: list[Rejected] = []
    first_of: dict[int, SourceFile] = {}
    for file, group in zip(files, groups([file.text for file in files]), strict=True):
        first = first_of.setdefault(group, file)
        if first is file:
            kept.append(file)
        else:
            is_exact = _tokens(first.text) == _tokens(file.text)
            how = "duplicate of" if is_exact else "near-duplicate of"
            rejected.append(Rejected(file.path, f"{how} {first.path}"))
    return kept, rejected


def groups(texts: Sequence[str]) -> list[int]:
    """For each text the number of its group: what is near to one of a group belongs to it."""
    group = list(range(len(texts)))
    compared: set[tuple[int, int]] = set()
    shingles = lru_cache(maxsize=256)(lambda number: _shingles(texts[number]))
    for one, other in _candidates(texts):
        roots = _root(group, one), _root(group, other)
        if roots[0] == roots[1] or (one, other) in compared:
            continue
        compared.add((one, other))
        if similarity(shingles(one), shingles(other)) >= NEAR:
            group[max(roots)] = min(roots)
    return [_root(group, number) for number in range(len(texts))]


def similarity(one: _Hashes, other: _Hashes) -> float:
    """Jaccard similarity of two sets."""
    shared = np.intersect1d(one, other, assume_unique=True).size
    return float(shared / (one.size + other.size - shared))


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text)


def _shingles(text: str) -> _Hashes:
    """Hashes of the runs of tokens in `text`, each once; a short text is one run."""
    tokens = _tokens(text)
    tokens += [""] * (_TOKENS_IN_A_ROW - len(tokens))
    each = np.fromiter((crc32(token.encode()) for token in tokens), np.uint64, len(tokens))
    last = len(tokens) - _TOKENS_IN_A_ROW + 1
    # Sums that overflow are as good as others; their upper half depends on every token.
    runs = sum(factor * each[at : at + last] for at, factor in enumerate(_FACTORS))
    return np.unique(runs >> np.uint64(32))


def _candidates(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Pairs of texts whose signatures agree in a band; the earlier one second."""
    signatures = np.empty((len(texts), _BANDS * _ROWS), dtype=np.uint64)
    for number, text in enumerate(texts):
        signatures[number] = _signature(_shingles(text))
    for band in range(_BANDS):
        part = signatures[:, band * _ROWS : (band + 1) * _ROWS]
        alike: dict[bytes, list[int]] = {}
        for number in range(len(texts)):
            earlier = alike.setdefault(part[number].tobytes(), [])
            yield from ((number, other) for other in earlier[:_MOST_CANDIDATES])
            earlier.append(number)


def _signature(hashes: _Hashes) -> _Hashes:
    """The least of the hashes under each of many random functions."""
    least = np.full(_BANDS * _ROWS, _PRIME, dtype=np.uint64)
    for start in range(0, hashes.size, _AT_ONCE):
        # Below 2^31 * 2^32 + 2^60, so that nothing overflows.
        mixed = (_MULTIPLIERS * hashes[start : start + _AT_ONCE] + _ADDENDS) % np.uint64(_PRIME)
        least = np.minimum(least, mixed.min(axis=1))
    return least


def _root(group: list[int], number: int) -> int:
    """The member that stands for the group of `number`; the way to it is shortened (union-find)."""
    while group[number] != number:
        group[number] = group[group[number]]
        number = group[number]
    return number
