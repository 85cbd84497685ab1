"""The `config` command and the options made from the settings."""

import argparse
import io
import json
import sys
from pathlib import Path

import pytest

from codegen_lsp.cli import main
from codegen_lsp.cli.setting_options import add_setting_options, command_line
from codegen_lsp.config import SETTINGS
from codegen_lsp.errors import UsageError


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for setting in SETTINGS.values():
        monkeypatch.delenv(setting.variable, raising=False)
    monkeypatch.setenv("CODEGEN_LSP_CONFIG_DIR", str(tmp_path / "settings"))
    folder = tmp_path / "project"
    (folder / "inner").mkdir(parents=True)
    (folder / ".git").mkdir()
    monkeypatch.chdir(folder)
    return folder


def test_shows_each_value_and_where_it_comes_from(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / ".codegen-lsp.toml").write_text('disabled_languages = ["markdown"]')
    monkeypatch.setenv("CODEGEN_LSP_AUTOMATIC", "false")
    assert main(["config"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    rows = [line.split(maxsplit=2) for line in out.splitlines() if not line.startswith(" ")]
    assert [row[0] for row in rows] == list(SETTINGS)
    assert ["automatic", "false", "environment CODEGEN_LSP_AUTOMATIC"] in rows
    assert ["disabled_languages", '["markdown"]', "project file .codegen-lsp.toml"] in rows
    assert ["debounce_ms", "75", "default"] in rows
    assert all(f"    {setting.help}\n" in out for setting in SETTINGS.values())


def test_json(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "pyproject.toml").write_text("[tool.codegen-lsp]\ncandidates = 5\nzzz = 1\n")
    assert main(["config", "--json"]) == 0
    out, err = capsys.readouterr()
    shown = json.loads(out)
    assert shown["problems"] == ["project file pyproject.toml: unknown setting zzz"]
    assert set(shown["settings"]) == set(SETTINGS)
    assert shown["settings"]["candidates"] == {
        "value": 5,
        "origin": "project file pyproject.toml",
        "default": 3,
        "type": "integer",
        "help": SETTINGS["candidates"].help,
    }
    assert err == "codegen-lsp: warning: project file pyproject.toml: unknown setting zzz\n"


@pytest.mark.parametrize("folder", ["inner", ".", "../project/inner"])
def test_a_folder_has_the_settings_of_its_project(
    project: Path, folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / ".codegen-lsp.toml").write_text("candidates = 5")
    assert main(["config", "--json", folder]) == 0
    assert json.loads(capsys.readouterr().out)["settings"]["candidates"]["value"] == 5


@pytest.mark.parametrize("folder", ["none", ".git/none"])
def test_a_folder_must_exist(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["config", folder]) == 2
    assert capsys.readouterr().err == f"codegen-lsp: error: {folder} is not a folder\n"


def test_a_model_in_letters_that_the_terminal_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CODEGEN_LSP_MODEL", "/home/名/model")
    output = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(output, encoding="latin-1"))
    assert main(["config"]) == 0
    assert rb"/home/\u540d/model" in output.getvalue()


def parse(*arguments: str) -> dict[str, str]:
    parser = argparse.ArgumentParser()
    add_setting_options(parser)
    return command_line(parser.parse_args(arguments))


def test_every_setting_is_an_option_and_those_given_count() -> None:
    assert parse() == {}
    given = ("--automatic", "false", "--max-new-tokens", "64", "--disabled-languages", "")
    expected = {"automatic": "false", "max_new_tokens": "64", "disabled_languages": ""}
    assert parse(*given) == expected


def test_the_help_says_what_each_option_is_and_what_it_may_be() -> None:
    parser = argparse.ArgumentParser()
    add_setting_options(parser)
    text = " ".join(parser.format_help().split())
    for setting in SETTINGS.values():
        values = "|".join(setting.choices)
        assert f"{setting.option} {values}" in text
        assert f"{setting.help} (" in text
    assert "--candidates N Most suggestions" in text
    assert "(1 to 10, default: 3)" in text


def test_a_command_may_have_some_of_them_beside_its_own() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--candidates", type=int, default=1)
    add_setting_options(parser, ("model",))
    assert command_line(parser.parse_args(["--model", "m", "--candidates", "2"])) == {"model": "m"}


@pytest.mark.parametrize(
    ("option", "text", "complaint"),
    [
        (
            "--debounce-ms",
            "fast",
            "--debounce-ms: expected a whole number from 0 to 1000, got 'fast'",
        ),
        ("--automatic", "maybe", "--automatic: expected true or false, got 'maybe'"),
        ("--model", "", "--model: expected a value such as qwen2.5-coder-0.5b"),
        ("--decoder", "fat", "--decoder: expected one of auto, lean, transformers, got 'fat'"),
    ],
)
def test_bad_options_are_usage_errors(option: str, text: str, complaint: str) -> None:
    with pytest.raises(UsageError) as raised:
        parse(option, text)
    assert str(raised.value).startswith(complaint)
