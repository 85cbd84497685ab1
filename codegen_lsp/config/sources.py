"""Where settings come from, and which source wins.

In rising precedence: defaults, user file, project file, environment, editor, command line; some
lists are what all of them say together. What a source says wrongly is reported by name and left
out, so that the next lower source decides; nothing here raises for what a user wrote.
"""

import re
import reprlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic.alias_generators import to_snake
from rapidfuzz import fuzz, process

from codegen_lsp.config import files
from codegen_lsp.config.schema import SETTINGS, VARIABLE_PREFIX, Setting, Settings, is_valid

_SECTIONS = ("codegen-lsp", "codegen_lsp", "codegenLsp")
# What clients of the Copilot server send along; theirs, not ours.
_COPILOT_KEYS = frozenset(
    {"editorInfo", "editorPluginInfo", "github-enterprise", "http", "telemetry"}
)
_TRUTH = {"true": True, "1": True, "false": False, "0": False}
_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Resolved:
    """The settings that hold for a folder.

    Attributes:
        settings: the values.
        origins: where each value comes from, such as "default" or "environment CODEGEN_LSP_MODEL".
        problems: one line for each thing that a source says wrongly.
    """

    settings: Settings
    origins: Mapping[str, str]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Given:
    """A value that a source gives.

    Attributes:
        name: as the source wrote it; there may be no such setting.
        value: not checked yet, and any type therefore.
        origin: the source, for `Resolved.origins`.
        place: where in the source the value is, for a message about it.
        from_project: whether the source is a project file.
    """

    name: str
    value: Any
    origin: str
    place: str
    from_project: bool = False


def resolve(
    folder: Path | None,
    *,
    environ: Mapping[str, str],
    editor: Mapping[str, object] = _NOTHING,
    command_line: Mapping[str, str] = _NOTHING,
) -> Resolved:
    """The settings that hold in `folder`.

    Args:
        folder: the workspace folder, whose project file counts; None where there is none.
        environ: the environment variables; `CODEGEN_LSP_CONFIG_DIR` moves the user file.
        editor: what the editor set, from `editor_settings`.
        command_line: text of each option that was given, by the setting's name.
    """
    values: dict[str, Any] = {}
    origins = dict.fromkeys(SETTINGS, "default")
    user, project = files.user_table(environ), files.project_table(folder)
    problems = [table.problem for table in (user, project) if table.problem]
    for given in (
        *_from_table(user.content, user.label),
        *_from_table(project.content, project.label, from_project=True),
        *_from_environment(environ),
        *_from_table(editor, "editor"),
        *_from_command_line(command_line),
    ):
        problem = _problem(given)
        if problem is not None:
            problems.append(problem)
        elif SETTINGS[given.name].adds and given.name in values:
            values[given.name] = [*values[given.name], *given.value]
            origins[given.name] += f", {given.origin}"
        else:
            values[given.name] = given.value
            origins[given.name] = given.origin
    return Resolved(Settings.model_validate(values), origins, tuple(problems))


def parse(setting: Setting, text: str) -> object:
    """The value that `text`, from the environment or the command line, stands for.

    What cannot be read as the setting's type comes back as it is, for the validation to refuse.
    """
    if setting.type == "boolean":
        return _TRUTH.get(text.strip().lower(), text)
    if setting.type == "integer":
        return int(text) if re.fullmatch(r"\s*-?[0-9]{1,9}\s*", text) else text
    if setting.type == "array":
        return [part.strip() for part in text.split(",") if part.strip()]
    return text


def editor_settings(raw: object, *, section_only: bool = False) -> dict[str, object]:
    """The settings in what an editor sent, by their names in snake_case.

    Args:
        raw: initializationOptions, or the settings of `workspace/didChangeConfiguration`. Where it
            holds a section of ours, that alone counts.
        section_only: without such a section nothing counts: true for didChangeConfiguration, which
            may carry the settings of every server.

    Returns:
        Unknown keys too, as they were written, so that `resolve` reports them; without nulls, which
        mean "not set".
    """
    if not isinstance(raw, Mapping):
        return {}
    section = next((raw[name] for name in _SECTIONS if name in raw), None)
    if section is None and not section_only:
        section = {
            key: value
            for key, value in raw.items()
            if key not in _COPILOT_KEYS and key not in _SECTIONS
        }
    if not isinstance(section, Mapping):
        return {}
    return {_known_name(str(key)): value for key, value in section.items() if value is not None}


def expected(setting: Setting, value: object) -> str:
    """What `value` should have been, and what it is; completes a message that says where."""
    return f"expected {setting.expected}, got {reprlib.repr(value)}"


def _known_name(key: str) -> str:
    name = to_snake(key)
    return name if name in SETTINGS else key


def _from_table(
    table: Mapping[str, object], origin: str, *, from_project: bool = False
) -> Iterator[_Given]:
    for name, value in table.items():
        yield _Given(name, value, origin, f"{origin}: {name}", from_project)


def _from_environment(environ: Mapping[str, str]) -> Iterator[_Given]:
    for variable, text in sorted(environ.items()):
        name = variable.removeprefix(VARIABLE_PREFIX).lower()
        if not variable.startswith(VARIABLE_PREFIX) or not text:
            continue
        place = f"environment {variable}"
        if name in SETTINGS:
            yield _Given(name, parse(SETTINGS[name], text), place, place)
        elif _similar(name, at_least=75):
            # A slip. What is unlike any setting is another variable of ours, such as CACHE_DIR.
            yield _Given(name, text, place, place)


def _from_command_line(options: Mapping[str, str]) -> Iterator[_Given]:
    for name, text in options.items():
        setting = SETTINGS[name]
        yield _Given(name, parse(setting, text), "command line", f"command line {setting.option}")


def _problem(given: _Given) -> str | None:
    """What is wrong with a value, if anything is."""
    setting = SETTINGS.get(given.name)
    if setting is None:
        return f"{given.origin}: unknown setting {_quoted(given.name)}{_hint(given.name)}"
    if given.from_project and not setting.from_project:
        return f"{given.origin}: a project may not set {given.name}; set it in your user file"
    if not is_valid(given.name, given.value):
        return f"{given.place}: {expected(setting, given.value)}"
    return None


def _quoted(name: str) -> str:
    return name if re.fullmatch(r"[\w.-]{1,60}", name) else reprlib.repr(name)


def _hint(name: str) -> str:
    similar = _similar(to_snake(name), at_least=60)
    return f" (did you mean {similar}?)" if similar else ""


def _similar(name: str, at_least: int) -> str | None:
    """The setting whose name is most like `name`, where one is like it by `at_least` of 100."""
    found = process.extractOne(name, SETTINGS.keys(), scorer=fuzz.ratio, score_cutoff=at_least)
    return found[0] if found else None
