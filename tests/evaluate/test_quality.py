"""How predictions are judged and summed up."""

from collections.abc import Sequence

import pytest

from codegen_lsp.completion.options import CompletionOptions
from codegen_lsp.completion.pipeline import Completer
from codegen_lsp.evaluate.cases import Case
from codegen_lsp.evaluate.quality import Prediction, first_line, predict, summarise
from tests.scripted_models import script, scripted_model


def predictions(cases: Sequence[Case], *written: str) -> list[Prediction]:
    scripts = [script(case.prefix, text) for case, text in zip(cases, written, strict=True)]
    return list(predict(Completer(scripted_model(scripts)), cases, CompletionOptions()))


def prediction(milliseconds: float, *, exact_match: bool, edit_similarity: float) -> Prediction:
    return Prediction("", "", exact_match, edit_similarity, milliseconds)


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
            prediction(30, exact_match=True, edit_similarity=100),
            prediction(10, exact_match=False, edit_similarity=50),
            prediction(20, exact_match=False, edit_similarity=0),
        ],
        skipped_rows=4,
    )
    found = report.as_json()
    low, high = found.pop("exact_match_interval"), found.pop("edit_similarity_interval")
    assert (low, high) == ([0.0, 1.0], [0.0, 100.0])
    assert found == {
        "cases": 3,
        "skipped_rows": 4,
        "exact_match": 0.3333,
        "edit_similarity": 50.0,
        "median_ms": 20,
        "p95_ms": 30,
    }


def test_p95_leaves_out_the_slowest_twentieth() -> None:
    times = [prediction(ms, exact_match=True, edit_similarity=1) for ms in range(100, 0, -1)]
    assert summarise(times, 0).p95_ms == 95
