"""Settings: the schema, the sources and what is said about bad content."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest
from pydantic import ValidationError

from codegen_lsp.completion.options import Multiline
from codegen_lsp.config import SETTINGS, Resolved, Settings, editor_settings, project_folder
from codegen_lsp.config import resolve as resolve_from
from codegen_lsp.config.describe import manifest
from codegen_lsp.docstrings.registry import STYLES
from codegen_lsp.engine.load import DecoderName
from codegen_lsp.models.catalogue import DEFAULT_MODEL

FORBIDDEN_TO_PROJECTS = {"model", "precision", "decoder", "model_sources", "statistics"}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


def write_user_file(project: Path, content: str) -> None:
    folder = project.parent / "settings"
    folder.mkdir(exist_ok=True)
    (folder / "config.toml").write_text(content, encoding="utf-8")


def resolve(
    project: Path,
    environ: dict[str, str] | None = None,
    editor: dict[str, object] | None = None,
    command_line: dict[str, str] | None = None,
) -> Resolved:
    """What holds in `project`, with the user file beside it."""
    environ = {"CODEGEN_LSP_CONFIG_DIR": str(project.parent / "settings")} | (environ or {})
    return resolve_from(
        project, environ=environ, editor=editor or {}, command_line=command_line or {}
    )


# The schema


def test_every_style_of_docstrings_can_be_chosen() -> None:
    assert SETTINGS["docstring_style"].choices == ("auto", *STYLES)


def test_defaults() -> None:
    assert Settings().model_dump() == {
        "model": DEFAULT_MODEL,
        "precision": "auto",
        "decoder": "auto",
        "model_sources": "hub,mirror",
        "automatic": True,
        "disabled_languages": [],
        "denied_files": [],
        "eagerness": "balanced",
        "multiline": "auto",
        "max_new_tokens": None,
        "candidates": 3,
        "debounce_ms": 75,
        "time_limit_ms": 1500,
        "prefetch": True,
        "context": True,
        "adapter": True,
        "completion_fallback": False,
        "docstring_style": "auto",
        "docstring_hints": False,
        "statistics": True,
        "max_document_kb": 5000,
    }


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        Settings().automatic = False


def test_choices_are_those_of_the_code_they_go_to() -> None:
    assert SETTINGS["multiline"].choices == get_args(Multiline)
    assert SETTINGS["decoder"].choices == get_args(DecoderName)


@pytest.mark.parametrize("name", list(SETTINGS))
def test_each_setting_has_one_line_of_help(name: str) -> None:
    assert re.fullmatch(r"[A-Z][^\n|]{10,100}\.", SETTINGS[name].help)


def test_only_what_is_loaded_fetched_and_counted_is_kept_from_projects() -> None:
    forbidden = {name for name, setting in SETTINGS.items() if not setting.from_project}
    assert forbidden == FORBIDDEN_TO_PROJECTS


def test_importing_it_loads_nothing_heavy() -> None:
    code = "import sys, codegen_lsp.config.describe; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True, timeout=60
    ).stdout.split()
    assert "codegen_lsp.config.sources" in loaded
    assert not {"torch", "transformers", "tokenizers", "tree_sitter", "numpy"} & set(loaded)


# Sources and precedence


def test_without_sources_everything_is_default(project: Path) -> None:
    resolved = resolve(project)
    assert resolved.settings == Settings()
    assert set(resolved.origins.values()) == {"default"}
    assert set(resolved.origins) == set(SETTINGS)
    assert resolved.problems == ()


def test_each_source_wins_over_the_ones_below(project: Path) -> None:
    def current() -> tuple[int, str]:
        resolved = resolve(project, environ, editor, command_line)
        assert resolved.problems == ()
        return resolved.settings.candidates, resolved.origins["candidates"]

    environ: dict[str, str] = {}
    editor: dict[str, object] = {}
    command_line: dict[str, str] = {}
    write_user_file(project, "candidates = 1")
    user_file = project.parent / "settings" / "config.toml"
    assert current() == (1, f"user file {user_file}")
    (project / "pyproject.toml").write_text("[tool.codegen-lsp]\ncandidates = 2\n")
    assert current() == (2, "project file pyproject.toml")
    (project / ".codegen-lsp.toml").write_text("candidates = 4\n")
    assert current() == (4, "project file .codegen-lsp.toml")
    environ["CODEGEN_LSP_CANDIDATES"] = "5"
    assert current() == (5, "environment CODEGEN_LSP_CANDIDATES")
    editor["candidates"] = 6
    assert current() == (6, "editor")
    command_line["candidates"] = "7"
    assert current() == (7, "command line")


def test_sources_are_joined_setting_by_setting(project: Path) -> None:
    write_user_file(project, 'model = "mine"\nautomatic = false\n')
    (project / ".codegen-lsp.toml").write_text("automatic = true\ndebounce_ms = 0\n")
    resolved = resolve(project, {"CODEGEN_LSP_MULTILINE": "never"})
    changed = {"model": "mine", "debounce_ms": 0, "multiline": "never", "automatic": True}
    assert resolved.settings == Settings.model_validate(changed)
    assert resolved.origins["automatic"] == "project file .codegen-lsp.toml"


def test_every_source_adds_to_the_denied_files_and_none_takes_back(project: Path) -> None:
    write_user_file(project, 'denied_files = ["*.sql"]')
    (project / ".codegen-lsp.toml").write_text('denied_files = ["customers/"]')
    environ = {"CODEGEN_LSP_DENIED_FILES": "*.dump,*.bak"}
    resolved = resolve(project, environ, {"denied_files": []}, {"denied_files": "a b"})
    assert resolved.settings.denied_files == ["*.sql", "customers/", "*.dump", "*.bak", "a b"]
    assert resolved.origins["denied_files"].endswith(
        "config.toml, project file .codegen-lsp.toml, environment CODEGEN_LSP_DENIED_FILES,"
        " editor, command line"
    )


@pytest.mark.parametrize("value", [["!*.sql"], ["*.dump", "!*.sql"], [""], "*.dump"])
def test_a_project_cannot_take_back_what_is_denied(project: Path, value: object) -> None:
    write_user_file(project, 'denied_files = ["*.sql"]')
    (project / ".codegen-lsp.toml").write_text(f"denied_files = {value!r}")
    resolved = resolve(project)
    assert resolved.settings.denied_files == ["*.sql"]
    (problem,) = resolved.problems
    assert problem.startswith(
        "project file .codegen-lsp.toml: denied_files: expected a list of patterns, such as"
        " *.sql and customers/, none with ! before it, got "
    )


def test_our_project_file_hides_the_section_of_pyproject(project: Path) -> None:
    (project / "pyproject.toml").write_text("[tool.codegen-lsp]\ncandidates = 2\n")
    (project / ".codegen-lsp.toml").write_text("")
    assert resolve(project).settings.candidates == 3


def test_without_a_folder_no_project_file_counts(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    (project / ".codegen-lsp.toml").write_text("candidates = 9")
    environ = {"CODEGEN_LSP_CONFIG_DIR": str(project.parent / "settings")}
    assert resolve_from(None, environ=environ).settings == Settings()


@pytest.mark.skipif(sys.platform != "linux", reason="XDG folders are Linux's")
def test_the_user_file_is_in_the_platforms_folder(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(project))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(project / ".config"))
    folder = project / ".config" / "codegen-lsp"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_bytes(b"\xef\xbb\xbfcandidates = 8\r\n")
    resolved = resolve_from(project, environ={})
    assert resolved.settings.candidates == 8
    assert resolved.origins["candidates"] == "user file ~/.config/codegen-lsp/config.toml"


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("model", "bigcode/starcoder2-3b", "bigcode/starcoder2-3b"),
        ("model_sources", "mirror, hub", "mirror, hub"),
        ("automatic", "false", False),
        ("automatic", "0", False),
        ("completion_fallback", "True", True),
        ("completion_fallback", "1", True),
        ("disabled_languages", "markdown, plaintext,", ["markdown", "plaintext"]),
        ("max_new_tokens", " 64 ", 64),
        ("precision", "fp32", "fp32"),
    ],
)
def test_texts_are_read_as_the_settings_type(
    project: Path, name: str, text: str, value: object
) -> None:
    for resolved in (
        resolve(project, {f"CODEGEN_LSP_{name.upper()}": text}),
        resolve(project, command_line={name: text}),
    ):
        assert resolved.problems == ()
        assert getattr(resolved.settings, name) == value


def test_an_empty_variable_sets_nothing_and_an_empty_option_an_empty_list(project: Path) -> None:
    (project / ".codegen-lsp.toml").write_text('disabled_languages = ["python"]')
    resolved = resolve(project, {"CODEGEN_LSP_DISABLED_LANGUAGES": ""})
    assert resolved.settings.disabled_languages == ["python"]
    resolved = resolve(project, command_line={"disabled_languages": ""})
    assert resolved.settings.disabled_languages == []


# Bad content


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("max_tokens = 3", "unknown setting max_tokens (did you mean max_new_tokens?)"),
        ("maxNewTokens = 3", "unknown setting maxNewTokens (did you mean max_new_tokens?)"),
        ("zzz = 3", "unknown setting zzz"),
        ("[server]\nport = 1", "unknown setting server"),
        ('"a\\nb" = 1', "unknown setting 'a\\nb'"),
        ("debounce_ms = 1001", "debounce_ms: expected a whole number from 0 to 1000, got 1001"),
        ("debounce_ms = -1", "debounce_ms: expected a whole number from 0 to 1000, got -1"),
        ("debounce_ms = 7.0", "debounce_ms: expected a whole number from 0 to 1000, got 7.0"),
        ("debounce_ms = '7'", "debounce_ms: expected a whole number from 0 to 1000, got '7'"),
        ("max_new_tokens = true", "max_new_tokens: expected a whole number from 1 to 1024, got"),
        ("automatic = 1", "automatic: expected true or false, got 1"),
        ("disabled_languages = 'a'", "disabled_languages: expected a list of strings, got 'a'"),
        ("disabled_languages = [1]", "disabled_languages: expected a list of strings, got [1]"),
        ("multiline = 'yes'", "multiline: expected one of auto, never, always, got 'yes'"),
        ("candidates = [[[[[[[[[[]]]]]]]]]]", "candidates: expected a whole number from 1 to 10"),
        (f"multiline = '{'y' * 10_000}'", "multiline: expected one of auto, never, always"),
        ("candidates = ", "not valid TOML: Invalid value (at "),
        ("candidates = 1\ncandidates = 2", "not valid TOML: Cannot overwrite a value (at"),
        ("a = " + "[" * 50_000, "cannot be read: nested too deeply"),
        (f"a = {'9' * 5000}", "cannot be read: 99999999999999999999... is too long"),
        ("#" * 64_001, "cannot be read: larger than 64 kB"),
        (".".join("a" * 20_000) + " = 1", "cannot be read: a.a.a.a.a.a.a.a.a.a.... is too long"),
        (f"candidates = 0x{'f' * 5000}", "cannot be read: 0xffffffffffffffffff... is too long"),
    ],
)
def test_bad_content_of_a_file_is_one_line_and_changes_nothing(
    project: Path, content: str, problem: str
) -> None:
    (project / ".codegen-lsp.toml").write_text(content)
    write_user_file(project, "max_document_kb = 7")
    resolved = resolve(project)
    assert resolved.settings == Settings(max_document_kb=7)
    assert len(resolved.problems) == 1
    line = resolved.problems[0]
    assert line.startswith(f"project file .codegen-lsp.toml: {problem}")
    assert "\n" not in line
    assert len(line) < 200


def test_a_bad_value_leaves_the_decision_to_the_next_lower_source(project: Path) -> None:
    write_user_file(project, "debounce_ms = 20")
    (project / ".codegen-lsp.toml").write_text("debounce_ms = 5000")
    resolved = resolve(project, {"CODEGEN_LSP_DEBOUNCE_MS": "fast"}, {"debounce_ms": 1.5})
    assert resolved.settings.debounce_ms == 20
    assert resolved.origins["debounce_ms"].startswith("user file ")
    expected = "expected a whole number from 0 to 1000"
    assert resolved.problems == (
        f"project file .codegen-lsp.toml: debounce_ms: {expected}, got 5000",
        f"environment CODEGEN_LSP_DEBOUNCE_MS: {expected}, got 'fast'",
        f"editor: debounce_ms: {expected}, got 1.5",
    )


@pytest.mark.parametrize("file", [".codegen-lsp.toml", "pyproject.toml"])
@pytest.mark.parametrize("name", sorted(FORBIDDEN_TO_PROJECTS))
def test_a_project_may_not_choose_what_is_loaded(project: Path, file: str, name: str) -> None:
    values: dict[str, object] = {"model": "evil", "precision": "fp32", "decoder": "lean"}
    values |= {"model_sources": "hub", "statistics": False}
    heading = "[tool.codegen-lsp]\n" if file == "pyproject.toml" else ""
    (project / file).write_text(f"{heading}{name} = {json.dumps(values[name])}\n")
    resolved = resolve(project)
    assert resolved.settings == Settings()
    problem = f"project file {file}: a project may not set {name}; set it in your user file"
    assert resolved.problems == (problem,)


@pytest.mark.parametrize("name", sorted(FORBIDDEN_TO_PROJECTS))
def test_a_project_may_not_choose_it_by_being_a_workspace_of_vs_code(name: str) -> None:
    key = f"codegen-lsp.{SETTINGS[name].camel_name}"
    assert manifest()[key]["scope"] == "machine"


def test_a_workspace_of_vs_code_cannot_replace_what_is_denied() -> None:
    assert manifest()["codegen-lsp.deniedFiles"]["scope"] == "machine"


@pytest.mark.parametrize(
    ("content", "problems"),
    [
        ("[tool.other]\nx = 1", ()),
        ("tool = 3", ()),
        ("[tool]\ncodegen-lsp = 3", ("tool.codegen-lsp is not a table",)),
        ("[tool.codegen-lsp]\ncandidates = 11", ("candidates: expected a whole number from 1",)),
        ("[tool.codegen-lsp", ("not valid TOML: ",)),
    ],
)
def test_pyproject(project: Path, content: str, problems: tuple[str, ...]) -> None:
    (project / "pyproject.toml").write_text(content)
    resolved = resolve(project)
    assert resolved.settings == Settings()
    assert len(resolved.problems) == len(problems)
    for line, problem in zip(resolved.problems, problems, strict=True):
        assert line.startswith(f"project file pyproject.toml: {problem}")


# tomllib takes the square of a dotted key's length. What hides one here are quotes that are none.
LONG_KEYS = [
    ".".join("a" * 18),
    " \t. ".join("a" * 18),
    ".".join(['"a.b"'] * 18),
    ".".join(["''"] * 18),
    "'''\n\" ''' = 1\n" + ".".join("a" * 18),
    "x = ['''\n\" ''', {" + ".".join("a" * 18),
    'x = ["""a"""", {' + ".".join("a" * 18),
    "x = ['''a''''', {" + ".".join("a" * 18),
    'x = ["""\\""" \' """, {' + ".".join("a" * 18),
    "x = ['#', {" + ".".join("a" * 18),
    "# it's\n" + ".".join("a" * 18),
    '# """\n' + ".".join("a" * 18),
    "[" + ".".join("a" * 18) + "]",
    "[[ " + ".".join("a" * 18) + " ]]",
]


