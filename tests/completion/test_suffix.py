"""What repeats the text behind the cursor is dropped; `|` is the cursor."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codegen_lsp.completion.suffix import drop_repeated_suffix, held_back


def drop(document: str, text: str) -> str:
    prefix, _, suffix = document.partition("|")
    return drop_repeated_suffix(prefix, text, suffix)


@pytest.mark.parametrize(
    ("document", "text", "kept"),
    [
        ("foo(bar(1|)", ")", ")"),
        ("foo(bar(1)|)", ")", ""),
        ("foo(1|)", ", 2)", ", 2"),
        ("foo(1|)", ", (2)", ", (2)"),
        ("foo(1|)", ", (2))", ", (2)"),
        ("foo(bar(1|))", ", 2)", ", 2"),
        ("foo(bar(1|))", ", 2))", ", 2"),
        ("foo(bar(1|))", ", g(2))", ", g(2)"),
        ("foo(|);", "a, b);", "a, b"),
        ("foo(|);", "a, b)", "a, b"),
        ("x[a|]: int", "[1]]", "[1]"),
        ('x["a|"]', 'bc"]', "bc"),
        ('print("a|")', '" + x + "', '" + x + "'),
        ("print('a|')", "b'", "b"),
        ("`${a|}`", ".b}", ".b"),
        ("x = {a: [1|]}", ", 2]}", ", 2"),
        ("for |in xs:", "x in xs:", "x "),
        ("for x|:", " in xs:", " in xs"),
        ("return |x", "max(x, x", "max(x, "),
        ("return |total", "sub", "sub"),
        ("const |= 1;", "a = 1;", "a "),
        ("foo( a| )", ", b )", ", b"),
        ("foo( a| )", ", b)", ", b"),
        ("<div>|</div>", "{a}</div>", "{a}"),
        ("a(() => {|})", "\n  x\n})", "\n  x\n"),
        ("a(() => {|})", "\n  x({})\n})", "\n  x({})\n"),
        ("f(\n  g(1|)\n)", ", 2)", ", 2"),
        ("x = |  # why", "1  # why", "1"),
        ("foo(|)", "", ""),
        ("foo(|)", "a", "a"),
        ("    |result = 1\n", "x = ", "x = "),
        ("é(|😀)", "a, 😀)", "a, "),
    ],
)
def test_the_rest_of_the_line(document: str, text: str, kept: str) -> None:
    assert drop(document, text) == kept


@pytest.mark.parametrize(
    ("document", "text", "kept"),
    [
        ("    |\n    return 1\n", "return 1", ""),
        ("    |\n\n\n    return 1\n", "return  1", ""),
        ("|\n    return 1\n", "    return 1", ""),
        ("    |\nreturn 1\n", "return 1", "return 1"),
        ("    |\n    return 10\n", "return 1", "return 1"),
        ("\t|\n\treturn 1\n", "return 1", ""),
        ("x = |\nfoo()\n", "foo()", "foo()"),
        ("x = 1|\nfoo()\n", "\nfoo()", ""),
        ("x = 1|\nfoo()\n", "\nbar()", "\nbar()"),
        ("|foo()\n", "foo()", ""),
        ("|result.append(1)\n", "x = result", "x = result"),
        ("|    a = 1\n", "    b = a", "    b = a"),
        ("  |\n}", "}", "}"),
        ("|\n}", "}", ""),
        ("    |\n", "return 1", "return 1"),
        ("    |", "return 1", "return 1"),
    ],
)
def test_the_next_line(document: str, text: str, kept: str) -> None:
    assert drop(document, text) == kept


@pytest.mark.parametrize(
    ("document", "text", "kept"),
    [
        ("  |\n  a = 1\n  b\n", "z\n  a = 1\n  b", "z"),
        ("  |\n  a = 1\n  b\n", "z\n  a = 1", "z"),
        ("  |\n  a = 1\n  b\n", "z\n\n  a = 1\n\n  b\n", "z"),
        ("  |\n  a = 1\n  b\n", "z\n  b", "z\n  b"),
        ("  |\n  a = 1\n  b\n", "z\n    a = 1", "z\n    a = 1"),
        ("  |\n  a = 1\n", "a = 1\n  z", "a = 1\n  z"),
        ("if (a) {\n  |\n}", "x();\n}", "x();"),
        ("if (a) {\n  if (b) {\n    |\n}", "x();\n  }", "x();\n  }"),
        ("f(|\n)", "\n  a,\n)", "\n  a,"),
        ("def f():|\n    return x\n", "\n    x = 1\n    return x", "\n    x = 1"),
        ("  |\n  a\n  a\n", "a\n  a\n  a", "a"),
    ],
)
def test_the_following_lines(document: str, text: str, kept: str) -> None:
    assert drop(document, text) == kept


@pytest.mark.parametrize(
    ("document", "text", "shown"),
    [
        ("foo(|);", "a, b", "a, b"),
        ("foo(|);", "a, b)", "a, b"),
        ("foo(|);", "a, b).c", "a, b).c"),
        ("|\n", "x = 1 ", "x = 1"),
        ("    |\n    return 1\n", "ret", ""),
        ("    |\n    return 1\n", "retry", "retry"),
        ("    |\n    return 1\n", "x = 1\n    return", "x = 1"),
        ("    |\n    return 1\n    x\n", "a\n    return 1\n    x", "a"),
        ("    |\n    return 1\n    x\n", "a\n    return 1\n    y", "a\n    return 1\n    y"),
    ],
)
def test_held_back(document: str, text: str, shown: str) -> None:
    prefix, _, suffix = document.partition("|")
    assert text[: len(text) - held_back(prefix, text, suffix)] == shown


pieces = st.text('ab(){} \n"', max_size=14)


@given(pieces, pieces, pieces, pieces)
def test_what_is_not_held_back_stays(prefix: str, text: str, more: str, suffix: str) -> None:
    held = held_back(prefix, text, suffix)
    assert 0 <= held <= len(text)
    shown = text[: len(text) - held]
    assert drop_repeated_suffix(prefix, text + more, suffix).startswith(shown)


@given(pieces, pieces, pieces)
def test_only_the_end_is_dropped(prefix: str, text: str, suffix: str) -> None:
    assert text.startswith(drop_repeated_suffix(prefix, text, suffix))


@pytest.mark.parametrize("huge", ["x" * 5_000_000, "(" * 5_000_000, " " * 5_000_000, "\n" * 10_000])
def test_huge_surroundings(huge: str) -> None:
    assert drop_repeated_suffix(huge, "y = 1", huge) == "y = 1"
    assert held_back(huge, "y = 1", huge) == 0
