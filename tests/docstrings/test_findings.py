from codegen_lsp.docstrings.findings import Options, inspect
from codegen_lsp.text import Snapshot


def _found(
    text: str, options: Options | None = None, language: str = "python"
) -> list[tuple[int, str, str]]:
    snapshot = Snapshot("file:///a", 0, language, text)
    found = inspect(snapshot, options or Options())
    return [(each.line, each.documentable.name, each.code) for each in found]


def test_missing_and_stale_docstrings_are_found_in_their_order() -> None:
    text = (
        "def f(x):\n    return x\n\n\n"
        'def g(a):\n    """Do it.\n\n    Args:\n        b: The b.\n    """\n\n\n'
        'def h():\n    """Do it."""\n'
    )
    assert _found(text) == [(1, "f", "missing"), (5, "g", "stale")]
    [_, stale] = inspect(Snapshot("file:///a", 0, "python", text), Options())
    assert stale.messages == (
        "parameter `a` is not documented",
        "`b` is documented but not a parameter",
    )


def test_prose_alone_is_stale_only_where_more_is_asked() -> None:
    text = 'def f(x):\n    """Do it."""\n'
    assert _found(text) == []
    assert _found(text, Options(is_complete=True)) == [(1, "f", "stale")]
    assert _found(text, Options(style="plain", is_complete=True)) == []


def test_what_is_not_for_callers_needs_no_docstring() -> None:
    text = (
        "def _f():\n    def g():\n        pass\n\n\n"
        "def test_it():\n    pass\n\n\n"
        "class _A:\n    def f(self):\n        pass\n\n\n"
        "class B:\n"
        '    """It."""\n\n'
        "    def __repr__(self):\n        return ''\n\n"
        "    @override\n    def f(self):\n        pass\n\n"
        "    @overload\n    def g(self): ...\n\n"
        "    @x.setter\n    def x(self, value):\n        pass\n"
    )
    assert _found(text) == []
    private = [name for _, name, _ in _found(text, Options(with_private=True))]
    assert private == ["_f", "g", "_A", "f"]


def test_a_constructor_needs_one_for_its_parameters_unless_its_class_has_them() -> None:
    text = "class A:\n    {}\n\n    def __init__(self, x):\n        pass\n"
    assert _found(text.format('"""It."""')) == [(4, "__init__", "missing")]
    whole = '"""It.\n\n    Args:\n        x: The x.\n    """'
    assert _found(text.format(whole)) == []
    assert _found(text.replace(", x", "").format('"""It."""')) == []


def test_what_cannot_be_documented_is_not_found() -> None:
    assert _found("def f(x:\n    return 1\n") == []
    assert _found("{}", language="json") == []


def test_languages_with_comments_are_inspected() -> None:
    text = (
        "class A {\n  /**\n   * Do it.\n   * @param b The b.\n   */\n  public int f(int a) {\n"
        "    return a;\n  }\n}\n"
    )
    assert (2, "f", "stale") not in _found(text, language="java")
    assert [(name, code) for _, name, code in _found(text, language="java")] == [
        ("A", "missing"),
        ("f", "stale"),
    ]