@pytest.mark.parametrize("file", [".codegen-lsp.toml", "pyproject.toml"])
@pytest.mark.parametrize("key", LONG_KEYS)
def test_a_key_with_many_dots_is_refused(project: Path, file: str, key: str) -> None:
    (project / file).write_text(f"{key} = 1\n")
    (problem,) = resolve(project).problems
    assert problem.startswith(f"project file {file}: cannot be read: ")
    assert problem.endswith("... is too long for a key or a number")


@pytest.mark.parametrize(
    "content",
    [
        ".".join("a" * 17) + " = 1",
        "x = '" + "a." * 99 + "'",
        'x = "\\"' + "a." * 99 + '"',
        "x = '''\n" + "a." * 99 + "'''",
        'x = """\nsay "yes" ' + "a." * 99 + '"""',
        "# " + "a." * 99,
        "x = [" + "1.5, " * 99 + "]",
        "x = ['" + "', '".join(["a==1.2.3"] * 99) + "']",
    ],
)
def test_many_dots_that_are_no_key_are_fine(project: Path, content: str) -> None:
    (project / "pyproject.toml").write_text(f"{content}\n[tool.codegen-lsp]\ncandidates = 2\n")
    resolved = resolve(project)
    assert resolved.problems == ()
    assert resolved.settings.candidates == 2


