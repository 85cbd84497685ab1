"""The command line of `bench growth`: what is refused before anything is started."""

import pytest

from codegen_lsp.cli import bench_growth, main


@pytest.fixture(autouse=True)
def _no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_growth, "SERVER", ["no-such-command"])


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("200", "several different lengths"),
        ("200,200", "several different lengths"),
        ("200,many", "'many' is not a positive number"),
        ("200,0", "'0' is not a positive number"),
        ("", "'' is not a positive number"),
    ],
)
def test_lengths_are_several_numbers(
    lines: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["bench", "growth", f"--lines={lines}"])
    assert caught.value.code == 2
    assert words in capsys.readouterr().err


def test_a_file_that_is_too_short_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "growth", "--lines", "200,10"]) == 2
    assert "--lines 10: a file needs 40 lines or more" in capsys.readouterr().err
