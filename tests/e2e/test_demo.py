"""`codegen-lsp demo`, the first thing that a new user runs, with the real model."""

import pytest

from codegen_lsp.cli import main


@pytest.mark.model
def test_the_demo_shows_a_completion(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo"]) == 0
    out = capsys.readouterr().out
    assert "1 suggestion from the model" in out or "suggestions from the model" in out
    assert "    return " in out
