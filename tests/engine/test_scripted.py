"""The engine that other tests stand on keeps the promises of the protocol."""

from collections.abc import Sequence

import pytest

from codegen_lsp.engine.base import Engine, Request
from codegen_lsp.engine.scripted import ScriptedEngine


class OnlyFirst:
    """Allows one id for the first token, and for the others all but 7."""

    def __init__(self, id_: int) -> None:
        self.id: int | None = id_

    def allowed(self) -> Sequence[int] | None:
        return None if self.id is None else [self.id]

    def barred(self) -> Sequence[int]:
        return [7]

    def advance(self, token_id: int) -> None:
        assert self.id in (None, token_id)
        self.id = None


def test_plays_the_scripts_in_order_and_remembers_the_requests() -> None:
    scripted = ScriptedEngine([[1, 2], [3]])
    engine: Engine = scripted
    first, second = Request([7, 8], frozenset(), 9), Request([7], frozenset(), 9)
    generation = engine.generate(first)
    assert [(token.id, token.logprob) for token in generation] == [(1, -1.0), (2, -2.0)]
    assert generation.statistics.finish_reason == "stop"
    assert generation.statistics.prompt_tokens == 2
    assert generation.statistics.completion_tokens == 2
    assert [token.id for token in engine.generate(second)] == [3]
    assert scripted.requests == [first, second]


@pytest.mark.parametrize(
    ("limit", "expected", "finish"),
    [(2, [1, 2], "length"), (3, [1, 2, 3], "length"), (4, [1, 2, 3], "stop")],
)
def test_ends_at_the_limit_or_before_a_stop_id(
    limit: int, expected: list[int], finish: str
) -> None:
    generation = ScriptedEngine([[1, 2, 3, 9, 4]]).generate(Request([0], frozenset({9}), limit))
    assert [token.id for token in generation] == expected
    assert generation.statistics.finish_reason == finish


def test_stops_when_cancelled() -> None:
    request = Request([0], frozenset(), 9)
    generation = ScriptedEngine([[1, 2, 3]]).generate(request)
    seen = []
    for token in generation:
        seen.append(token.id)
        request.cancel.set()
    assert seen == [1]
    assert generation.statistics.finish_reason == "cancelled"


def test_a_token_that_the_constraint_rules_out_ends_the_script() -> None:
    obeying = Request([0], frozenset(), 9, constraint=OnlyFirst(1))
    assert [token.id for token in ScriptedEngine([[1, 5]]).generate(obeying)] == [1, 5]
    breaking = Request([0], frozenset(), 9, constraint=OnlyFirst(1))
    assert list(ScriptedEngine([[2, 1]]).generate(breaking)) == []
    barred = Request([0], frozenset(), 9, constraint=OnlyFirst(1))
    assert [token.id for token in ScriptedEngine([[1, 7, 5]]).generate(barred)] == [1]
