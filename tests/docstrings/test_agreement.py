import pytest

from codegen_lsp.docstrings.agreement import Difference, difference, expected
from codegen_lsp.docstrings.registry import STYLES
from codegen_lsp.syntax.parsing import parse
from codegen_lsp.syntax.signatures import documentables


def _difference(code: str, *, complete: bool = False) -> Difference:
    tree = parse("python", code)
    assert tree is not None
    found = documentables(tree)[-1]
    assert found.existing is not None
    chosen = STYLES["google"]
    return difference(found, chosen.parse(found.existing.text), chosen, complete=complete)


def _function(signature: str, docstring: str, body: str = "pass") -> str:
    lines = "\n".join(f"    {line}".rstrip() for line in docstring.strip("\n").split("\n"))
    return f'{signature}:\n    """Do it.\n\n{lines}\n    """\n    {body}\n'


def test_what_agrees_has_no_difference() -> None:
    code = _function(
        "def f(x, *rest, y=1, **more)",
        "Args:\n    x: The x.\n    *rest: Others.\n    y: The y.\n    **more: More.\n\n"
        "Returns:\n    The sum.\n\nRaises:\n    ValueError: If it fails.",
        "if x:\n        raise ValueError\n    return 1",
    )
    assert not _difference(code, complete=True)


def test_what_is_missing_and_stale_is_named() -> None:
    code = _function("def f(path, limit)", "Args:\n    path: The path.\n    size: The size.")
    assert _difference(code).messages == (
        "parameter `limit` is not documented",
        "`size` is documented but not a parameter",
    )


def test_prose_alone_is_left_alone_unless_complete() -> None:
    code = 'def f(x):\n    """Do it."""\n    return x\n'
    assert not _difference(code)
    found = _difference(code, complete=True)
    assert found.missing == (("parameters", "x"), ("returns", ""))


def test_order_and_duplicates_are_told() -> None:
    code = _function("def f(a, b)", "Args:\n    b: The b.\n    a: The a.\n    b: Again.")
    found = _difference(code)
    assert found.misordered == ("parameters",)
    assert found.duplicates == (("parameters", "b"),)


@pytest.mark.parametrize(
    ("body", "docstring", "messages"),
    [
        ("pass", "Returns:\n    It.", ("Returns is there, but nothing is returned",)),
        ("pass", "Returns:\n    None: always.", ()),
        ("pass", "Yields:\n    It.", ("Yields is there, but nothing is yielded",)),
        ("yield 1", "Returns:\n    An iterator.", ()),
        ("yield 1", "Raises:\n    OSError: If so.", ("Yields is missing",)),
        ("return 1", "Raises:\n    OSError: If so.", ("Returns is missing",)),
        (
            "raise NotImplementedError",
            "Returns:\n    It.\n\nRaises:\n    NotImplementedError: x.",
            (),
        ),
    ],
)
def test_results_are_held_against_the_body(
    body: str, docstring: str, messages: tuple[str, ...]
) -> None:
    assert _difference(_function("def f()", docstring, body)).messages == messages


def test_a_summary_that_says_what_is_returned_is_enough() -> None:
    code = (
        'def f(x):\n    """Return the x.\n\n    Args:\n        x: The x.\n    """\n    return x\n'
    )
    assert not _difference(code)


def test_exceptions_may_come_from_what_is_called() -> None:
    code = _function("def f(x)", "Args:\n    x: The x.\n\nRaises:\n    OSError: If so.", "g(x)")
    assert not _difference(code)


def test_an_exception_is_the_same_with_and_without_its_module() -> None:
    docstring = (
        "Raises:\n    errors.NotFound: If so.\n    ValueError: If so.\n    ValueError: Or so."
    )
    assert not _difference(_function("def f()", docstring, "raise NotFound"))


def test_keywords_stand_for_those_that_are_taken_together() -> None:
    docstring = "Args:\n    x: The x.\n    timeout: Seconds."
    assert not _difference(_function("def f(x, **kwargs)", docstring))


def test_a_property_needs_no_returns_and_a_class_no_parameters() -> None:
    prop = (
        "class A:\n    @property\n    def x(self):\n"
        '        """The x.\n\n        Raises:\n            OSError: If so.\n        """\n'
        "        return 1\n"
    )
    assert not _difference(prop, complete=True)
    assert not _difference('class A:\n    """It.\n\n    Args:\n        x: The x.\n    """\n')


def test_expected_leaves_out_what_is_only_underscores() -> None:
    tree = parse("python", "def f(_, a, *, b):\n    yield a\n")
    assert tree is not None
    found = expected(documentables(tree)[0], STYLES["google"].demands)
    assert found == (("parameters", "a"), ("parameters", "b"), ("yields", ""))


@pytest.mark.parametrize(
    ("language", "comment", "is_stale"),
    [
        ("java", "/** {@inheritDoc} */", False),
        ("csharp", "/// <inheritdoc cref='B'/>", False),
        ("java", "/**\n * {@inheritDoc}\n *\n * @param gone Not here.\n */", True),
    ],
)
def test_what_inherits_its_documentation_lacks_nothing(
    language: str, comment: str, is_stale: bool
) -> None:
    tree = parse(language, f"class A {{\n{comment}\nint f(int x) {{ return x; }}\n}}\n")
    assert tree is not None
    found = documentables(tree)[-1]
    assert found.existing is not None
    style = STYLES["javadoc" if language == "java" else "xml"]
    parsed = style.parse(found.existing.text)
    messages = difference(found, parsed, style, complete=True).messages
    assert messages == ("`gone` is documented but not a parameter",) * is_stale
