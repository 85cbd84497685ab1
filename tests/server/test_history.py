"""Answers and outcomes are remembered, and not for ever."""

from codegen_lsp.completion.suggestion import Suggestion
from codegen_lsp.engine.base import Statistics
from codegen_lsp.server.history import Answer, History
from codegen_lsp.statistics.records import Outcome
from codegen_lsp.text import Position

SUGGESTION = Suggestion("x", 0, 0, None, None, Statistics(), None, (), 0.0)


def test_the_latest_answer_of_a_document_or_of_a_place_in_it() -> None:
    history = History()
    for version, line in enumerate((0, 1, 0)):
        history.add(Answer("a", version, Position(line, 0), False, version))
    history.add(Answer("b", 9, Position(0, 0), False, 0))
    assert [
        answer and answer.version
        for answer in (
            history.latest("a", None),
            history.latest("a", Position(1, 0)),
            history.latest("a", Position(5, 0)),
            history.latest("c", None),
        )
    ] == [2, 1, None, None]
    # Superseded, it was answered after the request that came later.
    history.add(Answer("a", 7, Position(0, 0), False, 1.5))
    assert history.latest("a", None) == Answer("a", 2, Position(0, 0), False, 2)
    history.forget("a")
    history.forget("never seen")
    assert history.latest("a", None) is None
    assert history.latest("b", None) is not None


def test_outcomes_follow_a_suggestion_by_its_id() -> None:
    history = History()
    first, second = history.new_ids([SUGGESTION, SUGGESTION])
    assert first != second
    assert history.outcome(first) == (Outcome.SENT, 0)
    history.note(first, Outcome.PARTIALLY_ACCEPTED, 7)
    history.note("unknown", Outcome.ACCEPTED)
    assert history.outcome(first) == (Outcome.PARTIALLY_ACCEPTED, 7)
    assert history.outcome(second) == (Outcome.SENT, 0)
    assert history.outcome("unknown") is None


def test_all_memories_are_bounded() -> None:
    history = History()
    oldest = history.new_ids([SUGGESTION])[0]
    for number in range(2000):
        history.new_ids([SUGGESTION])
        history.add(Answer("a", number, Position(number, 0), False, number))
    assert history.outcome(oldest) is None
    assert history.latest("a", Position(0, 0)) is None
    assert history.latest("a", Position(1999, 0)) is not None
    for number in range(2000):
        history.add(Answer(f"unknown {number}", 0, Position(0, 0), False, 0))
    assert history.latest("a", None) is None
    assert history.latest("unknown 1999", None) is not None
