"""What the cursor stands in where that is hard to tell; the rest is in the golden tables."""

import pytest

from codegen_lsp.syntax.parsing import parse
from codegen_lsp.syntax.scopes import enclosing


def names(language: str, document: str) -> list[str]:
    before, _, after = document.partition("‸")
    tree = parse(language, before + after)
    assert tree is not None
    return [found.name for found in enclosing(tree, len(before))]


@pytest.mark.parametrize(
    ("language", "document", "expected"),
    [
        ("python", "‸", []),
        ("python", "def f(a, ‸): pass", []),
        ("python", "def f():\n    ‸", ["f"]),
        ("python", "def f():\n    pass\n‸", []),
        ("python", "class A:\n    def f(self):\n        '''Doc ‸", ["A", "f"]),
        ("python", "class A:\n    def f(self):\n        x = 'it‸'\n", ["A", "f"]),
        ("python", "class A:\n    def f(self):\n        if x ‸\n\ndef g(): pass", ["A", "f"]),
        ("python", "class A:\n    x = (1,\n    def f(self):\n        return ‸", []),
        ("javascript", "class A { f() { return `a ${b(‸", ["A", "f"]),
        ("javascript", "function f() { /* a { ‸", ["f"]),
        ("go", "func f() {\n\tx := []int{1, ‸", ["f"]),
        ("java", 'class A { void f() { g("a { ‸', ["A", "f"]),
        ("c", "int f(void) {\n  if (a) {\n    b();\n  }\n  c(‸\n}\n\nint g(void) {}", ["f"]),
        ("ruby", "class A\n  def f\n    x.each do |y|\n      z(‸\n", ["A", "f"]),
        ("lua", "function f()\n  if a then\n    ‸", ["f"]),
        ("shellscript", "f() {\n  if a; then\n    b ‸\n  fi\n}", ["f"]),
    ],
)
def test_enclosing(language: str, document: str, expected: list[str]) -> None:
    assert names(language, document) == expected


def test_offsets_fit_the_text() -> None:
    text = "é = '😀'\ndef f():\n    return "
    tree = parse("python", text)
    assert tree is not None
    (found,) = enclosing(tree, len(text))
    assert found.body is not None
    assert text[found.start : found.body].rstrip() == "def f():"
