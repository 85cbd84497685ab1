"""The benchmark of the filters judges right and faulty suggestions."""

import json

import pytest

from codegen_lsp.cli import main
from codegen_lsp.errors import UsageError
from codegen_lsp.evaluate.filters_bench import measure


def test_right_suggestions_pass_and_faulty_ones_do_not() -> None:
    report = measure(file_lines=800, suggestion_lines=5, places=6)
    assert (report.right_changed, report.faulty_unchanged) == (0, 0)
    assert report.right.count == report.faulty.count == report.parse.count == 6


def test_too_long_a_suggestion_is_told() -> None:
    with pytest.raises(UsageError, match="700 lines"):
        measure(file_lines=800, suggestion_lines=700, places=1)


def test_the_command_ends_with_json(capsys: pytest.CaptureFixture[str]) -> None:
    small = ["--lines", "800", "--suggestion-lines", "5", "--places", "2"]
    assert main(["bench", "filters", *small]) == 0
    table, last = capsys.readouterr().out.strip().rsplit("\n", 1)
    assert "right ones changed" in table
    assert json.loads(last)["suggestion_lines"] == 5