def test_a_large_pyproject_is_fine_if_it_is_mostly_text(project: Path) -> None:
    ours = "[tool.codegen-lsp]\ncandidates = 2\n"
    for content, problems in {
        "# a comment\n" * 20_000: (),
        "x = '''" + "a.b = 1\n" * 30_000 + "'''\n": (),
        "x = [" + "1," * 32_001 + "]\n": ("more than 64 kB beside texts and comments",),
        "#" * 512_001: ("larger than 512 kB",),
    }.items():
        (project / "pyproject.toml").write_text(content + ours)
        resolved = resolve(project)
        prefix = "project file pyproject.toml: cannot be read: "
        assert resolved.problems == tuple(prefix + problem for problem in problems)
        assert resolved.settings.candidates == (3 if problems else 2)


def test_a_huge_user_file_is_refused(project: Path) -> None:
    write_user_file(project, "#" * 64_001)
    (problem,) = resolve(project).problems
    assert problem.endswith("config.toml: cannot be read: larger than 64 kB")


def test_files_that_are_none_or_not_text(project: Path) -> None:
    (project / ".codegen-lsp.toml").mkdir()
    write_user_file(project, "")
    (project.parent / "settings" / "config.toml").write_bytes(b"a = '\xff'")
    user, own = resolve(project).problems
    assert re.match(r"user file \S+config.toml: not valid TOML: 'utf-8' codec can't decode", user)
    assert own == "project file .codegen-lsp.toml: cannot be read: not a regular file"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_in_a_project_does_not_block(project: Path) -> None:
    os.mkfifo(project / ".codegen-lsp.toml")
    assert resolve(project).problems == (
        "project file .codegen-lsp.toml: cannot be read: not a regular file",
    )


