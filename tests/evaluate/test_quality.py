"""How predictions are judged and summed up."""

from collections.abc import Sequence
from typing import Any

import pytest

from codegen_lsp.completion.options import CompletionOptions
from codegen_lsp.completion.pipeline import Completer
from codegen_lsp.completion.reasons import Reason
from codegen_lsp.evaluate.cases import Case
from codegen_lsp.evaluate.quality import Prediction, first_line, predict, summarise
from tests.scripted_models import script, scripted_model


def predictions(cases: Sequence[Case], *written: str) -> list[Prediction]:
    scripts = [script(case.prefix, text) for case, text in zip(cases, written, strict=True)]
    return list(predict(Completer(scripted_model(scripts)), cases, CompletionOptions()))


def prediction(milliseconds: float, *, exact_match: bool, edit_similarity: float) -> Prediction:
    return Prediction("", "", exact_match, edit_similarity, milliseconds)


def shown(milliseconds: float, text: str, **facts: Any) -> Prediction:
    return Prediction("", text, milliseconds=milliseconds, **facts)


def silent(milliseconds: float, reason: Reason | None) -> Prediction:
    return Prediction("", "", False, 0.0, milliseconds, is_shown=False, reason=reason)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = 1", "x = 1"),
        ("  x = 1  \n  y", "x = 1"),
        ("\n    x = 1\n", "x = 1"),
        ("\n\nx", ""),
        ("x = 1\r\ny", "x = 1"),
        ("", ""),
    ],
)
def test_first_line(text: str, expected: str) -> None:
    assert first_line(text) == expected


def test_predictions_are_compared_by_their_first_line() -> None:
    cases = [
        Case("same", "python", "total = ", "\n", "first + second\nprint(total)\n"),
        Case("other", "python", "total = ", "\n", "first + second"),
        Case("none", "python", "total = ", "\n", "first"),
    ]
    same, other, none = predictions(cases, "first + second\n", "first\n", "")
    assert (same.id, same.prediction, same.exact_match) == ("same", "first + second", True)
    assert 0 < same.edit_similarity < 100
    assert (other.prediction, other.exact_match) == ("first", False)
    assert (none.prediction, none.exact_match, none.edit_similarity) == ("", False, 0)
    assert min(each.milliseconds for each in (same, other, none)) > 0


def test_an_equal_text_has_full_similarity() -> None:
    (only,) = predictions([Case("a", "python", "x = ", "", "first\n")], "first\n")
    assert (only.exact_match, only.edit_similarity) == (True, 100)


def test_summary() -> None:
    report = summarise(
        [
            shown(30, "first", exact_match=True, edit_similarity=100, is_right=True),
            shown(10, "other", exact_match=False, edit_similarity=50, adds_error=True),
            silent(20, Reason.EMPTY),
            silent(20, None),
        ],
        skipped_rows=4,
    )
    found = report.as_json()
    assert found.pop("exact_match_interval") == [0.0, 0.75]
    assert found.pop("edit_similarity_interval") == [0.0, 75.0]
    assert found == {
        "cases": 4,
        "skipped_rows": 4,
        "exact_match": 0.25,
        "edit_similarity": 37.5,
        "shown_rate": 0.5,
        "exact_match_of_shown": 0.5,
        "right_of_shown": 0.5,
        "characters_saved": 5,
        "syntax_errors_per_100": 50.0,
        "silences": {"empty": 1, "low_confidence": 1},
        "median_ms": 20,
        "p95_ms": 30,
    }


def test_only_what_is_likely_enough_counts_as_shown() -> None:
    cases = [Case("same", "python", "total = ", "\n", "first + second\nprint(total)\n")]
    completer = Completer(scripted_model([script("total = ", "first + second\n")] * 2))
    for threshold, is_shown in ((0.0, True), (9.0, False)):
        (only,) = predict(completer, cases, CompletionOptions(), threshold=threshold)
        assert (only.is_right, only.is_shown, only.reason) == (True, is_shown, None)
        assert 0 < (only.confidence or 0) < 1


def test_new_syntax_errors_are_seen_where_the_filters_are_off() -> None:
    cases = [Case("a", "python", "total = first", "\nprint(total)\n", " + second")]
    completer = Completer(scripted_model([script("total = first", " + second)\n")]), filters=False)
    (only,) = predict(completer, cases, CompletionOptions())
    assert (only.adds_error, only.is_right) == (True, False)


def test_p95_leaves_out_the_slowest_twentieth() -> None:
    times = [prediction(ms, exact_match=True, edit_similarity=1) for ms in range(100, 0, -1)]
    assert summarise(times, 0).p95_ms == 95
