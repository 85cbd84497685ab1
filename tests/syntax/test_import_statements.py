"""Places of imports, and code that only looks like one; the rest is in the golden tables."""

from codegen_lsp.syntax.imports import Import, ImportedName, imports
from codegen_lsp.syntax.parsing import Tree, parse


def tree_of(language: str, text: str) -> Tree:
    tree = parse(language, text)
    assert tree is not None
    return tree


def test_an_import_knows_where_its_statement_begins() -> None:
    text = "é = '😀'\nfrom .. import a as b, c\n"
    assert imports(tree_of("python", text)) == [
        Import("", (ImportedName("a", "b"), ImportedName("c")), "", 2, text.index("from"))
    ]


def test_modules_of_one_statement_are_imports_of_their_own() -> None:
    found = imports(tree_of("python", "import a, b.c as d\n"))
    assert [(each.module, each.alias, each.offset) for each in found] == [
        ("a", "", 0),
        ("b.c", "d", 0),
    ]


def test_nested_trees_of_names_have_whole_paths() -> None:
    text = "use a::{b::{c, d::{e as f, *}}, g};\nmod h { use super::i; }\n"
    found = imports(tree_of("rust", text))
    assert [(each.module, [name.name for name in each.names]) for each in found] == [
        ("a::b", ["c"]),
        ("a::b::d", ["e", "*"]),
        ("a", ["g"]),
        ("super", ["i"]),
    ]
    assert found[-1].offset == text.index("use super")


def test_a_call_of_another_function_is_no_import() -> None:
    assert imports(tree_of("javascript", "const a = load('b');\n")) == []
    assert imports(tree_of("lua", 'local a = load("b")\n')) == []
    assert imports(tree_of("ruby", "demand 'b'\n")) == []
    assert imports(tree_of("shellscript", "cat b.sh\n")) == []
