import pytest

from codegen_lsp.docstrings.placing import (
    Edit,
    applied,
    insertion,
    only_documentation_changes,
    replacement,
)
from codegen_lsp.syntax.parsing import parse
from codegen_lsp.syntax.signatures import documentables


def _documented(text: str, *lines: str, language: str = "python") -> str:
    tree = parse(language, text)
    assert tree is not None
    documentable = documentables(tree)[0]
    edit = insertion(text, documentable, [documentable.indent + line for line in lines])
    assert only_documentation_changes(language, text, [edit])
    return applied(text, [edit])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("def f(x):\n    pass\n", 'def f(x):\n    """Do it."""\n    pass\n'),
        ("def f(x):\r\n\tpass", 'def f(x):\r\n\t"""Do it."""\r\n\tpass'),
        ("def f(x):\r    pass\r", 'def f(x):\r    """Do it."""\r    pass\r'),
        ("def f(x): return x", 'def f(x):\n    """Do it."""\n    return x'),
        ("def f(x): a; b  # c\n", 'def f(x):\n    """Do it."""\n    a; b  # c\n'),
        ("def f(x):  # note\n    pass\n", 'def f(x):  # note\n    """Do it."""\n    pass\n'),
        ("def f(x): \\\n  return x\n", 'def f(x):\n    """Do it."""\n    return x\n'),
        ("def f(x):  \n\n\n    pass\n", 'def f(x):\n    """Do it."""\n    pass\n'),
        ("def f(x):\n    # why\n    pass\n", 'def f(x):\n    """Do it."""\n    # why\n    pass\n'),
        ("class A:\n    x = 1\n", 'class A:\n    """Do it."""\n\n    x = 1\n'),
        ("class A: pass\n", 'class A:\n    """Do it."""\n\n    pass\n'),
    ],
)
def test_a_docstring_goes_below_its_header(before: str, after: str) -> None:
    assert _documented(before, '"""Do it."""') == after


def test_a_comment_goes_above_the_decorators_in_the_line_ends_of_the_document() -> None:
    text = "class A {\r\n  @Override\r\n  void f() {}\r\n}\r\n"
    tree = parse("java", text)
    assert tree is not None
    method = documentables(tree)[1]
    edit = insertion(text, method, ["  /**", "   * Do it.", "   */"])
    after = "class A {\r\n  /**\r\n   * Do it.\r\n   */\r\n  @Override\r\n  void f() {}\r\n}\r\n"
    assert applied(text, [edit]) == after
    assert only_documentation_changes("java", text, [edit])


def test_edits_are_applied_together() -> None:
    text = "def f():\n    def g():\n        pass\n"
    tree = parse("python", text)
    assert tree is not None
    edits = [insertion(text, each, [f'{each.indent}"""Do."""']) for each in documentables(tree)]
    assert only_documentation_changes("python", text, edits)
    assert applied(text, edits).count('"""Do."""') == 2


@pytest.mark.parametrize(
    ("text", "edit"),
    [
        ("def f():\n    pass\n", Edit(9, 9, '    """a"""\n    x\n')),
        ("def f():\n    pass\n", Edit(8, 17, "\n    '''a'''")),
        ("def f():\n    a\n    b\n", Edit(14, 18, "\n  ")),
        ("def f():\n    pass\n", Edit(9, 9, '    """a""" """b""".strip()\n')),
        ("if a:\n    b\nc\n", Edit(11, 11, '\n    """a"""\n    c')),
        ("def f():\n    pass\n", Edit(0, 0, '"""a')),
    ],
)
def test_more_than_documentation_is_noticed(text: str, edit: Edit) -> None:
    assert not only_documentation_changes("python", text, [edit])


def test_a_docstring_may_give_way_to_another_but_not_to_code() -> None:
    text = 'def f():\n    """Do."""\n    return "a"\n'
    tree = parse("python", text)
    assert tree is not None
    existing = documentables(tree)[0].existing
    assert existing is not None
    assert only_documentation_changes("python", text, [replacement(existing, '"""Do it\nso."""')])
    assert not only_documentation_changes("python", text, [replacement(existing, "pass")])
    end = text.index("return")
    broken = Edit(existing.start, end, '"""Do')
    assert not only_documentation_changes("python", text, [broken])


def test_another_language_is_held_against_its_tree() -> None:
    rust = "/// Do it.\npub fn f() {}\n"
    assert only_documentation_changes("rust", rust, [Edit(0, 10, "/// Do it well.\n///\n/// So.")])
    assert not only_documentation_changes("rust", rust, [Edit(0, 10, "fn g() {}")])
    assert not only_documentation_changes("json", "{}", [Edit(0, 0, "")])