def test_a_file_that_may_not_be_read(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_text(*_: object) -> str:
        raise PermissionError(13, "Permission denied")

    (project / ".codegen-lsp.toml").write_text("candidates = 4")
    monkeypatch.setattr(Path, "read_text", read_text)
    problem = "project file .codegen-lsp.toml: cannot be read: Permission denied"
    assert resolve(project).problems == (problem,)


@pytest.mark.parametrize(
    ("variable", "text", "problem"),
    [
        ("DEBOUNCE_MS", "fast", "expected a whole number from 0 to 1000, got 'fast'"),
        ("DEBOUNCE_MS", "9" * 5000, "expected a whole number from 0 to 1000, got '999"),
        ("DEBOUNCE_MS", "1_0", "expected a whole number from 0 to 1000, got '1_0'"),
        ("AUTOMATIC", "yes", "expected true or false, got 'yes'"),
        ("MODEL_SOURCES", "ftp", "expected a value such as mirror,hub or hub, got 'ftp'"),
        ("MODEL", "\udcff", "expected a value such as qwen2.5-coder-0.5b or"),
        ("DEBOUNCE", "5", "unknown setting debounce (did you mean debounce_ms?)"),
    ],
)
def test_bad_variables(project: Path, variable: str, text: str, problem: str) -> None:
    resolved = resolve(project, {f"CODEGEN_LSP_{variable}": text})
    assert resolved.settings == Settings()
    assert len(resolved.problems) == 1
    assert resolved.problems[0].startswith(f"environment CODEGEN_LSP_{variable}: {problem}")


def test_variables_that_are_no_settings_are_left_alone(project: Path) -> None:
    environ = {"CODEGEN_LSP_CACHE_DIR": "x", "CODEGEN_LSP_NVIM": "x", "DEBOUNCE_MS": "x"}
    assert resolve(project, environ) == resolve(project)


def test_a_bad_option_is_named(project: Path) -> None:
    resolved = resolve(project, command_line={"max_new_tokens": "0"})
    assert resolved.problems == (
        "command line --max-new-tokens: expected a whole number from 1 to 1024, got 0",
    )


# What editors send


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (None, {}),
        ([], {}),
        ("text", {}),
        ({}, {}),
        ({"maxNewTokens": 5, "debounce_ms": 1}, {"max_new_tokens": 5, "debounce_ms": 1}),
        ({"maxNewTokens": None, "automatic": False}, {"automatic": False}),
        ({"codegen-lsp": {"debounceMs": 1}, "other": 2}, {"debounce_ms": 1}),
        ({"codegen_lsp": {"debounceMs": 1}}, {"debounce_ms": 1}),
        ({"codegenLsp": {"debounceMs": 1}}, {"debounce_ms": 1}),
        ({"codegen-lsp": 5, "automatic": True}, {}),
        ({"codegen-lsp": None, "automatic": True}, {"automatic": True}),
        (
            {"editorInfo": {}, "editorPluginInfo": {}, "http": {}, "telemetry": {}, "model": "m"},
            {"model": "m"},
        ),
        ({"github-enterprise": {"uri": "x"}}, {}),
        ({"maxTokens": 5}, {"maxTokens": 5}),
    ],
)
def test_editor_settings(raw: object, expected: dict[str, object]) -> None:
    assert editor_settings(raw) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({"automatic": False}, {}),
        ({"http": {"proxy": "x"}}, {}),
        ({"codegen-lsp": {"automatic": False}}, {"automatic": False}),
        ({"codegen-lsp": None, "automatic": False}, {}),
        (None, {}),
    ],
)
def test_a_changed_configuration_counts_by_our_section_only(
    raw: object, expected: dict[str, object]
) -> None:
    assert editor_settings(raw, section_only=True) == expected


