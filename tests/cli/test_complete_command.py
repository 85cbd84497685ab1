"""The `complete` command with a model that writes what the test says."""

import io
import json
import sys
from pathlib import Path

import pytest

from codegen_lsp.cli import main
from codegen_lsp.completion.options import CompletionOptions
from codegen_lsp.completion.pipeline import Completer
from codegen_lsp.completion.suggestion import Suggestion
from codegen_lsp.prompt import model as model_module
from codegen_lsp.prompt.model import Model
from codegen_lsp.text import Snapshot
from tests.scripted_models import script, scripted_model


@pytest.fixture(autouse=True)
def no_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CODEGEN_LSP_CONFIG_DIR", str(tmp_path / "settings"))
    monkeypatch.setenv("CODEGEN_LSP_CONTEXT", "false")  # test_complete_context.py has that


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "shop.py"
    path.write_bytes(b"import os\ntotal = \n")
    return path


def play(monkeypatch: pytest.MonkeyPatch, *scripts: list[int], infills: bool = True) -> list[str]:
    """Let any model play `scripts`; returns the list of the names that will be loaded."""
    names: list[str] = []

    def load_model(name: str, **_: object) -> Model:
        names.append(name)
        return scripted_model(scripts, infills=infills)

    monkeypatch.setattr(model_module, "load_model", load_model)
    return names


