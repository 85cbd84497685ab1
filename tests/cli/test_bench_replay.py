"""The command line of `bench replay`: what is refused before anything is started."""

import importlib.util
from pathlib import Path

import pytest

from codegen_lsp.cli import bench_replay, main


@pytest.fixture(autouse=True)
def _no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_replay, "SERVER", ["no-such-command"])


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "a.py"
    path.write_text("def f():\n    x = 1\n    return x\n")
    return str(path)


def test_a_plot_without_matplotlib_says_how_to_get_it(
    file: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert main(["bench", "replay", file, "--plot", "x.png"]) == 2
    assert "pip install 'codegen-lsp[plot]'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--plot", "no/such/folder/x.png"], "no file can be written there"),
        (["--peer-infill", "http://x", "--typist-ms", "200"], "--typist-ms 0"),
    ],
)
def test_what_cannot_be_done_is_refused_at_once(
    arguments: list[str], words: str, file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bench", "replay", file, *arguments]) == 2
    assert words in capsys.readouterr().err


def test_a_file_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "replay", "no-such.py"]) == 2
    assert "cannot read no-such.py" in capsys.readouterr().err


@pytest.mark.parametrize("pace", ["-1", "fast", "²"])
def test_a_pace_is_a_number(pace: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["bench", "replay", "a.py", f"--typist-ms={pace}"])
    assert caught.value.code == 2
    assert "not a number of milliseconds" in capsys.readouterr().err


def test_the_help_says_how_to_start_the_peer(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["bench", "replay", "--help"])
    said = capsys.readouterr().out
    assert "llama-server -m" in said
    assert "tests/peer/llama_server.py" in said