def test_unknown_keys_of_editors_are_reported_as_written(project: Path) -> None:
    resolved = resolve(project, editor=editor_settings({"maxTokens": 5, "model": 3}))
    assert resolved.settings == Settings()
    assert resolved.problems == (
        "editor: unknown setting maxTokens (did you mean max_new_tokens?)",
        "editor: model: expected a value such as qwen2.5-coder-0.5b or bigcode/starcoder2-3b,"
        " got 3",
    )


# Where the project is


@pytest.mark.parametrize("marker", [".codegen-lsp.toml", "pyproject.toml", ".git"])
def test_the_project_is_the_nearest_folder_with_a_marker(project: Path, marker: str) -> None:
    (project / marker).touch()
    inner = project / "a" / "b"
    inner.mkdir(parents=True)
    assert project_folder(inner) == project
    assert project_folder(inner / "new.py") == project
    assert project_folder(inner / ".." / ".." / "x.py") == project
    assert project_folder(project) == project
    (inner / marker).touch()
    assert project_folder(inner / "new.py") == inner


def test_a_relative_path_is_looked_up_from_the_current_folder(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / ".git").mkdir()
    monkeypatch.chdir(project)
    assert project_folder(Path("x.py")) == project


def test_there_may_be_no_project() -> None:
    assert project_folder(Path("/")) is None


# Manifests


def test_the_manifest_holds_what_editors_need() -> None:
    properties = manifest()
    assert len(properties) == len(SETTINGS)
    assert properties["codegen-lsp.maxNewTokens"] == {
        "type": ["integer", "null"],
        "default": None,
        "description": SETTINGS["max_new_tokens"].help,
        "minimum": 1,
        "maximum": 1024,
    }
    assert properties["codegen-lsp.multiline"]["enum"] == ["auto", "never", "always"]
    assert properties["codegen-lsp.disabledLanguages"]["items"] == {"type": "string"}
    assert properties["codegen-lsp.automatic"]["default"] is True


def test_what_editors_know_is_what_the_server_reads() -> None:
    keys = {key.removeprefix("codegen-lsp."): "x" for key in manifest()}
    assert set(editor_settings({"codegen-lsp": keys})) == set(SETTINGS)
