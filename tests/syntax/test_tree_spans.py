"""Parts of code that are whole in its tree, in languages that write them differently."""

import pytest

from codegen_lsp.syntax.languages import languages_with_grammar
from codegen_lsp.syntax.parsing import parse
from codegen_lsp.syntax.spans import Spans, spans

PYTHON = """\
import os

class Till:
    def pay(self, amount):
        # Ü 😀
        if amount > self.least:
            self.add(amount, key=[1, 2])
        return total(amount)
"""
GO = "package a\n\nfunc f(x int) int {\n\ty := g(x, 1)\n\treturn y + 1\n}\n"
JAVASCRIPT = "function f(a) {\n  const b = g(a, 1);\n  return { a: b };\n}\n"
RUBY = "def f(a)\n  b = g(a, 1)\n  b + 1\nend\n"
RUST = "fn f(a: i32) -> i32 {\n    let b = g(a, 1);\n    b + 1\n}\n"
LUA = "local function f(a)\n  local b = g(a, 1)\n  return b + 1\nend\n"
KOTLIN = "fun f(a: Int): Int {\n    val b = g(a, 1)\n    return b + 1\n}\n"
SWIFT = "func f(a: Int) -> Int {\n    let b = g(a, 1)\n    return b + 1\n}\n"


def found(language: str, code: str) -> dict[str, list[str]]:
    parts = whole(language, code)
    return {
        name: [code[start:end] for start, end in getattr(parts, name)]
        for name in ("statements", "blocks", "arguments", "expressions")
    }


def whole(language: str, code: str) -> Spans:
    tree = parse(language, code)
    assert tree is not None
    return spans(tree)


def test_the_parts_of_python() -> None:
    parts = found("python", PYTHON)
    assert "import os" in parts["statements"]
    assert "self.add(amount, key=[1, 2])" in parts["statements"]
    assert "return total(amount)" in parts["statements"]
    assert not any(text.startswith("#") for text in parts["statements"])
    assert parts["blocks"][-1] == "self.add(amount, key=[1, 2])"
    assert parts["arguments"] == ["amount, key=[1, 2]", "amount"]
    assert {"amount > self.least", "self.least", "[1, 2]", "total(amount)"} <= set(
        parts["expressions"]
    )


@pytest.mark.parametrize(
    ("language", "code", "second", "body_end"),
    [
        ("go", GO, "y := g(x, 1)", "return y + 1"),
        ("javascript", JAVASCRIPT, "const b = g(a, 1);", "return { a: b };"),
        ("typescript", JAVASCRIPT, "const b = g(a, 1);", "return { a: b };"),
        ("ruby", RUBY, "b = g(a, 1)", "b + 1"),
        ("rust", RUST, "let b = g(a, 1);", "b + 1"),
        ("lua", LUA, "local b = g(a, 1)", "return b + 1"),
        ("kotlin", KOTLIN, "val b = g(a, 1)", "return b + 1"),
        ("swift", SWIFT, "let b = g(a, 1)", "return b + 1"),
    ],
)
def test_the_parts_of_other_languages(language: str, code: str, second: str, body_end: str) -> None:
    parts = found(language, code)
    assert second in parts["statements"]
    assert body_end in parts["statements"]
    assert any(text.startswith(second) and text.endswith(body_end) for text in parts["blocks"])
    assert [text.replace("x", "a") for text in parts["arguments"]] == ["a, 1"]
    assert {"g(a, 1)", "g(x, 1)"} & set(parts["expressions"])


def test_there_is_something_in_every_language_with_a_grammar() -> None:
    for language in languages_with_grammar():
        code = "f(1, 2)\n" if language not in ("shellscript", "java") else "f 1\n"
        assert whole(language, code) is not None


def test_nothing_is_taken_from_what_does_not_parse() -> None:
    parts = found("python", "x = 1\n)))) f(a, b\n")
    assert parts["statements"] == ["x = 1"]
    assert parts["arguments"] == []


def test_broken_and_empty_code_has_no_parts() -> None:
    assert whole("python", "") == Spans()
    assert whole("c", "}" * 30_000).statements == []
