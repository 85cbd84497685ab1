"""Which comment documents a definition, and where a new one would stand."""

import re

import pytest

from codegen_lsp.syntax.parsing import parse
from codegen_lsp.syntax.signatures.comments import BLOCK_MARKS, Comments, Place, place_above

LINE_MARKS = re.compile(r"///(?![/<])")


def doc_above(text: str, marks: re.Pattern[str] = BLOCK_MARKS) -> str | None:
    """What documents the `function f` in `text`."""
    tree = parse("javascript", text)
    assert tree is not None
    existing = Comments(tree, marks).doc_above(text.index("function f"))
    if existing is None:
        return None
    assert text[existing.start : existing.end] == existing.text
    return existing.text


@pytest.mark.parametrize(
    "text",
    [
        "/** Doc. */\nfunction f() {}\n",
        "/** Doc. */ function f() {}\n",
        "/** Doc. */\r\nfunction f() {}\r\n",
        "let é = '😀'\n/** Doc. */\n// eslint-disable-next-line\nfunction f() {}\n",
        "/** Other. */\n/** Doc. */\nfunction f() {}\n",
    ],
)
def test_the_comment_directly_above(text: str) -> None:
    assert doc_above(text) == "/** Doc. */"


@pytest.mark.parametrize(
    "text",
    [
        "/* Not doc. */\nfunction f() {}\n",
        "// Not doc.\nfunction f() {}\n",
        "/*** banner ***/\nfunction f() {}\n",
        "/**/\nfunction f() {}\n",
        "/** Licence. */\n\nfunction f() {}\n",
        "let a = 1; /** Of a. */\nfunction f() {}\n",
        "/** Of a. */\nlet a = 1\nfunction f() {}\n",
        "/** Doc. */\n\n// note\nfunction f() {}\n",
    ],
)
def test_other_comments_document_nothing(text: str) -> None:
    assert doc_above(text) is None


@pytest.mark.parametrize("tag", ["@param {Number} code", "@public", "\\return a code"])
def test_a_blank_line_may_follow_a_comment_with_tags(tag: str) -> None:
    comment = f"/**\n * Do it.\n *\n * {tag}\n */"
    assert doc_above(f"{comment}\n\nfunction f(code) {{}}\n") == comment
    assert doc_above(f"{comment}\n\n\nfunction f(code) {{}}\n") is None
    assert doc_above(f"let a = 1; {comment}\n\nfunction f(code) {{}}\n") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  /// One.\n  /// Two.\n  function f() {}\n", "/// One.\n  /// Two."),
        ("/// One.\r\n/// Two.\r\nfunction f() {}\r\n", "/// One.\r\n/// Two."),
        ("/// Far.\n\n/// Near.\nfunction f() {}\n", "/// Near."),
        ("// Plain.\n/// Near.\nfunction f() {}\n", "/// Near."),
        ("let a = 1 /// Of a.\n/// Near.\nfunction f() {}\n", "/// Near."),
        ("//// Rule.\nfunction f() {}\n", None),
    ],
)
def test_line_comments_that_follow_one_another_are_one(text: str, expected: str | None) -> None:
    assert doc_above(text, LINE_MARKS) == expected


def test_attributes_belong_to_what_follows_them() -> None:
    text = "class C {\n  a\n  @one // why\n  // more\n  @two()\n  f() {}\n}\n"
    tree = parse("typescript", text)
    assert tree is not None
    comments = Comments(tree, BLOCK_MARKS)
    assert comments.first_attribute(text.index("f()")) == text.index("@one")
    assert comments.first_attribute(text.index("a\n")) == text.index("a\n")


def test_source_on_one_line_has_no_comments() -> None:
    text = "let a = f(1, // one\n  /* two */ 2,\n\t3)\n"
    tree = parse("javascript", text)
    assert tree is not None
    assert Comments(tree, BLOCK_MARKS).on_one_line(0, len(text)) == "let a = f(1, 2, 3)"


def test_a_place_is_the_start_of_a_line() -> None:
    text = "a()\r\n\t b()\rc(); d()"
    assert place_above(text, text.index("b")) == Place(5, "\t ", "")
    assert place_above(text, text.index("c")) == Place(text.index("c"), "", "")
    assert place_above(text, text.index("d")).problem == "something stands before it on its line"
