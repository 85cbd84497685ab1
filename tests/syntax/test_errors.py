"""Errors are counted in a changed text as if it were parsed anew."""

import pytest

from codegen_lsp.syntax.errors import errors, errors_with
from codegen_lsp.syntax.parsing import Tree, parse
from codegen_lsp.syntax.soundness import is_sound_with


def tree_of(language: str, text: str) -> Tree:
    tree = parse(language, text)
    assert tree is not None
    return tree


@pytest.mark.parametrize(
    ("language", "document", "text"),
    [
        ("python", "x = foo(¦\ny = 1\n", "a)"),
        ("python", "x = foo(¦\ny = 1\n", "a b"),
        ("python", "é = 'ü'\n¦\ny = 1\n", "😀 = ("),
        ("go", "func f() {\n¦\n}\n", "\tif a {"),
        ("java", "class A {\n¦\n}\n", "int f() { return 1; }"),
        ("rust", "fn f() {\n¦\n}\n", "let = ;"),
    ],
)
def test_a_change_counts_as_in_a_new_tree(language: str, document: str, text: str) -> None:
    prefix, _, suffix = document.partition("¦")
    base = tree_of(language, prefix + suffix)
    changed = errors_with(base, len(prefix), len(prefix), text)
    assert changed.count == errors(tree_of(language, prefix + text + suffix)).count


def test_sound_code_has_no_errors() -> None:
    assert errors(tree_of("python", "x = 1\n")).count == 0


def test_a_missing_bracket_is_an_error() -> None:
    assert errors(tree_of("c", "int f(void) { return 0; \n")).count == 1


def test_the_first_error_within_the_change_is_told() -> None:
    base = tree_of("java", "class é {\n\n}\n")
    found = errors_with(base, 10, 10, "int ä;\nint ö = ) ;")
    assert found.first is not None
    assert 7 <= found.first <= 16
    assert errors_with(base, 10, 10, "int a;").first is None


def test_replaced_text_does_not_count() -> None:
    base = tree_of("python", "x = foo()\n")
    assert errors_with(base, 8, 9, "a)").count == 0
    assert errors_with(base, 8, 8, "a)").count > 0


MEMBERS = "class A:\n" + "".join(f"    def f{n}(self):\n        return {n}\n\n" for n in range(90))


@pytest.mark.parametrize("line", [1, 2, 7, 130, 269])
def test_in_a_long_class_what_is_sound_is_seen(line: int) -> None:
    lines = MEMBERS.splitlines(keepends=True)
    at = len("".join(lines[:line]))
    base = tree_of("python", MEMBERS)
    indent = "    " if line % 3 == 1 else "        "
    assert is_sound_with(base, at, at, f"{indent}@property\n" if line % 3 == 1 else "\n")
    assert not is_sound_with(base, at, at, f"{indent}x = (\n")


def test_an_error_elsewhere_is_not_overlooked() -> None:
    base = tree_of("python", "x = (\n" + MEMBERS)
    assert not is_sound_with(base, len(base.text), len(base.text), "y = 1\n")


def test_what_is_replaced_is_not_looked_at() -> None:
    base = tree_of("javascript", "f(a);\n" * 30 + "g();\n" + "f(a);\n" * 30)
    at = base.text.index("g(") + 2
    assert is_sound_with(base, at, at + 1, "b)")
    assert not is_sound_with(base, at, at, "b)")


def test_a_long_header_is_no_list() -> None:
    """What is left out may not hold one bracket of two."""
    members = "    // one\n    // two\n    // three\n    func f(_ a: A, b: String)\n    func g()\n"
    base = tree_of("swift", "protocol P {\n    @availab(id: String)\n" + members + "}\n")
    at = base.text.index("(id")
    assert errors(base).count == 0
    assert not is_sound_with(base, at, at, "le(*, deprecated")


def test_what_follows_comments_is_looked_at() -> None:
    statements = "    g();\n" * 9
    base = tree_of(
        "rust", "fn f() {\n" + statements + "\n    // one\n    // two\n" + statements + "}\n"
    )
    at = base.text.index("\n    // one")
    assert is_sound_with(base, at, at, "    x();")
    assert not is_sound_with(base, at, at, "    x")
