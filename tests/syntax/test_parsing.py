"""Trees, their queries and their offsets."""

from typing import get_args

import pytest

from codegen_lsp.syntax.languages import languages_with_grammar
from codegen_lsp.syntax.names import LANGUAGES
from codegen_lsp.syntax.parsing import WINDOW, QueryName, parse, prefix_window

QUERIES: tuple[QueryName, ...] = get_args(QueryName)


@pytest.mark.parametrize(
    ("query", "language"),
    [
        (query, language)
        for query in QUERIES
        for language in languages_with_grammar()
        if query != "names" or language in LANGUAGES
    ],
)
def test_every_query_compiles_and_runs(query: QueryName, language: str) -> None:
    tree = parse(language, "")
    assert tree is not None
    assert tree.captures(query) == {}


@pytest.mark.parametrize("language", ["zig", "plaintext", ""])
def test_no_tree_without_a_grammar(language: str) -> None:
    assert parse(language, "x = 1") is None


@pytest.mark.parametrize(
    "text",
    ["x = (1)", "é = (1)", "'😀' + (1)", "# e\u0301\n(1)", "x\f\u2028(1)", "'\ud83d' + (1)"],
)
def test_offsets_are_code_points(text: str) -> None:
    tree = parse("python", text)
    assert tree is not None
    (bracket,) = tree.captures("delimiters")["open"]
    assert text[tree.offset(bracket.start_byte)] == "("
    assert tree.offset(tree.root.end_byte) == len(text)


@pytest.mark.parametrize("text", ["", "\n", "\x00\x01", "((((", "}" * 50, "\ud83d"])
@pytest.mark.parametrize("language", languages_with_grammar())
def test_anything_parses(language: str, text: str) -> None:
    assert parse(language, text) is not None


def test_a_short_prefix_is_its_own_window() -> None:
    assert prefix_window("def f():\n    ") == "def f():\n    "


def test_a_window_starts_at_an_outermost_line() -> None:
    functions = "".join(f"def f{i}():\n    return ({i}\n)\n\n" for i in range(2_000))
    window = prefix_window(functions + "x = ")
    assert len(window) <= WINDOW
    assert window.startswith("def f")
    assert window.endswith("x = ")
    assert len(window) > WINDOW - 100


def test_a_window_inside_a_long_class_starts_at_a_method() -> None:
    methods = "".join(f"    def f{i}(self):\n        return {i}\n\n" for i in range(2_000))
    assert prefix_window("class A:\n" + methods).startswith("    def f")


def test_a_window_of_one_long_line_is_its_end() -> None:
    assert prefix_window("x" * 5_000_000) == "x" * WINDOW


def test_a_window_does_not_start_in_the_prose_of_a_docstring() -> None:
    prose = '"""Long.\n\n' + "Words (and more, at the left margin.\n" * 500 + '"""\n'
    window = prefix_window(prose + "def f():\n    pass\n" + "    # filler\n" * 500)
    assert window.startswith("def f():")


@pytest.mark.parametrize(
    "definition",
    [
        "func (t *T) f() {}",
        "pub(crate) async fn f() {}",
        "#[derive(Debug)]",
        "impl<T> A for B<T> {}",
        "trait A {}",
        "public static final class A {}",
        "package a",
        "package a.b;",
        "type A[T any] struct {",
        "type A = string",
        "struct a {};",
        "template <typename T>",
        "namespace A",
        "local function f() end",
        "module A",
        "greet() {",
        "data class A(val x: Int)",
        "extension A {}",
    ],
)
def test_a_window_starts_at_a_definition_of_any_language(definition: str) -> None:
    prose = "type of text that is at the left margin\nobject of it\n" * 300
    window = prefix_window(prose + definition + "\n" + "  y\n" * 2_000)
    assert len(prose) < WINDOW
    assert window.startswith(definition)
