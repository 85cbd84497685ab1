"""What Python's styles write, as pydocstyle's rules and other readers see it."""

import ast
import inspect
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from codegen_lsp.docstrings.content import Content, Entry, Layout, Style
from codegen_lsp.docstrings.styles import google, numpy, plain, sphinx
from codegen_lsp.syntax.signatures.facts import Documentable, Parameter
from tests.docstrings.python_styles import PARAMETERS, POINT, READ, READER, definition, entries

_TEXTS = (
    "It.",
    "One that goes on for so long that it cannot but take a second line and then a third.",
    r"A path such as C:\temp or the pattern `\d+`.",
    'What stands between """ and """.',
    'Whether it is "quoted".',
    "See https://example.org/an/address/that/is/long/enough/to/need/a/line/of/its/own/here/too.",
    "日本 and naïve: both (also - these) *are* text.",
)


def _contents() -> list[tuple[Documentable, Content, str]]:
    """Definitions with what is said of them and their code."""
    found = [(definition(kind="class", attributes=_points()), POINT, "class Point:")]
    code = "def read(path: Path, limit: int | None = None, *names, **options: object) -> list[str]:"
    for text in _TEXTS:
        sections = {
            kind: tuple(Entry(entry.name, text) for entry in said)
            for kind, said in READ.sections.items()
        }
        found.append((READER, Content(f"Return what it is. {text}", sections), code))
        found.append((READER, Content(f"Return what it is. {text}"), code))
        yielded = Content("Yield all.", {"yields": (Entry("", text),)})
        found.append((definition(returns="Iterator[int]"), yielded, "def all() -> Iterator[int]:"))
    return found


def _points() -> tuple[Parameter, ...]:
    return (Parameter("x", "int"), Parameter("y", "int"))


def _module(style: Style) -> str:
    blocks = ['"""Module."""\n']
    for documentable, content, code in _contents():
        has_sections = set(content.sections) <= set(style.demands)
        said = content if has_sections else Content(content.summary)
        lines = style.render(said, documentable, Layout("    ", 88))
        blocks.append("\n".join([f"\n{code}", *lines, "", "    x = 1\n"]))
    return "\n".join(blocks)


@pytest.mark.parametrize(
    ("style", "convention"),
    [
        (google.STYLE, "google"),
        (numpy.STYLE, "numpy"),
        (sphinx.STYLE, "pep257"),
        (plain.STYLE, "pep257"),
    ],
)
def test_the_linter_is_content(style: Style, convention: str, tmp_path: Path) -> None:
    file = tmp_path / "module.py"
    file.write_text(_module(style), encoding="utf-8")
    rules = [
        "--select=D,W605",
        "--ignore=D202,D417",
        f"--config=lint.pydocstyle.convention='{convention}'",
    ]
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", *rules, str(file)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout.strip()) == (0, "All checks passed!")


def _read_by_python(style: Style, documentable: Documentable, content: Content) -> str:
    lines = style.render(content, documentable, Layout("    ", 88))
    return inspect.cleandoc(ast.literal_eval("\n".join(lines).strip()))


@pytest.mark.parametrize("style", [google.STYLE, numpy.STYLE, sphinx.STYLE])
def test_every_entry_is_read_again_word_for_word(style: Style) -> None:
    for documentable, content, _code in _contents():
        value = _read_by_python(style, documentable, content)
        read = style.parse("r'''" + value + "\n'''")
        assert entries(read) == {
            kind: tuple(Entry(entry.name, _as_written(style, entry.text)) for entry in said)
            for kind, said in content.sections.items()
        }


def _as_written(style: Style, text: str) -> str:
    return text.replace("`", "``") if style is sphinx.STYLE else text


def _longest(lines: Sequence[str]) -> int:
    return max(len(line) for line in lines if "https://" not in line)


@pytest.mark.parametrize("style", [google.STYLE, numpy.STYLE, sphinx.STYLE])
@pytest.mark.parametrize("width", [60, 72, 100])
def test_no_line_is_longer_than_it_may_be(style: Style, width: int) -> None:
    entry = Entry(PARAMETERS[0].name, " ".join(_TEXTS))
    content = Content("Do it.", {"parameters": (entry,), "returns": (Entry("", entry.text),)})
    lines = style.render(content, READER, Layout("    ", width))
    assert width - 20 < _longest(lines) <= width
