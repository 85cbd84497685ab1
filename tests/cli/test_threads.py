"""What every command sets for the threads that torch starts, here or in the server's worker."""

import os

import pytest

from codegen_lsp.cli import main


@pytest.mark.parametrize(("own", "expected"), [(None, "1000"), ("7", "7")])
def test_threads_sleep_soon_beside_other_programs(
    own: str | None, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOMP_SPINCOUNT", own or "")
    if own is None:  # the user's own setting wins
        monkeypatch.delenv("GOMP_SPINCOUNT")
    assert main(["config"]) == 0
    assert os.environ["GOMP_SPINCOUNT"] == expected
