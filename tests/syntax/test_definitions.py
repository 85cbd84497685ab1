"""Places, lengths and ranges of definitions; what is found is in the golden tables."""

import pytest

from codegen_lsp.syntax.definitions import LONGEST_SIGNATURE, Definition, definitions
from codegen_lsp.syntax.parsing import Tree, parse


def tree_of(language: str, text: str) -> Tree:
    tree = parse(language, text)
    assert tree is not None
    return tree


def test_offsets_are_code_points() -> None:
    text = "é = '😀'\n\nclass Café:\n    def f(self):\n        return 1\n"
    (_, cafe, method) = definitions(tree_of("python", text))
    assert text[cafe.start : cafe.end] == text[text.index("class") :].rstrip()
    assert text[cafe.start : cafe.body].rstrip() == "class Café:"
    assert text[method.start : method.body].rstrip() == "def f(self):"
    assert method == Definition(
        "f", "method", "def f(self):", "", method.start, cafe.end, method.body, "Café"
    )


def test_a_long_signature_is_cut() -> None:
    (table,) = definitions(tree_of("python", f"TABLE = [{'1, ' * 10_000}]\n"))
    assert len(table.signature) == LONGEST_SIGNATURE
    assert table.signature.startswith("TABLE = [1, 1,")


def test_only_what_touches_a_range() -> None:
    text = "class A:\n    def f(self): pass\n    def g(self): pass\n\ndef h(): pass\n"
    at = text.index("pass")
    found = definitions(tree_of("python", text), at, at + 1)
    assert [each.name for each in found] == ["A", "f"]


def test_a_definition_within_one_of_the_same_body_is_beside_it() -> None:
    text = "typedef struct node {\n    int x;\n} node_t;\n"
    found = definitions(tree_of("c", text))
    assert [(each.name, each.container) for each in found] == [
        ("node_t", ""),
        ("node", ""),
        ("x", "node"),
    ]


@pytest.mark.parametrize(
    ("language", "text", "docstring"),
    [
        ("python", 'def f():\n    """\n    Later.\n    """\n', "Later."),
        ("python", "def f():\n    '''One.'''\n", "One."),
        ("python", "# About f.\ndef f(): pass\n", ""),
        ("go", "// One.\n// Two.\nfunc f() {}\n", "One."),
        ("go", "// Far.\n\nfunc f() {}\n", ""),
        ("go", "var x = 1 // Of x.\nfunc f() {}\n", ""),
        ("java", "/**\n * <p>One</p> of {@code x}.\n */\nvoid f() {}\n", "One of {@code x}."),
        ("c", "/*\n * One.\n */\n\n/* Two. */\nint f(void) { return 1; }\n", "Two."),
        ("rust", "/// One.\n#[test]\n#[cfg(a)]\nfn f() {}\n", "One."),
        ("rust", "/** One. */\nfn f() {}\n", "One."),
        ("csharp", "/// <summary>\n/// One.\n/// </summary>\nint F() { return 1; }\n", "One."),
        ("lua", "--[[ One. ]]\nfunction f() end\n", "One."),
        ("ruby", "##\n# One.\ndef f\n  1\nend\n", "One."),
        ("shellscript", "#######\n# One.\nf() { a; }\n", "One."),
        ("swift", "/**\n One.\n */\nfunc f() {}\n", "One."),
        ("typescript", "/** One. */\nexport default function f() {}\n", "One."),
        ("typescript", "class A {\n  /** One. */\n  @dec()\n  f() {}\n}\n", "One."),
    ],
)
def test_the_docstring_is_the_first_line_that_says_something(
    language: str, text: str, docstring: str
) -> None:
    found = definitions(tree_of(language, text))
    assert next(each.docstring for each in found if each.name in {"f", "F"}) == docstring


@pytest.mark.parametrize("language", ["javascript", "java", "lua"])
def test_what_is_hopelessly_broken_defines_nothing(language: str) -> None:
    tree = tree_of(language, "({[" * 30_000)
    assert tree.is_hopeless
    assert definitions(tree) == []
