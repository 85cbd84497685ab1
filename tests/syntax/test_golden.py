"""What the queries of each language find, in the tables of `golden/`.

A table holds cases. Each begins with a line `%% kind`, shows a piece of code and then, behind
`%% gives`, a line for everything that is found in it. In a case of scope `‸` is the cursor.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from codegen_lsp.syntax.definitions import definitions
from codegen_lsp.syntax.imports import Import, imports
from codegen_lsp.syntax.languages import languages_with_grammar
from codegen_lsp.syntax.parsing import Tree, parse
from codegen_lsp.syntax.references import references
from codegen_lsp.syntax.scopes import enclosing

FOLDER = Path(__file__).parent / "golden"
CURSOR = "‸"


def tree_of(language: str, text: str) -> Tree:
    tree = parse(language, text)
    assert tree is not None
    return tree


def show_definitions(language: str, code: str) -> list[str]:
    return [
        f"{found.kind} {found.container + ' > ' if found.container else ''}{found.name}: "
        f"{found.signature}{' -- ' + found.docstring if found.docstring else ''}"
        for found in definitions(tree_of(language, code))
    ]


def show_imports(language: str, code: str) -> list[str]:
    return [show_import(found) for found in imports(tree_of(language, code))]


def show_import(found: Import) -> str:
    names = [f"{name.name} as {name.alias}" if name.alias else name.name for name in found.names]
    alias = f" as {found.alias}" if found.alias else ""
    level = f"level {found.level} " if found.level else ""
    return f"{level}{found.module}{alias}{': ' + ', '.join(names) if names else ''}".strip()


def show_scope(language: str, code: str) -> list[str]:
    before, _, after = code.partition(CURSOR)
    return [found.signature for found in enclosing(tree_of(language, before + after), len(before))]


def show_references(language: str, code: str) -> list[str]:
    return [" ".join(references(tree_of(language, code), 0, len(code)))]


SHOW: dict[str, Callable[[str, str], list[str]]] = {
    "definitions": show_definitions,
    "imports": show_imports,
    "scope": show_scope,
    "references": show_references,
}


def cases(path: Path) -> list[tuple[str, str, str, list[str]]]:
    """Language, kind, code and the lines expected, of each case in a table."""
    table = path.read_text(encoding="utf-8").rstrip("\n")
    blocks = [block.partition("\n") for block in table.removeprefix("%% ").split("\n%% ")]
    return [
        (path.stem, kind, code, gives.split("\n") if gives else [])
        for (kind, _, code), (_, _, gives) in zip(blocks[::2], blocks[1::2], strict=True)
    ]


TABLES = [FOLDER / f"{name}.txt" for name in languages_with_grammar() if name != "javascriptreact"]
CASES = [case for path in TABLES for case in cases(path)]


@pytest.mark.parametrize(
    ("language", "kind", "code", "expected"),
    CASES,
    ids=[f"{case[0]}-{case[1]}-{number}" for number, case in enumerate(CASES)],
)
def test_golden(language: str, kind: str, code: str, expected: list[str]) -> None:
    assert SHOW[kind](language, code) == expected


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_code_that_is_cut_off_anywhere_gives_what_can_be_had(path: Path) -> None:
    for language, kind, code, _ in cases(path):
        for end in range(0, len(code), 1 + len(code) // 8):
            text = code[:end]
            tree = tree_of(language, text)
            found = definitions(tree)
            assert all(0 <= each.start < each.end <= end for each in found), kind
            assert all(text[each.start : each.end].find(each.name) >= 0 for each in found), kind
            assert all(0 <= each.offset < end for each in imports(tree)), kind
            assert all(name in text for name in references(tree, 0, end)), kind
            assert all(each.body is not None for each in enclosing(tree, end)), kind


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_every_language_has_cases_of_every_kind(path: Path) -> None:
    kinds = [case[1] for case in cases(path)]
    assert all(kinds.count(kind) >= 3 for kind in ("definitions", "imports", "scope"))
    assert "references" in kinds
