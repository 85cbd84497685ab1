"""Docstrings of real functions written anew: by us, and by the same model asked freely.

What is written is kept in rows, so that a run can be taken up again. `docstring_report` judges it.
"""

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from codegen_lsp.docstrings.content import StyleName
from codegen_lsp.engine.base import Engine, Generation, Request, Statistics
from codegen_lsp.errors import UsageError
from codegen_lsp.evaluate.docstring_cases import Case
from codegen_lsp.evaluate.docstring_writers import Draft, Draw, free, guided
from codegen_lsp.prompt.model import Model

Way = Literal["ours", "free"]
"""Who shapes the docstring: we, with the model's sentences in it, or the model alone."""


@dataclass(frozen=True, slots=True)
class Written:
    """What came of one case, and what it has cost.

    Attributes:
        id: of the case.
        way: how it was written.
        style: that was wanted.
        draft: what was.
        seconds: from the case to the text.
        prompt_tokens: of the longest prompt.
        read_tokens: of all prompts together, those found in the KV cache not counted.
    """

    id: str
    way: Way
    style: StyleName
    draft: Draft
    seconds: float
    prompt_tokens: int
    read_tokens: int

    def applied(self, before: str) -> str:
        """The case's text `before` with what was written."""
        return before[: self.draft.start] + self.draft.text + before[self.draft.end :]


class _Meter:
    """An engine that keeps what each generation has cost."""

    def __init__(self, engine: Engine) -> None:
        self.context_window = engine.context_window
        self.statistics: list[Statistics] = []
        self._engine = engine

    def holds_two(self, num_tokens: int) -> bool:
        return self._engine.holds_two(num_tokens)

    def generate(self, request: Request) -> Generation:
        generation = self._engine.generate(request)
        self.statistics.append(generation.statistics)
        return generation


def write(
    model: Model,
    todo: Sequence[tuple[Case, Way]],
    style: StyleName,
    width: int,
) -> Iterator[Written]:
    """Document the case in each way that is `todo`; lines of ours are at most `width` long.

    Raises:
        UsageError: the model cannot be asked freely.
    """
    meter = _Meter(model.engine)
    metered = replace(model, engine=meter)
    draws: dict[Way, Draw] = {"ours": guided(metered, style, width)}
    if any(way == "free" for _, way in todo):
        draws["free"] = free(metered, style)
    for case, way in todo:
        meter.statistics.clear()
        started = time.perf_counter()
        draft = draws[way](case)
        yield Written(
            case.id,
            way,
            style,
            draft,
            seconds=time.perf_counter() - started,
            prompt_tokens=max((each.prompt_tokens for each in meter.statistics), default=0),
            read_tokens=sum(each.prompt_tokens - each.cached_tokens for each in meter.statistics),
        )


def read_rows(path: Path, style: StyleName) -> dict[tuple[str, str], Written]:
    """What earlier runs have kept in `path` of docstrings in `style`, by case and way.

    Nothing if there is no such file.

    Raises:
        UsageError: the file holds something else.
    """
    if not path.exists():
        return {}
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
        found = [_written(json.loads(line)) for line in lines if line]
    except (ValueError, TypeError, KeyError) as error:
        raise UsageError(f"{path} does not hold rows of this bench: name another file") from error
    return {(each.id, each.way): each for each in found if each.style == style}


def row_of(written: Written) -> dict[str, object]:
    """What `read_rows` reads."""
    return asdict(written)


def _written(row: dict[str, Any]) -> Written:
    replaced = tuple(row["draft"]["replaced"])
    return Written(**row | {"draft": Draft(**row["draft"] | {"replaced": replaced})})
