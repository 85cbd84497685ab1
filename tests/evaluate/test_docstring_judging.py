"""What Python itself sees of a docstring that was written."""

import pytest

from codegen_lsp.evaluate.docstring_judging import Placed, is_code_same, placed
from codegen_lsp.syntax.parsing import parse
from codegen_lsp.syntax.signatures import documentables
from codegen_lsp.syntax.signatures.facts import Documentable
from codegen_lsp.text import Snapshot

BEFORE = """\
@wrap
def area(width):
    def area(inner):
        return inner
    return area(width)
"""
SHAPE = Snapshot("file:///shape.py", 0, "python", BEFORE)


@pytest.mark.parametrize(
    ("old", "new", "is_same"),
    [
        ("(width):\n", '(width):\n    """Return it."""\n', True),
        ("(inner):\n", '(inner):\n        r"""Return \\d."""\n', True),
        ("(width):\n", '(width):\n    """Return "it."""\n    """\n', False),
        ("(width):\n", '(width):\n    """Return it."""\n    pass\n', False),
        ("return inner", "return  inner", True),
        ("return inner", "return width", False),
        ("return inner", "return (", False),
    ],
)
def test_code_is_compared_without_docstrings(old: str, new: str, is_same: bool) -> None:
    assert is_code_same(BEFORE, BEFORE.replace(old, new, 1)) is is_same


def test_the_docstring_of_the_function_is_found() -> None:
    outer, inner = documentables_of(BEFORE)
    text = BEFORE.replace("(width):\n", '(width):\n    """Return\n\n    it."""\n', 1)
    assert placed(text, SHAPE, outer) == Placed("Return\n\nit.", 1, 5)
    assert placed(text, SHAPE, inner) is None


@pytest.mark.parametrize("written", ["# Return it.", 'f"""Return {it}."""', '"""Return'])
def test_what_python_does_not_take_for_one(written: str) -> None:
    outer = documentables_of(BEFORE)[0]
    text = BEFORE.replace("(width):\n", f"(width):\n    {written}\n", 1)
    assert placed(text, SHAPE, outer) is None


def documentables_of(text: str) -> list[Documentable]:
    tree = parse("python", text)
    return documentables(tree) if tree else []
