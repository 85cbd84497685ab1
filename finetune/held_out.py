"""The cases that a model is asked before and after it has learnt: cut from what is held out."""

import random
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from codegen_lsp.evaluate.cases import Case
from finetune.spans import Drawer, Kind
from finetune.splitting import HeldOut, Split

MIX: Mapping[Kind, float] = {
    "statement": 0.35,
    "block": 0.10,
    "arguments": 0.12,
    "expression": 0.10,
    "end_of_line": 0.33,
}
"""Share of each kind; in about half, the cursor stands inside a line."""

_LONGEST_LINES = 12
_SHORTEST = 3
"""Characters of a middle: to guess less says little."""

_TRIES_PER_FILE = 60


def held_out_cases(split: Split, count: int, seed: int) -> list[Case]:
    """Up to `count` cases, the same ones for the same arguments; no two share a character.

    Every file gives one before any gives a second, so that few files do not decide the figures.
    A case's id begins with the kind of what was cut out.
    """
    chance = random.Random(seed)
    by_file = [_cases(each, random.Random(f"{seed}:{each.file.path}")) for each in split.held_out]
    chance.shuffle(by_file)
    return list(islice(_in_turn(by_file), count))


def drawn_cases(
    split: Split, cases: int, validation_cases: int, seed: int
) -> tuple[list[Case], list[Case]]:
    """Those to be judged by, and further ones to stop by; a shortage is shared by both."""
    wanted = cases + validation_cases
    found = held_out_cases(split, wanted, seed)
    kept_back = min(validation_cases, max(1, round(len(found) * validation_cases / wanted)))
    judged = max(1, len(found) - kept_back)
    return found[:judged], found[judged:]


def _in_turn(by_file: Iterable[Iterator[Case]]) -> Iterator[Case]:
    """One of each, then the second of each, and so on."""
    waiting = deque(by_file)
    while waiting:
        cases = waiting.popleft()
        if (case := next(cases, None)) is not None:
            yield case
            waiting.append(cases)


def _cases(held_out: HeldOut, chance: random.Random) -> Iterator[Case]:
    """Cases of one file, each cut when it is asked for."""
    file, drawer = held_out.file, Drawer(held_out.file, held_out.places)
    taken: list[tuple[int, int]] = []
    for _ in range(_TRIES_PER_FILE):
        span = drawer.draw(chance, MIX)
        if span is None:
            return
        middle = file.text[span.start : span.end]
        is_new = all(span.end <= start or end <= span.start for start, end in taken)
        if not is_new or len(middle.strip()) < _SHORTEST or middle.count("\n") >= _LONGEST_LINES:
            continue
        taken.append((span.start, span.end))
        yield Case(
            id=f"{span.kind}:{file.path}:{span.start}",
            language=file.language,
            prefix=file.text[: span.start],
            suffix=file.text[span.end :],
            middle=middle,
            path=file.path,
        )