def test_prints_the_text_and_nothing_else(
    file: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    names = play(monkeypatch, script("total = ", "first\nmore\n"))
    assert main(["complete", f"{file}:2:9", "--model", "some"]) == 0
    assert capfdbinary.readouterr() == (b"first", b"")
    assert names == ["some"]


@pytest.mark.parametrize("place", ["shop.py:2", "shop.py:2:9"])
def test_the_end_of_a_line_is_the_default(
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    place: str,
) -> None:
    assert file.exists()
    play(monkeypatch, script("total = ", "first\n"))
    assert main(["complete", place, "--json"]) == 0
    cursor = {"line": 1, "character": 8}
    assert json.loads(capsys.readouterr().out)["range"] == {"start": cursor, "end": cursor}


def test_the_range_ends_behind_what_gives_way(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text("import os\ntotal = '🙂' + [first()]\n", encoding="utf-8")
    play(monkeypatch, script("import os\ntotal = '🙂' + [first(", "1)] + second\n"))
    assert main(["complete", f"{file}:2:22", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["text"] == "1)] + second"
    start, end = {"line": 1, "character": 22}, {"line": 1, "character": 24}
    assert found["range"] == {"start": start, "end": end}


def test_a_file_name_may_hold_colons(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file.rename(file.parent / "a:1:b.py")
    play(monkeypatch, script("total = ", "first\n"))
    assert main(["complete", "a:1:b.py:2"]) == 0
    assert capsys.readouterr().out == "first"


def test_stdin_is_the_buffer_of_a_file_that_need_not_exist(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("é = ".encode())))
    play(monkeypatch, script("é = ", "first\n"))
    assert main(["complete", f"{tmp_path}/none.py:1:5", "--stdin"]) == 0
    assert capsys.readouterr().out == "first"


def test_streaming_prints_the_same_text(
    file: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    play(monkeypatch, script("total = ", "é", " + ", "first", "\n"))
    assert main(["complete", f"{file}:2", "--stream"]) == 0
    assert capfdbinary.readouterr().out == "é + first".encode()


def test_candidates_stand_between_rules_and_in_json_as_a_list(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    scripts = [script("total = ", each + "\n") for each in ("first", "first", "second")]
    play(monkeypatch, *scripts)
    assert main(["complete", f"{file}:2", "--candidates", "3"]) == 0
    assert capsys.readouterr().out == "first\n----\nsecond"
    play(monkeypatch, *scripts)
    assert main(["complete", f"{file}:2", "--candidates", "3", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["candidates"] == ["first", "second"]


def test_silence_is_explained_on_standard_error(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    play(monkeypatch, script("total = "))
    assert main(["complete", f"{file}:2"]) == 0
    expected = "codegen-lsp: no suggestion: the model had nothing to add\n"
    assert capsys.readouterr() == ("", expected)


def test_a_model_that_cannot_infill_says_so(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    play(monkeypatch, script("total = ", "first\n"), infills=False)
    assert main(["complete", f"{file}:2", "--model", "some"]) == 0
    out, err = capsys.readouterr()
    assert out == "first"
    assert err.startswith("codegen-lsp: note: some has no fill-in-the-middle format")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["shop.py"], "not of the form FILE:LINE"),
        (["shop.py:"], "not of the form FILE:LINE"),
        (["shop.py:two"], "not of the form FILE:LINE"),
        (["shop.py:" + "9" * 5000], "not of the form FILE:LINE"),
        (["shop.py:-1:1"], "cannot read shop.py:-1: No such file"),
        (["shop.py:0"], "line 0 is outside the text, which has 3 lines"),
        (["shop.py:4:1"], "line 4 is outside the text, which has 3 lines"),
        (["shop.py:2:0"], "column 0 is outside line 2, whose last column is 9"),
        (["shop.py:2:10"], "column 10 is outside line 2, whose last column is 9"),
        (["none.py:1:1"], "cannot read none.py: No such file"),
        (["none.py/x.py:1:1"], "cannot read none.py/x.py: No such file"),
        (["shop.py/x.py:1:1"], "cannot read shop.py/x.py: Not a directory"),
        ([".:1:1"], "cannot read .: Is a directory"),
        ([f"{'x' * 5000}:1"], "File name too long"),
        (["shop.py:2", "--max-new-tokens", "0"], "--max-new-tokens: expected a whole number from"),
        (["shop.py:2", "--multiline", "yes"], "--multiline: expected one of auto, never, always"),
        (["shop.py:2", "--stream", "--json"], "leave out --json and --candidates"),
        (["shop.py:2", "--stream", "--candidates", "2"], "leave out --json and --candidates"),
    ],
)
def test_usage_errors_are_one_line_and_load_no_model(
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    complaint: str,
) -> None:
    assert file.exists()
    names = play(monkeypatch)
    assert main(["complete", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("codegen-lsp: error: ")
    assert err.count("\n") == 1
    assert complaint in err
    assert names == []


@pytest.mark.parametrize("content", [b"\x7fELF\0\0", b"a\0b", "x = 1\n".encode("utf-16")])
def test_binary_data_is_refused(
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    content: bytes,
) -> None:
    file.write_bytes(content)
    names = play(monkeypatch)
    assert main(["complete", "shop.py:1:1"]) == 2
    expected = "codegen-lsp: error: shop.py holds binary data: only text can be completed\n"
    assert capsys.readouterr() == ("", expected)
    assert names == []


@pytest.mark.parametrize("number", ["0", "-1", "two", "1.5", ""])
def test_numbers_are_positive(number: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        main(["complete", "shop.py:1", "--candidates", number])
    assert raised.value.code == 2
    assert f"--candidates: {number!r} is not a positive number" in capsys.readouterr().err


def settings_that_count(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> dict[str, object]:
    """What `complete shop.py:2 ARGUMENTS` asks of the model and of the completion."""
    asked: dict[str, object] = {}
    original = Completer.complete

    def load_model(name: str, *, precision: str, decoder: str) -> Model:
        asked.update(model=name, precision=precision, decoder=decoder)
        return scripted_model([script("total = ", "first\n")])

    def complete(
        completer: Completer, snapshot: Snapshot, offset: int, options: CompletionOptions
    ) -> list[Suggestion]:
        asked.update(multiline=options.multiline, max_new_tokens=options.max_new_tokens)
        return original(completer, snapshot, offset, options)

    monkeypatch.setattr(model_module, "load_model", load_model)
    monkeypatch.setattr(Completer, "complete", complete)
    assert main(["complete", "shop.py:2", *arguments]) == 0
    return asked


def test_settings_are_those_of_the_files_project_and_options_win(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    user_file = file.parent / "settings" / "config.toml"
    user_file.parent.mkdir()
    user_file.write_text('model = "mine"\nprecision = "bf16"\nmultiline = "always"\n')
    (file.parent / ".codegen-lsp.toml").write_text('multiline = "never"\nmax_new_tokens = 7\n')
    expected = {
        "model": "mine",
        "precision": "bf16",
        "decoder": "auto",
        "multiline": "never",
        "max_new_tokens": 7,
    }
    assert settings_that_count(monkeypatch) == expected
    options = ("--model", "other", "--decoder", "lean", "--max-new-tokens", "9")
    assert settings_that_count(monkeypatch, *options) == expected | {
        "model": "other",
        "decoder": "lean",
        "max_new_tokens": 9,
    }


def test_wrong_settings_are_warned_of_and_the_defaults_used(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (file.parent / "pyproject.toml").write_text('[tool.codegen-lsp]\nmultiline = "yes"\n')
    assert settings_that_count(monkeypatch)["multiline"] == "auto"
    assert capsys.readouterr().err == (
        "codegen-lsp: warning: project file pyproject.toml: multiline:"
        " expected one of auto, never, always, got 'yes'\n"
    )


def test_an_unknown_model_is_a_usage_error(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["complete", f"{file}:1:1", "--model", "gpt-17"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "gpt-17" in err
    assert err.count("\n") == 1


def test_a_model_that_is_not_fetched_names_the_command(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CODEGEN_LSP_CACHE_DIR", str(file.parent / "cache"))
    assert main(["complete", f"{file}:1:1"]) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert "`codegen-lsp model pull qwen2.5-coder-0.5b`" in err
    assert err.count("\n") == 1


def test_an_interruption_ends_quietly(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def load_model(*_: object, **__: object) -> Model:
        raise KeyboardInterrupt

    monkeypatch.setattr(model_module, "load_model", load_model)
    assert main(["complete", f"{file}:1:1"]) == 130
    assert capsys.readouterr() == ("", "")
